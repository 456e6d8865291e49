package org.basinlab.control;

import org.basinlab.network.Examples;
import org.basinlab.training.TrainingExamples;

/**
 * The data of a control that looks for an accuracy.
 *
 * @param training what a training inside it sees
 * @param test ends its epochs
 * @param images whose accuracy is made equal
 */
public record ControlData(TrainingExamples training, Examples test, Examples images) {}

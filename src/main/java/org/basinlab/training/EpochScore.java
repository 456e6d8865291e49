package org.basinlab.training;

/**
 * How a network did in one epoch of its training.
 *
 * @param epoch from 1
 * @param trainLoss mean cross-entropy in nats over the epoch's batches, each before its step
 * @param trainAccuracy share of hits over the same, 0–1
 * @param testLoss mean cross-entropy in nats on the test images after the epoch
 * @param testAccuracy share of hits on the test images after the epoch, 0–1
 */
public record EpochScore(int epoch, double trainLoss, double trainAccuracy, double testLoss, double testAccuracy) {}

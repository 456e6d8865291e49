package org.basinlab.attack;

/**
 * How far images lie from the nearest point of another class.
 *
 * @param distances ‖r‖ of each image in the norm and space that was asked for, the overshoot in it; NaN where none was
 *     found
 * @param rho mean of ‖r‖/‖x‖, both in the norm and space asked for
 * @param mean of the distances that were found
 * @param median of them
 * @param atBudgets which images are classified as their label and lie farther than each budget
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, not shared
public record DeepFoolResult(float[] distances, double rho, double mean, double median, AttackResult atBudgets) {}

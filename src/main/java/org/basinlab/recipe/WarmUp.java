package org.basinlab.recipe;

/**
 * A learning rate that grows linearly, step by step, to its full size before the schedule begins: in step t (from 0) of T
 * it is from + (1 − from)·t/T of the rate.
 *
 * @param epochs 1 to {@value TrainingRecipe#MOST_EPOCHS}, and fewer than the training has
 * @param from share of the rate in the first step, in [0, 1)
 */
public record WarmUp(int epochs, double from) {

    public WarmUp {
        Ranges.requireBetween("epochs of the warm-up", epochs, 1, TrainingRecipe.MOST_EPOCHS);
        Ranges.requireBetween("from", from, 0, Math.nextDown(1.0));
    }

    /** @param done share of the warm-up's steps that were taken, in [0, 1) */
    double factor(double done) {
        return from + (1 - from) * done;
    }
}

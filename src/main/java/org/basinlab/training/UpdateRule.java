package org.basinlab.training;

import java.nio.FloatBuffer;
import java.util.List;
import org.basinlab.recipe.Optimiser;

/** Changes the weights by a gradient, in float32; keeps what it remembers between steps. */
sealed interface UpdateRule permits MomentumRule, AdamRule {

    /** Values that are worked on at once: few enough to stay in the CPU's nearest cache. */
    int CHUNK = 2_048;

    /**
     * One step, in place.
     *
     * @param rate the learning rate of this step, the schedule's factor in it
     */
    void step(FloatBuffer weights, FloatBuffer gradient, double rate);

    /** Steps taken. */
    int steps();

    /** Counts on from here. */
    void resumeAt(int stepsTaken);

    /** What it keeps between steps, one array as long as the weights each; the arrays themselves. */
    List<float[]> memory();

    /** The rule of {@code optimiser} for so many weights, at its first step. */
    static UpdateRule of(Optimiser optimiser, int weights) {
        if (optimiser instanceof Optimiser.Adam adam) {
            return new AdamRule(adam, weights);
        }
        if (optimiser instanceof Optimiser.Sgd sgd) {
            return new MomentumRule(sgd, weights);
        }
        throw new IllegalArgumentException("no update rule for " + optimiser);
    }
}

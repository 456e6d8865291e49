package org.basinlab.evaluation;

import org.basinlab.network.Examples;
import org.basinlab.recipe.Progress;

/** What gives logits for examples: one network, or several in one of the ways in which they answer as one. */
public interface Answering {

    /**
     * Runs over all examples in their order, a batch at a time.
     *
     * @throws IllegalArgumentException if the examples have another number of inputs, or too high a label
     */
    void over(Examples examples, Progress progress, Visitor visitor);

    /** Told of one batch. */
    @FunctionalInterface
    interface Visitor {

        /**
         * Reads the batch.
         *
         * @param from place of its first example
         * @param labels of its examples
         * @param logits {@code [labels.length][classes]} row-major, to be read before the next batch
         */
        void visit(int from, int[] labels, float[] logits);
    }
}

package org.basinlab.training;

import org.basinlab.network.Examples;

/** What a training sees in each epoch: the same examples every time, or augmented afresh. */
@FunctionalInterface
public interface TrainingExamples {

    /**
     * The examples of an epoch; asked once an epoch, and again for the epoch in which a training is resumed.
     *
     * @param epoch from 1
     * @return as many in every epoch, with the same labels; equal for equal epochs
     */
    Examples ofEpoch(int epoch);

    /** The same in every epoch. */
    static TrainingExamples same(Examples examples) {
        return epoch -> examples;
    }
}

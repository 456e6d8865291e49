package org.basinlab.training;

import org.basinlab.network.Weights;
import org.basinlab.recipe.Progress;

/**
 * Told by a training what happens in it, in the training's own thread. After every step come, in this order, the step's
 * snapshot if it is one's turn, the question for a resume point, and {@link #at}: so a watch that is about to stop the
 * training gets a point first.
 */
public interface TrainingWatch extends Progress {

    /** Whether a resume point is wanted now; asked after every step but the last. */
    default boolean wantsResumePoint() {
        return false;
    }

    /** The point that {@link #wantsResumePoint} asked for. */
    default void resumePoint(ResumePoint point) {}

    /**
     * The network as it is after a step that the recipe's {@code snapshotEvery} divides; never that of the last step, which
     * is the training's result. A training that is resumed tells only of the steps that it takes itself.
     *
     * @param step from 1, over the whole training
     */
    default void snapshot(long step, Weights weights) {}

    /** A watch that wants no more than progress. */
    static TrainingWatch of(Progress progress) {
        return progress::at;
    }
}

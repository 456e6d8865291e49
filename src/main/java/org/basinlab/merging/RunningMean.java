package org.basinlab.merging;

import java.util.List;
import org.basinlab.network.Examples;
import org.basinlab.network.Weights;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Progress;

/** The loss of the mean of MergeMany's networks as its rounds go by. */
public final class RunningMean {

    private RunningMean() {}

    /** Mean cross-entropy before the first round, then after each. */
    public static List<Double> losses(
            MergeStep.Many step, List<Weights> inputs, long seed, Examples examples, Progress progress) {
        throw new UnsupportedOperationException();
    }
}

package org.basinlab.attack;

import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.Weights;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Progress;

/** DeepFool. */
public final class DeepFool {

    private DeepFool() {}

    public static DeepFoolResult of(
            MetricRequest.DeepFool request, Weights weights, NormalisedImages images, Progress progress) {
        throw new UnsupportedOperationException();
    }
}

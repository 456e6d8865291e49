package org.basinlab.attack;

import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.Weights;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Progress;

/** Random noise on weights. */
public final class WeightNoise {

    private WeightNoise() {}

    public static NoiseResult of(
            MetricRequest.WeightNoise request, Weights weights, NormalisedImages images, long seed, Progress progress) {
        throw new UnsupportedOperationException();
    }
}

package org.basinlab.attack;

import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.Weights;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Progress;

/** Random noise on inputs. */
public final class InputNoise {

    private InputNoise() {}

    public static NoiseResult of(
            MetricRequest.InputNoise request, Weights weights, NormalisedImages images, long seed, Progress progress) {
        throw new UnsupportedOperationException();
    }
}

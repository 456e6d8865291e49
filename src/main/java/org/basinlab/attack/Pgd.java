package org.basinlab.attack;

import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.Weights;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Progress;

/** Projected gradient descent. */
public final class Pgd {

    private Pgd() {}

    public static AttackResult of(
            MetricRequest.Pgd request, Weights weights, NormalisedImages images, long seed, Progress progress) {
        throw new UnsupportedOperationException();
    }
}

package org.basinlab.attack;

import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.Weights;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Progress;

/** The fast gradient sign method. */
public final class Fgsm {

    private Fgsm() {}

    public static AttackResult of(
            MetricRequest.Fgsm request, Weights weights, NormalisedImages images, Progress progress) {
        throw new UnsupportedOperationException();
    }
}

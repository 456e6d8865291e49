package org.basinlab.evaluation;

import org.basinlab.network.Examples;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Progress;

/** Bounds of the Lipschitz constant, normalised input → logits, L2. */
public final class Lipschitz {

    private Lipschitz() {}

    public static double spectral(Weights weights) {
        throw new UnsupportedOperationException();
    }

    /** Upper bound within a ball around each example. */
    public static double[] local(Weights weights, Examples examples, double radius, Progress progress) {
        throw new UnsupportedOperationException();
    }

    /** Largest singular value of the Jacobian that was found within a ball around each example. */
    public static double[] sampled(
            Weights weights, Examples examples, double radius, int samples, long seed, Progress progress) {
        throw new UnsupportedOperationException();
    }
}

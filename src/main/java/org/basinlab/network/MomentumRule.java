package org.basinlab.network;

import java.util.Optional;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Penalty;

/**
 * Stochastic gradient descent in PyTorch's form: v ← momentum·v + g, then θ ← θ − rate·v, or with Nesterov's look ahead
 * θ ← θ − rate·(g + momentum·v).
 */
final class MomentumRule extends UpdateRule {

    private final float momentum;
    private final boolean nesterov;
    private float rate;

    MomentumRule(Optimiser.Sgd sgd, Optional<Penalty> penalty, int weights) {
        super(penalty, 1, weights);
        momentum = (float) sgd.momentum();
        nesterov = sgd.nesterov();
    }

    @Override
    void prepare(double rateOfStep, int step) {
        rate = (float) rateOfStep;
    }

    @Override
    void change(float[] theta, float[] gradient, float[][] kept, int n) {
        if (nesterov) {
            lookAhead(theta, gradient, kept[0], n, momentum, rate);
        } else {
            follow(theta, gradient, kept[0], n, momentum, rate);
        }
    }

    private static void follow(float[] theta, float[] g, float[] v, int n, float keep, float rate) {
        for (int i = 0; i < n; i++) {
            v[i] = keep * v[i] + g[i];
            theta[i] -= rate * v[i];
        }
    }

    private static void lookAhead(float[] theta, float[] g, float[] v, int n, float keep, float rate) {
        for (int i = 0; i < n; i++) {
            v[i] = keep * v[i] + g[i];
            theta[i] -= rate * (g[i] + keep * v[i]);
        }
    }
}

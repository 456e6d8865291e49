package org.basinlab.network;

import java.util.List;
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
    private final float[] velocity;
    private float rate;

    MomentumRule(Optimiser.Sgd sgd, Optional<Penalty> penalty, int weights) {
        super(penalty, List.of(new float[weights]));
        momentum = (float) sgd.momentum();
        nesterov = sgd.nesterov();
        velocity = memory().get(0);
    }

    @Override
    void prepare(double rateOfStep, int step) {
        rate = (float) rateOfStep;
    }

    @Override
    void change(float[] theta, float[] gradient, int first, int n) {
        if (nesterov) {
            lookAhead(theta, gradient, velocity, first, n, momentum, rate);
        } else {
            follow(theta, gradient, velocity, first, n, momentum, rate);
        }
    }

    private static void follow(float[] theta, float[] g, float[] v, int at, int n, float keep, float rate) {
        for (int i = 0; i < n; i++) {
            v[at + i] = keep * v[at + i] + g[i];
            theta[i] -= rate * v[at + i];
        }
    }

    private static void lookAhead(float[] theta, float[] g, float[] v, int at, int n, float keep, float rate) {
        for (int i = 0; i < n; i++) {
            v[at + i] = keep * v[at + i] + g[i];
            theta[i] -= rate * (g[i] + keep * v[at + i]);
        }
    }
}

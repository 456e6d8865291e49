package org.basinlab.network;

import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Penalty;

/**
 * Adam with ε outside the root: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ − rate/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε) in
 * step t, counted from 1. The corrections are computed in float64. A decoupled decay comes first: θ ← θ·(1 − rate·decay).
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba, algorithm 1; the order of operations is PyTorch's</a>
 */
final class AdamRule extends UpdateRule {

    private final Optimiser.Adam adam;
    private final double decay;
    private final float[] mean;
    private final float[] square;
    private float corrected;
    private float inverseRoot;
    /** What a weight keeps of itself before the step. */
    private float kept = 1;

    /** @param decay the decoupled weight decay; 0 for plain Adam */
    AdamRule(Optimiser.Adam adam, double decay, Optional<Penalty> penalty, int weights) {
        super(penalty, List.of(new float[weights], new float[weights]));
        this.adam = adam;
        this.decay = decay;
        mean = memory().get(0);
        square = memory().get(1);
    }

    @Override
    void prepare(double rate, int step) {
        corrected = (float) (rate / (1 - StrictMath.pow(adam.beta1(), step)));
        inverseRoot = (float) (1 / Math.sqrt(1 - StrictMath.pow(adam.beta2(), step)));
        kept = (float) (1 - rate * decay);
    }

    @Override
    void change(float[] theta, float[] g, int first, int n) {
        // Locals, since the compiler makes vector instructions of loops over those only.
        float[] m = mean;
        float[] v = square;
        float beta1 = (float) adam.beta1();
        float beta2 = (float) adam.beta2();
        float rest1 = (float) (1 - adam.beta1());
        float rest2 = (float) (1 - adam.beta2());
        float epsilon = (float) adam.epsilon();
        float rate = corrected;
        float scale = inverseRoot;
        float keep = kept;
        for (int i = 0; i < n; i++) {
            m[first + i] = beta1 * m[first + i] + rest1 * g[i];
            v[first + i] = beta2 * v[first + i] + rest2 * g[i] * g[i];
            theta[i] = keep * theta[i] - rate * m[first + i] / ((float) Math.sqrt(v[first + i]) * scale + epsilon);
        }
    }
}

package org.basinlab.training;

import java.nio.FloatBuffer;
import java.util.List;
import org.basinlab.recipe.Optimiser;

/**
 * Adam with ε outside the root: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ − rate/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε) in
 * step t, counted from 1. The corrections are computed in float64.
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba, algorithm 1; the order of operations is PyTorch's</a>
 */
final class AdamRule implements UpdateRule {

    private final Optimiser.Adam adam;
    private final float[] mean;
    private final float[] square;
    private final float[] weightChunk = new float[CHUNK];
    private final float[] gradientChunk = new float[CHUNK];
    private int steps;

    AdamRule(Optimiser.Adam adam, int weights) {
        this.adam = adam;
        mean = new float[weights];
        square = new float[weights];
    }

    @Override
    public int steps() {
        return steps;
    }

    @Override
    public void resumeAt(int stepsTaken) {
        steps = stepsTaken;
    }

    @Override
    public List<float[]> memory() {
        return List.of(mean, square);
    }

    @Override
    public void step(FloatBuffer weights, FloatBuffer gradient, double rate) {
        steps++;
        float corrected = (float) (rate / (1 - StrictMath.pow(adam.beta1(), steps)));
        float inverseRoot = (float) (1 / Math.sqrt(1 - StrictMath.pow(adam.beta2(), steps)));
        for (int from = 0; from < mean.length; from += CHUNK) {
            int n = Math.min(CHUNK, mean.length - from);
            weights.get(from, weightChunk, 0, n);
            gradient.get(from, gradientChunk, 0, n);
            step(from, n, corrected, inverseRoot);
            weights.put(from, weightChunk, 0, n);
        }
    }

    private void step(int from, int n, float rate, float inverseRoot) {
        // Locals, since the compiler makes vector instructions of loops over those only.
        float[] theta = weightChunk;
        float[] g = gradientChunk;
        float[] m = mean;
        float[] v = square;
        float beta1 = (float) adam.beta1();
        float beta2 = (float) adam.beta2();
        float rest1 = (float) (1 - adam.beta1());
        float rest2 = (float) (1 - adam.beta2());
        float epsilon = (float) adam.epsilon();
        for (int i = 0; i < n; i++) {
            m[from + i] = beta1 * m[from + i] + rest1 * g[i];
            v[from + i] = beta2 * v[from + i] + rest2 * g[i] * g[i];
            theta[i] -= rate * m[from + i] / ((float) Math.sqrt(v[from + i]) * inverseRoot + epsilon);
        }
    }
}

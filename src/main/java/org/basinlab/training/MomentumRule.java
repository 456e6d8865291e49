package org.basinlab.training;

import java.nio.FloatBuffer;
import java.util.List;
import org.basinlab.recipe.Optimiser;

/** v ← momentum·v + g, θ ← θ − rate·v: stochastic gradient descent in PyTorch's form. */
final class MomentumRule implements UpdateRule {

    private final float momentum;
    private final float[] velocity;
    private final float[] weightChunk = new float[CHUNK];
    private final float[] gradientChunk = new float[CHUNK];
    private int steps;

    MomentumRule(Optimiser.Sgd sgd, int weights) {
        momentum = (float) sgd.momentum();
        velocity = new float[weights];
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
        return List.of(velocity);
    }

    @Override
    public void step(FloatBuffer weights, FloatBuffer gradient, double rate) {
        steps++;
        for (int from = 0; from < velocity.length; from += CHUNK) {
            int n = Math.min(CHUNK, velocity.length - from);
            weights.get(from, weightChunk, 0, n);
            gradient.get(from, gradientChunk, 0, n);
            step(from, n, (float) rate);
            weights.put(from, weightChunk, 0, n);
        }
    }

    private void step(int from, int n, float rate) {
        // Locals, since the compiler makes vector instructions of loops over those only.
        float[] theta = weightChunk;
        float[] g = gradientChunk;
        float[] v = velocity;
        float keep = momentum;
        for (int i = 0; i < n; i++) {
            v[from + i] = keep * v[from + i] + g[i];
            theta[i] -= rate * v[from + i];
        }
    }
}

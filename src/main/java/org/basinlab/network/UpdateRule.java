package org.basinlab.network;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Penalty;

/**
 * Changes weights outside the heap by a gradient, in float32; keeps what it remembers between steps. Weights, gradient and
 * memory go through short arrays that stay in the CPU's nearest cache, so penalty, decay and step take one pass over memory.
 * Loops over whole short arrays are what the compiler makes vector instructions of: with an offset into a long one, Adam's
 * step takes more than twice as long.
 */
abstract sealed class UpdateRule permits MomentumRule, AdamRule {

    /** Values that are worked on at once. */
    private static final int CHUNK = 1_024;

    private final Optional<Penalty> penalty;
    private final List<float[]> memory;
    private final float[] weightChunk = new float[CHUNK];
    private final float[] gradientChunk = new float[CHUNK];
    private final float[][] memoryChunks;
    private int steps;

    /** @param memories arrays that it keeps between steps, zero at first */
    UpdateRule(Optional<Penalty> penalty, int memories, int weights) {
        this.penalty = penalty;
        memory = Stream.generate(() -> new float[weights]).limit(memories).toList();
        memoryChunks = new float[memories][CHUNK];
    }

    /** The rule of {@code optimiser} for so many weights, at its first step. */
    static UpdateRule of(Optimiser optimiser, Optional<Penalty> penalty, int weights) {
        if (optimiser instanceof Optimiser.Adam adam) {
            return new AdamRule(adam, 0, penalty, weights);
        }
        if (optimiser instanceof Optimiser.AdamW decoupled) {
            return new AdamRule(decoupled.adam(), decoupled.weightDecay(), penalty, weights);
        }
        if (optimiser instanceof Optimiser.Sgd sgd) {
            return new MomentumRule(sgd, penalty, weights);
        }
        throw new IllegalArgumentException("no update rule for " + optimiser);
    }

    /**
     * Begins the next step.
     *
     * @param rate the learning rate of this step, the schedule's factor in it
     */
    final void begin(double rate) {
        steps++;
        prepare(rate, steps);
    }

    /**
     * Changes some weights in place; between two calls of {@link #begin} each weight once.
     *
     * @param weights neighbours among all weights
     * @param gradient theirs
     * @param first index of the first of them among all weights
     */
    final void change(FloatBuffer weights, FloatBuffer gradient, int first) {
        int count = weights.capacity();
        for (int from = 0; from < count; from += CHUNK) {
            int n = Math.min(CHUNK, count - from);
            weights.get(from, weightChunk, 0, n);
            gradient.get(from, gradientChunk, 0, n);
            if (penalty.isPresent()) {
                penalise(penalty.get(), gradientChunk, weightChunk, n);
            }
            for (int k = 0; k < memoryChunks.length; k++) {
                System.arraycopy(memory.get(k), first + from, memoryChunks[k], 0, n);
            }
            change(weightChunk, gradientChunk, memoryChunks, n);
            for (int k = 0; k < memoryChunks.length; k++) {
                System.arraycopy(memoryChunks[k], 0, memory.get(k), first + from, n);
            }
            weights.put(from, weightChunk, 0, n);
        }
    }

    /** Computes what all weights of step {@code step}, from 1, share. */
    abstract void prepare(double rate, int step);

    /**
     * Changes the first {@code n} weights, and what is kept of them.
     *
     * @param kept their part of each array of {@link #memory}
     */
    abstract void change(float[] theta, float[] gradient, float[][] kept, int n);

    /** Steps begun. */
    final int steps() {
        return steps;
    }

    /** The arrays that it keeps. */
    final List<float[]> memory() {
        return memory;
    }

    /** Goes to where another rule of this kind was. */
    final void resume(int stepsBegun, List<float[]> remembered) {
        steps = stepsBegun;
        for (int i = 0; i < memory.size(); i++) {
            System.arraycopy(remembered.get(i), 0, memory.get(i), 0, memory.get(i).length);
        }
    }

    private static void penalise(Penalty penalty, float[] g, float[] theta, int n) {
        float l1 = (float) penalty.l1();
        float l2 = (float) penalty.l2();
        for (int i = 0; i < n; i++) {
            g[i] = g[i] + l1 * Math.signum(theta[i]) + l2 * theta[i];
        }
    }
}

package org.basinlab.network;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * What happens to the rows of a batch between two matrix products. A row is copied into an array that stays in the
 * CPU's cache, worked on and written back: the compiler turns loops over arrays into vector instructions, those over
 * buffers outside the heap it does not.
 */
final class Rows {

    private final float[] row;
    private final float[] other;
    private final int[] bits;
    private final int[] otherBits;

    /** @param widest values of the longest row */
    private Rows(int widest) {
        row = new float[widest];
        other = new float[widest];
        bits = new int[widest];
        otherBits = new int[widest];
    }

    static Rows forWidest(List<Layer> layers) {
        return new Rows(layers.stream().mapToInt(Layer::outputs).max().orElseThrow());
    }

    /** Adds {@code bias} to each of {@code images} rows, and with {@code rectify} puts 0 in place of what is negative. */
    void addBias(FloatBuffer rows, int images, FloatBuffer bias, boolean rectify) {
        int width = bias.capacity();
        bias.get(0, other, 0, width);
        for (int i = 0; i < images; i++) {
            rows.get(i * width, row, 0, width);
            if (rectify) {
                addAndRectify(row, other, width);
            } else {
                add(row, other, width);
            }
            rows.put(i * width, row, 0, width);
        }
    }

    /** Puts 0 in place of each gradient whose rectified activation is 0; both as bits of {@code images} rows. */
    void mask(IntBuffer gradients, IntBuffer activations, int images, int width) {
        for (int i = 0; i < images; i++) {
            gradients.get(i * width, bits, 0, width);
            activations.get(i * width, otherBits, 0, width);
            mask(bits, otherBits, width);
            gradients.put(i * width, bits, 0, width);
        }
    }

    /** Writes the sum of {@code images} rows, added in their order, to {@code sum}. */
    void sum(FloatBuffer rows, int images, FloatBuffer sum) {
        int width = sum.capacity();
        Arrays.fill(other, 0, width, 0);
        for (int i = 0; i < images; i++) {
            rows.get(i * width, row, 0, width);
            add(other, row, width);
        }
        sum.put(0, other, 0, width);
    }

    private static void add(float[] values, float[] terms, int n) {
        for (int j = 0; j < n; j++) {
            values[j] += terms[j];
        }
    }

    private static void addAndRectify(float[] values, float[] bias, int n) {
        for (int j = 0; j < n; j++) {
            values[j] = Math.max(values[j] + bias[j], 0f);
        }
    }

    /**
     * Without a branch, which a CPU would guess wrong half of the time: the bits of a rectified activation are a positive
     * number or 0, so the sign of their negation is all ones or all zeros.
     */
    private static void mask(int[] gradients, int[] activations, int n) {
        for (int j = 0; j < n; j++) {
            gradients[j] &= -activations[j] >> 31;
        }
    }
}

package org.basinlab.matching;

import java.nio.FloatBuffer;

/**
 * Sums over all parameters in float64, in blocks of {@value #BLOCK}, so that their error stays near 10⁻¹⁵ of the sum of
 * magnitudes: far below the 10⁻¹² that MergeMany's stopping rule looks for. Equal values in another order may differ by
 * that error and no more; equal values in the same order give equal sums.
 */
final class Sums {

    private static final int BLOCK = 1024;

    private Sums() {}

    /** ⟨a, b⟩. */
    static double inner(double[] a, FloatBuffer b) {
        double total = 0;
        for (int start = 0; start < a.length; start += BLOCK) {
            int end = Math.min(start + BLOCK, a.length);
            double block = 0;
            for (int i = start; i < end; i++) {
                block += a[i] * b.get(i);
            }
            total += block;
        }
        return total;
    }

    /** ‖a − b‖₂. */
    static double distance(double[] a, FloatBuffer b) {
        double total = 0;
        for (int start = 0; start < a.length; start += BLOCK) {
            int end = Math.min(start + BLOCK, a.length);
            double block = 0;
            for (int i = start; i < end; i++) {
                double difference = a[i] - b.get(i);
                block += difference * difference;
            }
            total += block;
        }
        return Math.sqrt(total);
    }
}

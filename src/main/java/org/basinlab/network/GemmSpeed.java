package org.basinlab.network;

import java.nio.FloatBuffer;
import java.util.List;
import org.basinlab.network.BlasEngine.As;

/** How fast OpenBLAS multiplies on one thread: the product of 512 × 3072 by 3072 × 512 float32 values, about the largest of a training. */
final class GemmSpeed {

    private static final int SIDE = 512;
    private static final int DEPTH = 3_072;
    private static final double OPERATIONS = 2.0 * SIDE * SIDE * DEPTH;
    private static final int LEAST_RUNS = 4;
    private static final long BUDGET_NANOS = 1_000_000_000;

    private GemmSpeed() {}

    /** The best of at least four runs and of those that fit into a second, in 10⁹ operations a second. */
    static double measure() {
        try (Floats left = Floats.allocate(SIDE * DEPTH);
                Floats right = Floats.allocate(DEPTH * SIDE);
                Floats result = Floats.allocate(SIDE * SIDE)) {
            for (Floats factor : List.of(left, right)) {
                FloatBuffer values = factor.floats();
                for (int i = 0; i < SIDE * DEPTH; i++) {
                    values.put(i, (i % 17 - 8) / 8f); // of a common magnitude, as weights are
                }
            }
            Runnable product = () ->
                    BlasEngine.multiply(SIDE, SIDE, DEPTH, left.at(0), As.STORED, right.at(0), As.STORED, result.at(0));
            product.run(); // the first one also takes its memory
            long best = Long.MAX_VALUE;
            long started = System.nanoTime();
            for (int run = 0; run < LEAST_RUNS || System.nanoTime() - started < BUDGET_NANOS; run++) {
                long before = System.nanoTime();
                product.run();
                best = Math.min(best, System.nanoTime() - before);
            }
            return OPERATIONS / best;
        }
    }
}

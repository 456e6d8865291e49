package org.basinlab.network;

import java.nio.FloatBuffer;
import org.basinlab.network.Engine.Block;
import org.basinlab.network.Engine.Matrix;
import org.basinlab.network.Engine.Product;

/** How fast an engine multiplies: the product of 512 × 3072 by 3072 × 512 float32 values, about the largest of a training. */
final class GemmSpeed {

    private static final int SIDE = 512;
    private static final int DEPTH = 3_072;
    private static final double OPERATIONS = 2.0 * SIDE * SIDE * DEPTH;
    private static final int LEAST_RUNS = 4;
    private static final long BUDGET_NANOS = 1_000_000_000;

    private GemmSpeed() {}

    /** The best of at least four runs and of those that fit into a second, in 10⁹ operations a second. */
    static double measure(Engine engine) {
        try (Block memory = engine.allocate(2L * SIDE * DEPTH + SIDE * SIDE)) {
            FloatBuffer values = memory.floats();
            for (int i = 0; i < 2 * SIDE * DEPTH; i++) {
                values.put(i, (i % 17 - 8) / 8f); // of a common magnitude, as weights are
            }
            Product product = engine.product(
                    Matrix.of(memory, 0, SIDE, DEPTH),
                    Matrix.of(memory, SIDE * DEPTH, DEPTH, SIDE),
                    Matrix.of(memory, 2 * SIDE * DEPTH, SIDE, SIDE));
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

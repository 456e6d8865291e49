package org.basinlab.network;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/**
 * Memory outside the Java heap and products of float32 matrices in it. What lies between two products, and all rules of
 * training, are plain Java loops over that memory, the same for every engine.
 */
sealed interface Engine permits Nd4jEngine {

    /** The most values of one block: 2 GiB. */
    int MOST_FLOATS = Integer.MAX_VALUE / Float.BYTES;

    /**
     * Takes memory, filled with zeros.
     *
     * @throws IllegalArgumentException if {@code floats} is not in [1, {@link #MOST_FLOATS}]
     */
    Block allocate(long floats);

    /**
     * Takes memory for the holder of {@code taken}, who cannot be made without both: where there is none, {@code taken} is
     * given back.
     *
     * @throws IllegalArgumentException if {@code floats} is not in [1, {@link #MOST_FLOATS}]
     */
    default Block allocateBeside(Block taken, long floats) {
        try {
            return allocate(floats);
        } catch (RuntimeException | Error e) {
            taken.close();
            throw e;
        }
    }

    /** Readies {@code result ← left · right}, with no value of {@code result} left over. */
    Product product(Matrix left, Matrix right, Matrix result);

    EngineDescription description();

    /** Float32 values outside the heap. Its buffers must not be used once it is closed. */
    interface Block extends AutoCloseable {

        /** The memory in the machine's byte order. */
        ByteBuffer bytes();

        /** All values. */
        default FloatBuffer floats() {
            return bytes().asFloatBuffer();
        }

        /** {@code count} values from {@code offset} on. */
        default FloatBuffer floats(int offset, int count) {
            return floats().slice(offset, count);
        }

        /** The bits of {@code count} values from {@code offset} on. */
        default IntBuffer bits(int offset, int count) {
            return bytes().asIntBuffer().slice(offset, count);
        }

        @Override
        void close();
    }

    /**
     * A matrix stored column by column without gaps. A row-major {@code [n][m]} array is the m × n matrix here, whose
     * columns are the array's rows.
     *
     * @param offset of its first value in the block
     * @param rows as stored
     * @param columns as stored
     * @param transposed whether a product takes its transpose; never so for a result
     */
    record Matrix(Block block, int offset, int rows, int columns, boolean transposed) {

        static Matrix of(Block block, int offset, int rows, int columns) {
            return new Matrix(block, offset, rows, columns, false);
        }

        Matrix transpose() {
            return new Matrix(block, offset, rows, columns, !transposed);
        }
    }

    /** A product whose matrices are settled, to be run any number of times. */
    @FunctionalInterface
    interface Product {
        void run();
    }
}

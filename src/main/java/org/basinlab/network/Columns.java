package org.basinlab.network;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Sums and maps over rows of so many columns in memory outside the heap, through short arrays of whole rows: the compiler turns
 * loops over those into vector instructions, also where a row is shorter than a vector.
 */
final class Columns {

    /** Values that are worked on at once, where rows are not longer. */
    private static final int CHUNK = 1_024;

    private final int columns;
    private final int chunk;
    private final float[] sums;
    private final float[] values;

    Columns(int columns) {
        this.columns = columns;
        chunk = chunkOf(columns);
        sums = new float[chunk];
        values = new float[chunk];
    }

    /** A number of values near {@value #CHUNK} that is made of whole rows. */
    static int chunkOf(int columns) {
        return columns * Math.max(1, CHUNK / columns);
    }

    /** Writes the sum of all rows. */
    void sum(FloatBuffer rows, FloatBuffer into) {
        Arrays.fill(sums, 0);
        for (int from = 0; from < rows.limit(); from += chunk) {
            int n = Math.min(chunk, rows.limit() - from);
            rows.get(from, values, 0, n);
            add(sums, values, n);
        }
        fold(sums, columns);
        into.put(0, sums, 0, columns);
    }

    /** Adds the rows of a chunk to its first one. */
    static void fold(float[] chunk, int columns) {
        for (int i = columns; i < chunk.length; i++) {
            chunk[i % columns] += chunk[i];
        }
    }

    private static void add(float[] sums, float[] values, int n) {
        for (int i = 0; i < n; i++) {
            sums[i] += values[i];
        }
    }
}

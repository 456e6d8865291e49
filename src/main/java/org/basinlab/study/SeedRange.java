package org.basinlab.study;

import java.util.stream.LongStream;

/**
 * Consecutive seeds: one trained network each.
 *
 * @param from the first, at least 0
 * @param count how many, 1 to {@value #MOST}
 */
public record SeedRange(long from, int count) {

    public static final int MOST = 100_000;

    public SeedRange {
        if (from < 0) {
            throw new IllegalArgumentException("seeds.from must be at least 0, was " + from);
        }
        if (count < 1 || count > MOST) {
            throw new IllegalArgumentException("seeds.count must lie in [1, %d], was %d".formatted(MOST, count));
        }
    }

    /** Whether a seed is in both. */
    public boolean overlaps(SeedRange other) {
        return from < Math.addExact(other.from, other.count) && other.from < Math.addExact(from, count);
    }

    /** {@code FROM:COUNT}, as on the command line. */
    public String label() {
        return from + ":" + count;
    }

    public LongStream stream() {
        return LongStream.range(from, Math.addExact(from, count));
    }
}

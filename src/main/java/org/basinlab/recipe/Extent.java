package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * The size of what flows between two operations of a network: so many channels at each of height × width positions. A plain
 * vector has one position; the tokens of a transformer are positions in one row.
 *
 * @param channels at least 1
 * @param height at least 1
 * @param width at least 1
 */
public record Extent(int channels, int height, int width) {

    public Extent {
        Ranges.requireBetween("channels", channels, 1, 1_000_000);
        Ranges.requireBetween("height", height, 1, 100_000);
        Ranges.requireBetween("width", width, 1, 100_000);
        Ranges.requireBetween("channels times positions", (long) channels * height * width, 1, Integer.MAX_VALUE);
    }

    /** A vector. */
    public static Extent of(int channels) {
        return new Extent(channels, 1, 1);
    }

    /** Height times width. */
    @JsonIgnore
    public int positions() {
        return height * width;
    }

    /** Channels times positions. */
    @JsonIgnore
    public int size() {
        return channels * height * width;
    }

    public Extent withChannels(int other) {
        return new Extent(other, height, width);
    }

    /** As in {@code 16×32×32}; a vector as its length. */
    @Override
    public String toString() {
        return positions() == 1 ? String.valueOf(channels) : channels + "×" + height + "×" + width;
    }
}

package org.basinlab.ledger;

import java.util.Optional;

/**
 * Which part of a list is wanted.
 *
 * @param limit most items, in [1, 1000]
 * @param after the cursor of an earlier part; empty for the first
 */
public record Slice(int limit, Optional<String> after) {

    private static final int MOST = 1_000;

    public Slice {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("limit must lie in [1, %d], was %d".formatted(MOST, limit));
        }
    }
}

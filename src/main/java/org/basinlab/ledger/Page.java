package org.basinlab.ledger;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A part of a list.
 *
 * @param next the cursor that the next part begins after; empty at the end of the list
 */
public record Page<T>(List<T> items, Optional<String> next) {

    public Page {
        items = List.copyOf(items);
    }

    /**
     * A part of a list that is short enough to be made as a whole.
     *
     * @param key what names an item in this list, and no other in it
     * @throws IllegalArgumentException if the slice begins after something that is not in the list
     */
    public static <T> Page<T> of(List<T> all, Slice slice, Function<T, String> key) {
        int from = Cursor.read(slice, 1)
                .map(cursor -> 1 + cursor.place(all.stream().map(key).toList()))
                .orElse(0);
        int to = Math.min(all.size(), from + slice.limit());
        Optional<String> next = to < all.size() ? Optional.of(Cursor.of(key.apply(all.get(to - 1)))) : Optional.empty();
        return new Page<>(all.subList(from, to), next);
    }
}

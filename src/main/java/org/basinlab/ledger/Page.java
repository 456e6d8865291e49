package org.basinlab.ledger;

import java.util.List;
import java.util.Optional;

/**
 * A part of a list.
 *
 * @param next the cursor that the next part begins after; empty at the end of the list
 */
public record Page<T>(List<T> items, Optional<String> next) {

    public Page {
        items = List.copyOf(items);
    }
}

package org.basinlab.ledger;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What a claim's query gave: one row a unit.
 *
 * @param sql complete, with the study's id in it
 * @param digest SHA-256 over the rows in the order of their units, with ten decimal places of every number
 */
public record UnitTable(List<Unit> units, String sql, String digest) {

    public UnitTable {
        units = List.copyOf(units);
    }

    /**
     * One independent observation.
     *
     * @param name {@code main/4/17}: arm, group size, group
     * @param value absent where there is none
     * @param other the second value that a variance needs
     * @param status {@code ok}, or why it does not count: {@code nan}, {@code check-failed}, {@code unequal-accuracy}, …
     */
    public record Unit(String name, OptionalDouble value, OptionalDouble other, String status) {
        /** Whether nothing is said against it; it counts where it has finite values as well. */
        public boolean isOk() {
            return status.equals("ok");
        }
    }
}

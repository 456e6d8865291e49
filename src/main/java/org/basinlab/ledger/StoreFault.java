package org.basinlab.ledger;

import java.sql.SQLException;
import java.util.Objects;
import java.util.stream.Stream;

/** What PostgreSQL says of a statement that did not go, by its state. */
final class StoreFault {

    private StoreFault() {}

    /** The store was away or full or too busy, or there was no connection to be had, which comes without a state. */
    static boolean isOfTheStore(Throwable fault) {
        return states(fault)
                .anyMatch(state ->
                        state.isEmpty() || state.startsWith("08") || state.startsWith("57P") || state.startsWith("53"));
    }

    /** Two transactions waited for each other, or wrote the same key at once. */
    static boolean isCollision(Throwable fault) {
        return states(fault).anyMatch(state -> state.startsWith("40") || state.equals("23505"));
    }

    private static Stream<String> states(Throwable fault) {
        return Stream.iterate(fault, Objects::nonNull, Throwable::getCause)
                .filter(SQLException.class::isInstance)
                .map(cause -> Objects.requireNonNullElse(((SQLException) cause).getSQLState(), ""));
    }
}

package org.basinlab.ledger;

import jakarta.transaction.RollbackException;
import java.net.ConnectException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.stream.Stream;

/** What PostgreSQL says of a statement that did not go, by its state, wherever that stands among the causes. */
public final class StoreFault {

    /** Drivers quote the whole statement, weights and all. */
    private static final int LONGEST_MESSAGE = 500;

    private StoreFault() {}

    /** The store was away, full or too busy, or there was no connection to be had, which comes without a state. */
    public static boolean isAway(Throwable fault) {
        return states(fault)
                        .anyMatch(state -> state.isEmpty()
                                || state.startsWith("08")
                                || state.startsWith("57P")
                                || state.startsWith("53"))
                || isLostCommit(fault);
    }

    /** A commit that was answered by nobody, of which the manager of transactions names no cause. */
    private static boolean isLostCommit(Throwable fault) {
        return causes(fault).anyMatch(RollbackException.class::isInstance)
                && states(fault).findAny().isEmpty();
    }

    /**
     * The same may go another time as it is: the store was away, or two transactions waited for each other. Anything else would come
     * again.
     */
    public static boolean isPassing(Throwable fault) {
        return isAway(fault) || isDeadlock(fault);
    }

    /** Two transactions waited for each other, or could not both have come first, and this one was ended. */
    public static boolean isDeadlock(Throwable fault) {
        return states(fault).anyMatch(state -> state.startsWith("40"));
    }

    /** There is a row of this key: another transaction may have written it at the same time. */
    public static boolean isSameKey(Throwable fault) {
        return states(fault).anyMatch("23505"::equals);
    }

    /** Two transactions waited for each other, or wrote the same key at once. */
    static boolean isCollision(Throwable fault) {
        return isDeadlock(fault) || isSameKey(fault);
    }

    /**
     * Whether the store is down for everybody, as far as can be told from here: it crashed, starts or ends, or nobody listens at its
     * address. That it ended one connection (57P01) says nothing of others.
     */
    public static boolean isDown(Throwable fault) {
        return states(fault).anyMatch(state -> state.startsWith("57P") && !state.equals("57P01"))
                || causes(fault).anyMatch(ConnectException.class::isInstance);
    }

    /** The disk of the store has no room left. */
    public static boolean isDiskFull(Throwable fault) {
        return states(fault).anyMatch("53100"::equals);
    }

    /** What lies at the bottom of it, which says more than what wraps it. */
    public static String rootMessage(Throwable fault) {
        Throwable root = causes(fault).reduce(fault, (outer, inner) -> inner);
        String message = String.valueOf(root.getMessage());
        return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE) + "...";
    }

    private static Stream<String> states(Throwable fault) {
        return reasons(fault)
                .filter(SQLException.class::isInstance)
                .map(cause -> Objects.requireNonNullElse(((SQLException) cause).getSQLState(), ""));
    }

    /** The causes, and what the manager of transactions notes beside them when a commit does not go through. */
    private static Stream<Throwable> reasons(Throwable fault) {
        return causes(fault)
                .flatMap(cause -> Stream.concat(
                        Stream.of(cause), Stream.of(cause.getSuppressed()).flatMap(StoreFault::reasons)));
    }

    private static Stream<Throwable> causes(Throwable fault) {
        return Stream.iterate(fault, Objects::nonNull, Throwable::getCause);
    }
}

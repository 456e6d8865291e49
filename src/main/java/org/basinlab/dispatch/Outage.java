package org.basinlab.dispatch;

import java.net.ConnectException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** A time in which the store does not answer: said now and then, and at some point too long. */
final class Outage {

    private static final Logger LOG = Logger.getLogger(Outage.class);

    private static final long BETWEEN_WORDS = Duration.ofSeconds(10).toNanos();

    /** Drivers quote the whole statement, weights and all. */
    private static final int LONGEST_MESSAGE = 500;

    private final Duration most;
    private boolean on;
    private long since;
    private long saidAt;

    Outage(Duration most) {
        this.most = most;
    }

    void isOver() {
        on = false;
    }

    /** The store did not answer once more; present when that has gone on for too long. */
    Optional<StoreGoneException> goesOn(RuntimeException fault) {
        long now = System.nanoTime();
        if (!on) {
            on = true;
            since = now;
            saidAt = now - BETWEEN_WORDS;
        }
        if (now - saidAt >= BETWEEN_WORDS) {
            saidAt = now;
            LOG.warnf("the store does not answer, again in a moment: %s", rootMessage(fault));
        }
        if (now - since <= most.toNanos()) {
            return Optional.empty();
        }
        return Optional.of(new StoreGoneException(
                "the store must answer, it did not for %d seconds: %s; run the same command again: finished work is kept"
                        .formatted(most.toSeconds(), rootMessage(fault)),
                fault));
    }

    /**
     * Whether the store was away or too busy: lost connections, restarts, deadlocks, serialisation failures, exhausted
     * resources, no connection to be had (which comes without a state). Anything else would come again.
     */
    static boolean isOfTheStore(Throwable fault) {
        return sqlStates(fault)
                .anyMatch(state -> state.isEmpty()
                        || state.startsWith("08")
                        || state.startsWith("57P")
                        || state.startsWith("40")
                        || state.startsWith("53"));
    }

    /** Two transactions waited for each other, and this one was ended. */
    static boolean isDeadlock(Throwable fault) {
        return sqlStates(fault).anyMatch(state -> state.startsWith("40"));
    }

    /**
     * Whether the store is down for everybody, as far as can be told from here: it crashed, starts or ends, or nobody listens at its
     * address. That it ended one connection (57P01) says nothing of others.
     */
    static boolean isDown(Throwable fault) {
        return sqlStates(fault).anyMatch(state -> state.startsWith("57P") && !state.equals("57P01"))
                || Stream.iterate(fault, Objects::nonNull, Throwable::getCause)
                        .anyMatch(ConnectException.class::isInstance);
    }

    static boolean isDiskFull(Throwable fault) {
        return sqlStates(fault).anyMatch("53100"::equals);
    }

    /** Two transactions wrote the same key at once. */
    static boolean isCollision(Throwable fault) {
        return sqlStates(fault).anyMatch("23505"::equals);
    }

    private static Stream<String> sqlStates(Throwable fault) {
        return Stream.iterate(fault, Objects::nonNull, Throwable::getCause)
                .filter(SQLException.class::isInstance)
                .map(cause -> Objects.requireNonNullElse(((SQLException) cause).getSQLState(), ""));
    }

    /** What lies at the bottom of it, which says more than what wraps it. */
    static String rootMessage(Throwable fault) {
        Throwable root = fault;
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            root = cause;
        }
        String message = String.valueOf(root.getMessage());
        return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE) + "...";
    }
}

package org.basinlab.dispatch;

import java.time.Duration;
import java.util.Optional;
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

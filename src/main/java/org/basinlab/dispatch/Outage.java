package org.basinlab.dispatch;

import java.time.Duration;
import java.util.Optional;
import org.basinlab.ledger.StoreFault;
import org.jboss.logging.Logger;

/** A time in which the store does not answer: said now and then, and at some point too long. */
final class Outage {

    private static final Logger LOG = Logger.getLogger(Outage.class);

    private static final long BETWEEN_WORDS = Duration.ofSeconds(10).toNanos();

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
            LOG.warnf("the store does not answer, again in a moment: %s", StoreFault.rootMessage(fault));
        }
        if (now - since <= most.toNanos()) {
            return Optional.empty();
        }
        return Optional.of(new StoreGoneException(
                "the store must answer, it did not for %d seconds: %s; run the same command again: finished work is kept"
                        .formatted(most.toSeconds(), StoreFault.rootMessage(fault)),
                fault));
    }
}

package org.basinlab.dispatch;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.basinlab.ledger.Upkeep;
import org.jboss.logging.Logger;

/**
 * Says when this server's clock is off the database's. Deadlines are the database's and do not mind, but Quartz fires schedules by
 * the servers' clocks, and takes a server for dead by them. Whichever server Quartz asks looks at its own.
 */
@ApplicationScoped
class ClockWatch {

    private static final Logger LOG = Logger.getLogger(ClockWatch.class);

    static final long MOST_MILLIS = 2_000;

    private final Upkeep upkeep;

    ClockWatch(Upkeep upkeep) {
        this.upkeep = upkeep;
    }

    @Scheduled(
            every = "{basinlab.upkeep.clock:1M}",
            identity = "clock-watch",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void look() {
        long before = System.currentTimeMillis();
        long database = upkeep.clockMillis();
        long after = System.currentTimeMillis();
        complaint(before, database, after).ifPresent(LOG::warn);
    }

    /**
     * What is wrong, if anything is for certain.
     *
     * @param before this server's clock before the database was asked
     * @param after the same afterwards
     */
    static Optional<String> complaint(long before, long database, long after) {
        long off = database < before ? before - database : Math.max(0, database - after);
        return off <= MOST_MILLIS
                ? Optional.empty()
                : Optional.of(
                        ("this server's clock must be within %.0f s of the database's, it is %.1f s %s: schedules fire at the"
                                        + " wrong moment, and servers take each other for dead")
                                .formatted(MOST_MILLIS / 1000.0, off / 1000.0, database < before ? "ahead" : "behind"));
    }
}

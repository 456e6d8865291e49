package org.basinlab.dispatch;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import org.basinlab.ledger.Upkeep;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Says when this process's clock is off the database's. Deadlines are the database's and do not mind, but Quartz fires schedules by
 * the clocks of the processes that share it, and takes one for dead by them. Quartz itself cannot ask for this: each job comes to
 * one process, and the clock that is behind is the last to be asked. So each process that has a share in Quartz looks at its own.
 */
@ApplicationScoped
class ClockWatch {

    private static final Logger LOG = Logger.getLogger(ClockWatch.class);

    static final long MOST_MILLIS = 2_000;

    private final Upkeep upkeep;
    private final UpkeepConfig config;
    private final boolean hasSchedules;
    private @Nullable Thread watching;

    ClockWatch(
            Upkeep upkeep,
            UpkeepConfig config,
            @ConfigProperty(name = "quarkus.scheduler.enabled", defaultValue = "true") boolean hasSchedules) {
        this.upkeep = upkeep;
        this.config = config;
        this.hasSchedules = hasSchedules;
    }

    synchronized void start(@Observes StartupEvent event) {
        if (hasSchedules) {
            Thread thread = new Thread(this::watch, "clock-watch");
            thread.setDaemon(true);
            thread.start();
            watching = thread;
        }
    }

    synchronized void stop(@Observes ShutdownEvent event) {
        if (watching != null) {
            watching.interrupt();
        }
    }

    private void watch() {
        try {
            while (true) {
                look();
                Thread.sleep(config.clock().toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            long before = System.currentTimeMillis();
            long database = upkeep.clockMillis();
            long after = System.currentTimeMillis();
            complaint(before, database, after).ifPresent(LOG::warn);
        } catch (RuntimeException e) {
            LOG.debugf("the store's clock cannot be asked, again in a while: %s", e.getMessage());
        }
    }

    /**
     * What is wrong, if anything is for certain.
     *
     * @param before this process's clock before the database was asked
     * @param after the same afterwards
     */
    static Optional<String> complaint(long before, long database, long after) {
        long off = database < before ? before - database : Math.max(0, database - after);
        return off <= MOST_MILLIS
                ? Optional.empty()
                : Optional.of(
                        ("this process's clock must be within %.0f s of the database's, it is %.1f s %s: schedules fire at the"
                                        + " wrong moment, and processes take each other for dead")
                                .formatted(MOST_MILLIS / 1000.0, off / 1000.0, database < before ? "ahead" : "behind"));
    }
}

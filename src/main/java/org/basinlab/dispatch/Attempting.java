package org.basinlab.dispatch;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.basinlab.ledger.Completions;
import org.basinlab.ledger.FaultPoint;
import org.basinlab.ledger.Lease;
import org.basinlab.recipe.Seeds;
import org.basinlab.workflow.TaskOutcome;
import org.jboss.logging.Logger;

/** One attempt at one task, from the lease to what the ledger says of it. */
@ApplicationScoped
class Attempting {

    private static final Logger LOG = Logger.getLogger(Attempting.class);

    /** Two who store the same bytes at once collide once; what collides again and again is a fault of ours. */
    private static final int MOST_COLLISIONS = 5;

    /** Between two looks for data that this machine does not have. */
    private static final Duration BETWEEN_WAITS = Duration.ofSeconds(10);

    /** Half an hour of looks: what is not there by then does not come, and each further try is charged. */
    static final int MOST_WAITS = 180;

    private final TaskRunner runner;
    private final Completions completions;
    private final DispatchConfig config;

    Attempting(TaskRunner runner, Completions completions, DispatchConfig config) {
        this.runner = runner;
        this.completions = completions;
        this.config = config;
    }

    /** Runs the task and hands in what came of it. */
    void attempt(Held held) {
        Lease lease = held.lease();
        try {
            FaultPoint.AFTER_CLAIM.reached();
            TaskOutcome outcome = runner.run(lease, held);
            // Even under a lease that ran out: whether it counts is for the token to say.
            handIn(() -> completions.finish(lease, outcome));
            FaultPoint.AFTER_COMMIT.reached();
        } catch (CancellationException e) {
            if (!held.isLost()) {
                release(lease);
            }
        } catch (StoreGoneException e) {
            throw e;
        } catch (DataUnavailableException e) {
            withoutData(lease, e);
        } catch (RuntimeException | OutOfMemoryError | LinkageError e) {
            LOG.debugf(e, "task %s", lease.taskId());
            if (Outage.isDiskFull(e)) {
                throw diskFull(e);
            }
            if (Outage.isOfTheStore(e)) {
                // The task is not to blame: it goes back, and waits until the store hears it.
                LOG.warnf("task %s stopped for want of the store: %s", lease.taskId(), Outage.rootMessage(e));
                handIn(() -> completions.release(lease));
            } else {
                broke(lease, e);
            }
        }
    }

    private static StoreGoneException diskFull(Throwable cause) {
        return new StoreGoneException(
                "the disk of the store must have room for a result, it is full; free some and run the same command"
                        + " again: finished work is kept",
                cause);
    }

    /** Said once: where the store does not hear it, the lease runs out by itself. */
    private void release(Lease lease) {
        try {
            if (!completions.release(lease)) {
                LOG.debugf("task %s is in other hands", lease.taskId());
            }
        } catch (RuntimeException e) {
            LOG.warnf(
                    "task %s could not be given back and waits for its lease to end: %s",
                    lease.taskId(), Outage.rootMessage(e));
        }
    }

    /** The data may be on their way into the store, or another machine may have them: the task waits for them a while. */
    private void withoutData(Lease lease, DataUnavailableException fault) {
        if (lease.attempt() >= MOST_WAITS) {
            broke(lease, fault);
            return;
        }
        String why = Outage.rootMessage(fault);
        LOG.logf(
                lease.attempt() == 1 ? Logger.Level.WARN : Logger.Level.DEBUG,
                "task %s waits for its data, tried again every %s: %s",
                lease.taskId(),
                BETWEEN_WAITS,
                why);
        handIn(() -> completions.postpone(lease, why, BETWEEN_WAITS));
    }

    private void broke(Lease lease, Throwable fault) {
        String why = "%s: %s".formatted(fault.getClass().getSimpleName(), Outage.rootMessage(fault));
        int failures = lease.failures() + 1;
        if (failures >= config.tries()) {
            String last = "%s (attempt %d of %d)".formatted(why, failures, config.tries());
            handIn(() -> completions.finish(lease, new TaskOutcome.Rejected(last)));
        } else {
            Duration delay = delay(lease, failures);
            LOG.warnf("task %s failed and is tried again in %s: %s", lease.taskId(), delay, why);
            handIn(() -> completions.retry(lease, why, delay));
        }
    }

    /** Doubles with each failure; the half of it is left to chance, so that what broke together does not come together. */
    private Duration delay(Lease lease, int failures) {
        double share = 0.5 + 0.5 * Seeds.generator(lease.token()).nextDouble();
        return Duration.ofMillis((long) (share * config.backoff().toMillis() * (1L << (failures - 1))));
    }

    /** Says it again until the store has heard it, for as long as a result may wait. */
    private void handIn(BooleanSupplier message) {
        Outage outage = new Outage(config.storeOutage());
        for (int tries = 1; ; tries++) {
            try {
                if (!message.getAsBoolean()) {
                    LOG.debug("a result came too late and was refused");
                }
                return;
            } catch (RuntimeException e) {
                if (Outage.isDiskFull(e)) {
                    throw diskFull(e);
                }
                boolean collided = Outage.isCollision(e) && tries < MOST_COLLISIONS;
                if (!collided && !Outage.isOfTheStore(e)) {
                    throw e;
                }
                outage.goesOn(e).ifPresent(gone -> {
                    throw gone;
                });
                sleep(Math.min(5_000, 100L << Math.min(tries, 6)));
            }
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }
}

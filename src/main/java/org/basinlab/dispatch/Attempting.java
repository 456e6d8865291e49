package org.basinlab.dispatch;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.basinlab.ledger.Completions;
import org.basinlab.ledger.FaultPoint;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.LeaseFacts;
import org.basinlab.ledger.StoreFault;
import org.basinlab.recipe.Seeds;
import org.basinlab.workflow.TaskOutcome;
import org.jboss.logging.Logger;

/** One attempt at one task, from the lease to what is to be handed in of it. */
@ApplicationScoped
class Attempting {

    private static final Logger LOG = Logger.getLogger(Attempting.class);

    /** Between two looks for data that this machine does not have. */
    private static final Duration BETWEEN_WAITS = Duration.ofSeconds(10);

    /** Half an hour of looks: what is not there by then does not come, and each further try is charged. */
    static final int MOST_WAITS = 180;

    private final TaskRunner runner;
    private final Completions completions;
    private final HandIn handIn;
    private final AttemptTimes times;
    private final LeaseFacts facts;
    private final Bell bell;
    private final DispatchConfig config;

    Attempting(
            TaskRunner runner,
            Completions completions,
            HandIn handIn,
            AttemptTimes times,
            LeaseFacts facts,
            Bell bell,
            DispatchConfig config) {
        this.runner = runner;
        this.completions = completions;
        this.handIn = handIn;
        this.times = times;
        this.facts = facts;
        this.bell = bell;
        this.config = config;
    }

    /**
     * Runs the task.
     *
     * @return what is to be handed in; nothing where the store was told already, or where nobody wants it
     * @throws DeviceFailedException if the device of this machine is at fault; the task is given back then
     * @throws StoreGoneException if the store was away for too long
     */
    Optional<Done> attempt(Held held) {
        Lease lease = held.lease();
        try {
            held.begin(times.of(lease));
            FaultPoint.AFTER_CLAIM.reached();
            // Even under a lease that ran out: whether it counts is for the token to say.
            return of(held, runner.run(lease, held));
        } catch (CancellationException e) {
            if (held.ranOut()) {
                LOG.warnf(Heart.RAN_OUT, lease.taskId());
            }
            giveBack(held);
        } catch (StoreGoneException e) {
            throw e;
        } catch (DeviceFailedException e) {
            held.say("error", "the device failed: " + e.getMessage());
            giveBack(held);
            throw e;
        } catch (DataUnavailableException e) {
            withoutData(held, e);
        } catch (RuntimeException | OutOfMemoryError | LinkageError | AssertionError | StackOverflowError e) {
            LOG.debugf(e, "task %s", lease.taskId());
            if (held.isAbandoned()) {
                return Optional.empty();
            }
            if (held.isDistrusted()) {
                giveBack(held);
            } else if (StoreFault.isPassing(e)) {
                // The task is not to blame: it goes back, and waits until the store hears it.
                LOG.warnf("task %s stopped for want of the store: %s", lease.taskId(), StoreFault.rootMessage(e));
                handIn.message(() -> completions.release(lease));
            } else {
                broke(held, "%s: %s".formatted(e.getClass().getSimpleName(), StoreFault.rootMessage(e)));
            }
        } finally {
            held.end();
        }
        return Optional.empty();
    }

    private Optional<Done> of(Held held, TaskOutcome outcome) {
        if (held.isDistrusted()) {
            giveBack(held);
            return Optional.empty();
        }
        if (held.isAbandoned()) {
            return Optional.empty();
        }
        return Optional.of(new Done(held.lease(), outcome));
    }

    /** A task that was not run, or not to its end, goes back, unless it is in other hands. */
    void giveBack(Held held) {
        if (held.isLost()) {
            return;
        }
        Lease lease = held.lease();
        // Said once: where the store does not hear it, the lease runs out by itself.
        try {
            if (!completions.release(lease)) {
                LOG.debugf("task %s is in other hands", lease.taskId());
            }
        } catch (RuntimeException e) {
            LOG.warnf(
                    "task %s could not be given back and waits for its lease to end: %s",
                    lease.taskId(), StoreFault.rootMessage(e));
        }
    }

    /** The data may be on their way into the store, or another machine may have them: the task waits for them a while. */
    private void withoutData(Held held, DataUnavailableException fault) {
        Lease lease = held.lease();
        if (hasWaitedLong(lease)) {
            broke(held, "DataUnavailableException: " + StoreFault.rootMessage(fault));
            return;
        }
        String why = StoreFault.rootMessage(fault);
        LOG.logf(
                lease.attempt() == 1 ? Logger.Level.WARN : Logger.Level.DEBUG,
                "task %s waits for its data, tried again every %s: %s",
                lease.taskId(),
                BETWEEN_WAITS,
                why);
        handIn.message(() -> completions.postpone(lease, why, BETWEEN_WAITS));
        bell.ringAfter(BETWEEN_WAITS);
    }

    /** Since the task was last tried anew: what it waited before that counts no more. */
    private boolean hasWaitedLong(Lease lease) {
        if (lease.attempt() < MOST_WAITS) {
            return false;
        }
        AtomicLong tries = new AtomicLong();
        handIn.message(() -> tries.set(facts.tries(lease)));
        return tries.get() >= MOST_WAITS;
    }

    /** The attempt failed in a way that may not come again: one more, unless the store finds that there were enough. */
    void broke(Held held, String why) {
        Lease lease = held.lease();
        Duration delay = delay(lease, lease.failures() + 1);
        LOG.warnf("task %s failed in attempt %d: %s", lease.taskId(), lease.attempt(), why);
        held.say("error", why);
        handIn.message(() -> completions.retry(lease, why, delay));
        bell.ringAfter(delay);
    }

    /** Doubles with each failure; the half of it is left to chance, so that what broke together does not come together. */
    private Duration delay(Lease lease, int failures) {
        double share = 0.5 + 0.5 * Seeds.generator(lease.token()).nextDouble();
        return Duration.ofMillis((long) (share * config.backoff().toMillis() * (1L << Math.min(10, failures - 1))));
    }
}

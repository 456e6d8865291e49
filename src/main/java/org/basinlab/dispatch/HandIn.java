package org.basinlab.dispatch;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.basinlab.ledger.Completions;
import org.basinlab.ledger.FaultPoint;
import org.basinlab.ledger.StoreFault;
import org.basinlab.workflow.TaskOutcome;
import org.jboss.logging.Logger;

/** Tells the store what came of attempts, again and again until it has heard it, for as long as a result may wait. */
@ApplicationScoped
class HandIn {

    private static final Logger LOG = Logger.getLogger(HandIn.class);

    /** Two who store the same bytes at once collide once; what collides again and again is a fault of ours. */
    private static final int MOST_COLLISIONS = 5;

    private final Completions completions;
    private final ResultBuffer buffer;
    private final RetryBudget budget;
    private final DispatchConfig config;

    HandIn(Completions completions, ResultBuffer buffer, RetryBudget budget, DispatchConfig config) {
        this.completions = completions;
        this.buffer = buffer;
        this.budget = budget;
        this.config = config;
    }

    /**
     * Hands in results together; each counts or does not, whatever becomes of the others. While the store is away they lie on the disk.
     *
     * @throws StoreGoneException if it was away for too long; they stay on the disk
     */
    void results(List<Done> done) {
        if (done.isEmpty()) {
            return;
        }
        Kept kept = new Kept(done);
        try {
            untilHeard(() -> send(done), kept);
        } catch (StoreGoneException | CancellationException e) {
            throw e;
        } catch (RuntimeException e) {
            if (done.size() == 1) {
                unfit(done.get(0), e);
            } else {
                // One of them cannot be stored: the others can.
                done.forEach(one -> results(List.of(one)));
            }
        }
        kept.forget();
    }

    private void send(List<Done> done) {
        List<Boolean> counts = completions.finishAll(done.stream()
                .map(one -> new Completions.Finished(one.lease(), one.outcome()))
                .toList());
        for (int i = 0; i < done.size(); i++) {
            if (!counts.get(i)) {
                LOG.debugf(
                        "task %s: a result came too late and was refused",
                        done.get(i).lease().taskId());
            }
        }
        FaultPoint.AFTER_COMMIT.reached();
    }

    /** What the store can never take is a failure of the task, and not of this process. */
    private void unfit(Done done, RuntimeException fault) {
        String why = "its result cannot be stored: " + StoreFault.rootMessage(fault);
        LOG.errorf(fault, "task %s: %s", done.lease().taskId(), why);
        message(() -> completions.finish(done.lease(), new TaskOutcome.Rejected(why)));
    }

    /**
     * Says something that needs no keeping.
     *
     * @throws StoreGoneException if the store was away for too long
     */
    void message(Runnable message) {
        untilHeard(message, () -> {});
    }

    /** @param away called when the store does not answer for the first time */
    private void untilHeard(Runnable message, Runnable away) {
        Outage outage = new Outage(config.storeOutage());
        for (int tries = 1; ; tries++) {
            try {
                message.run();
                return;
            } catch (RuntimeException e) {
                boolean collided = StoreFault.isSameKey(e) && tries < MOST_COLLISIONS;
                if (!collided && !StoreFault.isPassing(e)) {
                    throw e;
                }
                if (!collided && tries == 1) {
                    away.run();
                }
                outage.goesOn(e).ifPresent(gone -> {
                    throw StoreFault.isDiskFull(e) ? diskFull(e) : gone;
                });
                sleep(budget.turn(tries).toMillis());
            }
        }
    }

    static StoreGoneException diskFull(Throwable cause) {
        return new StoreGoneException(
                "the disk of the store must have room for a result, it is full; free some and run the same command"
                        + " again: finished work is kept",
                cause);
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }

    /** Results that go to the disk once the store is away. */
    private final class Kept implements Runnable {
        private final List<Done> done;
        private boolean kept;

        Kept(List<Done> done) {
            this.done = done;
        }

        @Override
        public void run() {
            kept = true;
            done.forEach(buffer::keep);
        }

        void forget() {
            if (kept) {
                done.forEach(buffer::forget);
            }
        }
    }
}

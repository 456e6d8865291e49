package org.basinlab.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.basinlab.ledger.FaultPoint;
import org.basinlab.ledger.StoreFault;
import org.jboss.logging.Logger;

/** One thread that takes tasks, some quick ones of a kind at a time, and hands in what comes of them. */
final class Slot implements Runnable {

    private static final Logger LOG = Logger.getLogger(Slot.class);

    /** Results wait for each other for so long: whoever depends on them waits as well. */
    private static final long TOGETHER_NANOS = Duration.ofSeconds(1).toNanos();

    private final TaskSource tasks;
    private final Attempting attempting;
    private final HandIn handIn;
    private final DiskRoom room;
    private final Pace pace;
    private final Bell bell;
    private final RetryBudget budget;
    private final DispatchConfig config;
    private final Outage outage;
    private int failures;
    private boolean replaced;

    Slot(TaskSource tasks, Means means, Pace pace) {
        this.tasks = tasks;
        this.attempting = means.attempting();
        this.handIn = means.handIn();
        this.room = means.room();
        this.bell = means.bell();
        this.budget = means.budget();
        this.config = means.config();
        this.pace = pace;
        this.outage = new Outage(config.storeOutage());
    }

    @Override
    public void run() {
        while (!tasks.isClosed() && !replaced) {
            try {
                takeSome();
                outage.isOver();
                failures = 0;
            } catch (StoreGoneException e) {
                tasks.breakDown(e.getMessage());
            } catch (DeviceFailedException e) {
                tasks.cordon(e);
            } catch (InterruptedException e) {
                // Whoever hung was woken; this slot goes on.
                LOG.debug("a slot was interrupted");
            } catch (RuntimeException e) {
                notTaken(e);
            }
        }
    }

    private void notTaken(RuntimeException fault) {
        if (!StoreFault.isPassing(fault)) {
            LOG.debugf(fault, "no task can be taken");
            tasks.breakDown("no task can be taken: " + StoreFault.rootMessage(fault));
            return;
        }
        outage.goesOn(fault).ifPresent(gone -> tasks.breakDown(gone.getMessage()));
        failures++;
        try {
            bell.await(bell.rings(), budget.turn(failures));
        } catch (InterruptedException e) {
            LOG.debug("a slot was interrupted");
        }
    }

    private void takeSome() throws InterruptedException {
        long heard = bell.rings();
        Optional<String> full = room.missing();
        if (full.isPresent()) {
            tasks.say(full.get());
            bell.await(heard, budget.about(config.poll()));
            return;
        }
        TaskSource.Taken taken = tasks.take(pace.worth());
        if (!taken.tasks().isEmpty()) {
            if (taken.more()) {
                bell.ring();
            }
            work(taken.tasks());
            return;
        }
        boolean lookAgain = tasks.idle();
        try {
            if (!lookAgain) {
                bell.await(heard, budget.about(config.poll()));
            }
        } finally {
            tasks.busy();
        }
    }

    private void work(List<Held> taken) {
        List<Held> left = new ArrayList<>(taken);
        List<Held> run = new ArrayList<>();
        List<Done> done = new ArrayList<>();
        long handedInAt = System.nanoTime();
        try {
            while (!left.isEmpty()) {
                Held next = left.remove(0);
                run.add(next);
                attempt(next).ifPresent(done::add);
                if (next.isAbandoned()) {
                    replaced = true;
                    return;
                }
                giveBackWhatWouldWait(left);
                if (System.nanoTime() - handedInAt > TOGETHER_NANOS) {
                    handIn(done, run);
                    handedInAt = System.nanoTime();
                }
            }
            bell.mute(() -> handIn(done, run));
        } finally {
            left.forEach(attempting::giveBack);
            left.forEach(tasks::drop);
            run.forEach(tasks::drop);
        }
    }

    private Optional<Done> attempt(Held next) {
        if (next.isStopped()) {
            attempting.giveBack(next);
            return Optional.empty();
        }
        long begun = System.nanoTime();
        Optional<Done> done = ending(next);
        // A slot that hung was woken by an interrupt, which may have come a moment too late.
        Thread.interrupted();
        done.ifPresent(ended -> pace.took(next.lease(), Duration.ofNanos(System.nanoTime() - begun)));
        return done;
    }

    /** What cannot even be told of one task is no reason to take no others: its lease runs out, and it is charged as lost. */
    private Optional<Done> ending(Held next) {
        try {
            return attempting.attempt(next);
        } catch (StoreGoneException | DeviceFailedException | CancellationException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.errorf(e, "task %s waits for its lease to end: %s", next.lease().taskId(), StoreFault.rootMessage(e));
            return Optional.empty();
        }
    }

    /** They turned out to take longer than it seemed when they were asked for: others may have nothing to do meanwhile. */
    private void giveBackWhatWouldWait(List<Held> left) {
        while (!left.isEmpty() && left.size() > pace.worth(left.get(0).lease())) {
            Held last = left.remove(left.size() - 1);
            attempting.giveBack(last);
            tasks.drop(last);
        }
    }

    private void handIn(List<Done> done, List<Held> run) {
        handIn.results(List.copyOf(done));
        done.clear();
        run.forEach(tasks::drop);
        run.clear();
        FaultPoint.AFTER_ACKNOWLEDGEMENT.reached();
    }
}

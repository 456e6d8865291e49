package org.basinlab.dispatch;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.basinlab.ledger.Completions;
import org.basinlab.ledger.Lease;
import org.basinlab.workflow.TaskOutcome;
import org.jboss.logging.Logger;

/** One attempt at one task, from the lease to what the ledger says of it. */
@ApplicationScoped
class Attempting {

    private static final Logger LOG = Logger.getLogger(Attempting.class);

    /** PostgreSQL's class of errors for a full disk, memory or connection limit. */
    private static final String INSUFFICIENT_RESOURCES = "53";

    private static final String DISK_FULL = "53100";

    /** Drivers quote the whole statement, weights and all. */
    private static final int LONGEST_MESSAGE = 500;

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
            TaskOutcome outcome = runner.run(lease, held);
            if (!held.isLost()) {
                handIn(() -> completions.finish(lease, outcome));
            }
        } catch (CancellationException e) {
            if (!held.isLost()) {
                release(lease);
            }
        } catch (StoreGoneException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError | LinkageError e) {
            LOG.debugf(e, "task %s", lease.taskId());
            broke(lease, e);
        }
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
                    lease.taskId(), rootMessage(e));
        }
    }

    private void broke(Lease lease, Throwable fault) {
        String why = "%s: %s".formatted(fault.getClass().getSimpleName(), rootMessage(fault));
        int failures = lease.failures() + 1;
        if (failures >= config.tries()) {
            String last = "%s (attempt %d of %d)".formatted(why, failures, config.tries());
            handIn(() -> completions.finish(lease, new TaskOutcome.Rejected(last)));
        } else {
            Duration delay = config.backoff().multipliedBy(1L << (failures - 1));
            LOG.warnf("task %s failed and is tried again in %s: %s", lease.taskId(), delay, why);
            handIn(() -> completions.retry(lease, why, delay));
        }
    }

    /** Says it again until the store has heard it, for as long as a result may wait. */
    private void handIn(BooleanSupplier message) {
        long giveUp = System.nanoTime() + config.storeOutage().toNanos();
        for (int tries = 1; ; tries++) {
            try {
                if (!message.getAsBoolean()) {
                    LOG.debug("a result came too late and was refused");
                }
                return;
            } catch (RuntimeException e) {
                String state = sqlState(e);
                if (state.equals(DISK_FULL)) {
                    throw new StoreGoneException(
                            "the disk of the store must have room for a result, it is full; free some and run the same"
                                    + " command again: finished work is kept",
                            e);
                }
                if (!isTransient(state)) {
                    throw e;
                }
                if (System.nanoTime() > giveUp) {
                    throw new StoreGoneException(
                            "the store must take a result, it could not for %d seconds: %s; run the same command again:"
                                            .formatted(config.storeOutage().toSeconds(), rootMessage(e))
                                    + " finished work is kept",
                            e);
                }
                LOG.warnf("the store did not take a result, again in a moment: %s", rootMessage(e));
                sleep(Math.min(5_000, 100L << Math.min(tries, 6)));
            }
        }
    }

    /** Lost connections, restarts, deadlocks, serialisation failures, exhausted resources, two who store the same bytes. */
    private static boolean isTransient(String state) {
        return state.isEmpty()
                || state.startsWith("08")
                || state.startsWith("57P")
                || state.startsWith("40")
                || state.startsWith(INSUFFICIENT_RESOURCES)
                || state.equals("23505");
    }

    private static String sqlState(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return fault instanceof IllegalStateException ? "invariant" : "";
    }

    /** What lies at the bottom of it, which says more than what wraps it. */
    private static String rootMessage(Throwable fault) {
        Throwable root = fault;
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            root = cause;
        }
        String message = String.valueOf(root.getMessage());
        return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE) + "...";
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

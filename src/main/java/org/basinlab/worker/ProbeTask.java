package org.basinlab.worker;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.basinlab.ledger.Lease;
import org.basinlab.recipe.Progress;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;

/** Computes nothing: waits its time, says how far it is, and then behaves as it is asked to. */
final class ProbeTask {

    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** As after a kill: nothing is cleaned up. */
    private static final int KILLED = 137;

    private ProbeTask() {}

    static TaskOutcome run(TaskSpec.Probe probe, Lease lease, Progress progress) {
        waitFor((long) (probe.seconds() * TimeUnit.SECONDS.toNanos(1)), progress);
        switch (probe.behaviour()) {
            case OK -> {}
            case THROWS -> throw fault(probe);
            case THROWS_ONCE -> {
                if (lease.attempt() == 1) {
                    throw fault(probe);
                }
            }
            case REJECTS -> {
                return new TaskOutcome.Rejected("probe %s rejects".formatted(probe.label()));
            }
            case OUT_OF_MEMORY -> exhaust();
            case CRASH -> Runtime.getRuntime().halt(KILLED);
            case HANG -> forEver(Progress.UNWATCHED);
            case SILENT -> forEver(progress);
        }
        return new TaskOutcome.Succeeded(Optional.empty(), List.of());
    }

    private static IllegalStateException fault(TaskSpec.Probe probe) {
        return new IllegalStateException("probe %s throws".formatted(probe.label()));
    }

    private static void waitFor(long nanos, Progress progress) {
        long started = System.nanoTime();
        for (long waited = 0; waited < nanos; waited = System.nanoTime() - started) {
            progress.at((double) waited / nanos);
            pause(Math.min(STEP_NANOS, nanos - waited));
        }
        progress.at(1);
    }

    private static void forEver(Progress progress) {
        while (true) {
            progress.at(1);
            pause(STEP_NANOS);
        }
    }

    /** More at once than any array may have: a real end of memory that leaves the others' alone. */
    private static void exhaust() {
        long[] largest = new long[Integer.MAX_VALUE];
        throw new IllegalStateException("a Java machine gave an array of %d numbers".formatted(largest.length));
    }

    private static void pause(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }
}

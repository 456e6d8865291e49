package org.basinlab.dispatch;

import org.basinlab.ledger.Lease;
import org.basinlab.recipe.Progress;
import org.basinlab.workflow.TaskOutcome;

/** Runs one leased task on this machine. */
public interface TaskRunner {

    /**
     * Runs to the end, or throws: {@link java.util.concurrent.CancellationException} when {@code progress} asks to stop,
     * anything else for a fault that was not foreseen.
     */
    TaskOutcome run(Lease lease, Progress progress);
}

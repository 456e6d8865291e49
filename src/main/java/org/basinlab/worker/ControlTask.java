package org.basinlab.worker;

import jakarta.enterprise.context.ApplicationScoped;
import org.basinlab.ledger.Lease;
import org.basinlab.recipe.Progress;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;

/** Makes the network that a merge is set against. */
@ApplicationScoped
class ControlTask {

    TaskOutcome run(TaskSpec.Control spec, Lease lease, Progress progress) {
        return new TaskOutcome.Rejected(spec.step().label() + " of " + lease.taskId() + " at " + progress);
    }
}

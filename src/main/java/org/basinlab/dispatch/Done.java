package org.basinlab.dispatch;

import org.basinlab.ledger.Lease;
import org.basinlab.workflow.TaskOutcome;

/** An attempt that ran to its end, to be handed in. */
record Done(Lease lease, TaskOutcome outcome) {}

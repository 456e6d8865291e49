package org.basinlab.workflow;

import java.util.List;
import java.util.Optional;

/** How an attempt ended that ran to its end; unforeseen faults are exceptions and are tried again. */
public sealed interface TaskOutcome {

    /**
     * What came out.
     *
     * @param network present for tasks that make one
     */
    record Succeeded(Optional<NewNetwork> network, List<Measurement> measurements) implements TaskOutcome {
        public Succeeded {
            measurements = List.copyOf(measurements);
        }
    }

    /** A foreseen failure which would come again: final. */
    record Rejected(String reason) implements TaskOutcome {}
}

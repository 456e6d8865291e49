package org.basinlab.ledger;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * What a worker asks the queue for.
 *
 * @param most how many tasks, of one shape and one study
 * @param study only tasks of this study, where present
 * @param device {@code cpu} or {@code gpu}: tasks for that, and those that run on any
 * @param freeMemory bytes that a task may need
 */
public record ClaimRequest(
        UUID worker, int most, Duration lease, Optional<UUID> study, String device, long freeMemory) {

    public ClaimRequest {
        if (most < 1) {
            throw new IllegalArgumentException("a claim must ask for at least 1 task, was " + most);
        }
    }
}

package org.basinlab.ledger;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a worker asks the queue for.
 *
 * @param most how many tasks, of one shape and one study
 * @param study only tasks of this study, where present
 * @param device {@code cpu} or {@code gpu}: tasks for that, and those that run on any
 * @param freeMemory bytes that a task may need
 * @param mostByShape where present, how many of a shape, and 1 of a shape that is absent; never more than {@code most}
 */
public record ClaimRequest(
        UUID worker,
        int most,
        Duration lease,
        Optional<UUID> study,
        String device,
        long freeMemory,
        Optional<Map<String, Integer>> mostByShape) {

    public ClaimRequest {
        if (most < 1) {
            throw new IllegalArgumentException("a claim must ask for at least 1 task, was " + most);
        }
        mostByShape = mostByShape.map(Map::copyOf);
    }

    /** As many of any shape. */
    public ClaimRequest(UUID worker, int most, Duration lease, Optional<UUID> study, String device, long freeMemory) {
        this(worker, most, lease, study, device, freeMemory, Optional.empty());
    }
}

package org.basinlab.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A task with what it does, what it needs and how it went.
 *
 * @param parameters canonical JSON of what it does
 * @param key what equal work is known by; empty before its inputs are there
 * @param inputs the tasks whose networks it takes, in their order
 * @param attempts the first one first
 */
public record TaskDetail(
        TaskView task, String parameters, Optional<String> key, List<UUID> inputs, List<Attempt> attempts) {

    public TaskDetail {
        inputs = List.copyOf(inputs);
        attempts = List.copyOf(attempts);
    }

    TaskDetail with(List<UUID> itsInputs, List<Attempt> itsAttempts) {
        return new TaskDetail(task, parameters, key, itsInputs, itsAttempts);
    }

    /**
     * One try by one worker.
     *
     * @param outcome how it ended, as results tell it: succeeded, failed, lost or released; empty while it runs
     */
    public record Attempt(
            int number,
            UUID workerId,
            String host,
            Instant startedAt,
            Optional<Instant> endedAt,
            Optional<String> outcome,
            Optional<String> message) {}
}

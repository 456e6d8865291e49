package org.basinlab.ledger;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * A study as people see it.
 *
 * @param tasks how many its plan has
 * @param tasksByState how many tasks stand in each state; states without tasks are absent
 * @param reused how many tasks took the result of an earlier one
 * @param bundle SHA-256 of the file that it came in; empty for a study of this store
 * @param partial whether the file had only those of its tasks whose results another study took over
 * @param priority its tasks go before those of lower ones
 * @param maxRunning how many of its tasks run at a time; empty where nothing bounds that
 */
public record StudyView(
        UUID id,
        String name,
        Optional<String> paper,
        long seed,
        String state,
        int version,
        int tasks,
        Map<String, Integer> tasksByState,
        int reused,
        Instant createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        Optional<String> bundle,
        boolean partial,
        int priority,
        OptionalInt maxRunning) {

    StudyView counted(Map<String, Integer> states, int reusedTasks) {
        return new StudyView(
                id,
                name,
                paper,
                seed,
                state,
                version,
                tasks,
                states,
                reusedTasks,
                createdAt,
                startedAt,
                finishedAt,
                bundle,
                partial,
                priority,
                maxRunning);
    }
}

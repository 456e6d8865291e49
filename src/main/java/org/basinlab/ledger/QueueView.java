package org.basinlab.ledger;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * What one study has in the queue.
 *
 * @param aged what waiting has added to its priority
 * @param maxRunning how many of its tasks run at a time; empty where nothing bounds that
 * @param waiting tasks whose inputs are missing
 * @param ready tasks that can be taken now, unless the study is paused
 * @param later tasks that are ready and were put off, to be tried again
 * @param running tasks that workers have
 * @param readySince since when the one that has been ready longest is
 * @param nextAt when the first of those that were put off can be taken
 */
public record QueueView(
        UUID study,
        String name,
        String state,
        int priority,
        int aged,
        OptionalInt maxRunning,
        int waiting,
        int ready,
        int later,
        int running,
        Optional<Instant> readySince,
        Optional<Instant> nextAt) {}

package org.basinlab.ledger;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * A process that takes tasks, as people see it.
 *
 * @param state {@code active}, {@code draining} (it takes nothing more), {@code silent} (not heard of for more than a lease), or
 *     {@code stopped}
 * @param running how many tasks it has
 * @param idleSince since when a slot of it has had nothing to do; empty while all have
 */
public record WorkerView(
        UUID id,
        String host,
        long pid,
        String state,
        String device,
        int slots,
        int running,
        long memoryBytes,
        Optional<String> codeVersion,
        OptionalInt schemaVersion,
        Instant startedAt,
        Instant seenAt,
        Optional<Instant> stoppedAt,
        Optional<Instant> idleSince) {}

package org.basinlab.ledger;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a process says of itself when it begins to take tasks.
 *
 * @param machine where its process number means something: one start of one machine, one container
 * @param processStarted as the operating system tells it; with machine and pid it names the process
 * @param slots how many tasks it runs at a time
 * @param device {@code cpu} or {@code gpu}
 * @param memoryBytes the most that its Java heap may grow to
 * @param environment code version, JVM, engine, BLAS and kernel, threads; no variables of the environment
 */
public record WorkerFacts(
        String host,
        String machine,
        long pid,
        Optional<Instant> processStarted,
        int slots,
        String device,
        long memoryBytes,
        Map<String, String> environment) {

    public WorkerFacts {
        environment = Map.copyOf(environment);
    }
}

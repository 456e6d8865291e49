package org.basinlab.ledger;

import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.basinlab.workflow.TaskSpec;

/**
 * What a process says of itself when it begins to take tasks.
 *
 * @param machine where its process number means something: one start of one machine, one container
 * @param processStarted as the operating system tells it; with machine and pid it names the process
 * @param slots how many tasks it runs at a time
 * @param device {@code cpu} or {@code gpu}
 * @param memoryBytes the most that its Java heap may grow to
 * @param environment code version, JVM, engine, BLAS and kernel, threads; no variables of the environment
 * @param codeVersion of this program
 * @param schemaVersion the newest migration that it knows
 * @param numericVersions of each kind of task, by its label
 */
public record WorkerFacts(
        String host,
        String machine,
        long pid,
        Optional<Instant> processStarted,
        int slots,
        String device,
        long memoryBytes,
        Map<String, String> environment,
        String codeVersion,
        int schemaVersion,
        Map<String, Integer> numericVersions) {

    public WorkerFacts {
        environment = Map.copyOf(environment);
        numericVersions = Map.copyOf(numericVersions);
    }

    /** With the versions of this program, {@code code} of the environment among them. */
    public WorkerFacts(
            String host,
            String machine,
            long pid,
            Optional<Instant> processStarted,
            int slots,
            String device,
            long memoryBytes,
            Map<String, String> environment) {
        this(
                host,
                machine,
                pid,
                processStarted,
                slots,
                device,
                memoryBytes,
                environment,
                environment.getOrDefault("code", "unknown"),
                SchemaVersion.NEWEST,
                Arrays.stream(TaskSpec.Kind.values())
                        .collect(Collectors.toMap(TaskSpec.Kind::label, TaskSpec.Kind::numericVersion)));
    }
}

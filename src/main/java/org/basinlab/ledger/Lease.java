package org.basinlab.ledger;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.workflow.TaskSpec;

/**
 * One task in the hands of one worker.
 *
 * @param token larger than that of any earlier lease of the task; a result counts only under the newest
 * @param attempt how often the task was taken, from 1
 * @param failures how many of those attempts failed
 * @param flops rough number of floating-point operations that it takes
 * @param dataDigest of the data that the task must read, where it reads any
 * @param inputs the networks that the task takes, in order
 * @param shape tasks of one shape take about as long and need the same
 */
public record Lease(
        UUID taskId,
        long token,
        int attempt,
        int failures,
        UUID studyId,
        String study,
        TaskSpec spec,
        double flops,
        Optional<String> dataDigest,
        List<Input> inputs,
        String shape) {

    public Lease {
        inputs = List.copyOf(inputs);
    }

    /** One that came by no claim. */
    public Lease(
            UUID taskId,
            long token,
            int attempt,
            int failures,
            UUID studyId,
            String study,
            TaskSpec spec,
            double flops,
            Optional<String> dataDigest,
            List<Input> inputs) {
        this(taskId, token, attempt, failures, studyId, study, spec, flops, dataDigest, inputs, "");
    }

    /** The network that a task measures: its first input, or none where its inputs are measured as one, or no network is. */
    static Optional<UUID> measured(TaskSpec spec, List<Input> inputs) {
        boolean asOne = spec instanceof TaskSpec.Evaluate evaluate
                && evaluate.combination().isPresent();
        boolean ofNone =
                spec instanceof TaskSpec.Evaluate evaluate && evaluate.metric() instanceof MetricRequest.CounterExample;
        if (asOne || ofNone || spec.kind() == TaskSpec.Kind.PROBE) {
            return Optional.empty();
        }
        if (inputs.isEmpty()) {
            throw new IllegalStateException("a task that makes no network must be given one to measure: " + spec);
        }
        return Optional.of(inputs.get(0).network());
    }

    /** An input network and the digest of its checkpoint. */
    public record Input(UUID network, String sha256) {}
}

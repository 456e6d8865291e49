package org.basinlab.workflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Split;

/**
 * What tells whether one worker can take tasks together, and whether it can take them at all.
 *
 * @param shape kind, metric and architecture, no seeds: tasks of one shape take about as long and need the same
 * @param memoryBytes the least that the task's weights and images take up, in bytes
 */
public record TaskNeeds(String shape, long memoryBytes) {

    /** Weights, their gradient and Adam's two moments. */
    private static final int COPIES_IN_TRAINING = 4;

    /** The needs of every task, by ordinal. */
    public static List<TaskNeeds> of(List<PlannedTask> tasks) {
        List<Optional<Architecture>> architectures = new ArrayList<>();
        List<TaskNeeds> needs = new ArrayList<>();
        for (PlannedTask task : tasks) {
            Optional<Architecture> architecture = task.spec() instanceof TaskSpec.Train train
                    ? Optional.of(train.architecture())
                    : task.inputs().stream().findFirst().flatMap(architectures::get);
            architectures.add(architecture);
            needs.add(new TaskNeeds(shape(task.spec(), architecture), memory(task, architecture)));
        }
        return needs;
    }

    private static String shape(TaskSpec spec, Optional<Architecture> architecture) {
        String more = "";
        if (spec instanceof TaskSpec.Evaluate evaluate) {
            more = " " + evaluate.metric().label();
        } else if (spec instanceof TaskSpec.Probe probe) {
            more = " %s s".formatted(probe.seconds());
        }
        return spec.kind().label()
                + more
                + architecture.map(one -> " " + one.label()).orElse("");
    }

    private static long memory(PlannedTask task, Optional<Architecture> architecture) {
        int copies = task.spec() instanceof TaskSpec.Train
                ? COPIES_IN_TRAINING
                : (int) task.inputs().stream().distinct().count() + 1;
        long weights = architecture
                .map(one -> (long) Float.BYTES * one.parameterCount() * copies)
                .orElse(0L);
        return weights + images(task.spec()) + batch(task.spec());
    }

    /** What a step keeps of a batch between its forward and its backward pass, where it is more than the weights. */
    private static long batch(TaskSpec spec) {
        return spec instanceof TaskSpec.Train train && !(train.architecture() instanceof Architecture.Mlp)
                ? Float.BYTES
                        * train.architecture().valuesOfImage()
                        * train.training().batch()
                : 0;
    }

    /** One byte a pixel and channel, as they are read. */
    private static long images(TaskSpec spec) {
        if (spec instanceof TaskSpec.Train train) {
            return (long) train.dataset().name().images(Split.TRAIN)
                    * train.architecture().inputs();
        }
        return 0;
    }
}

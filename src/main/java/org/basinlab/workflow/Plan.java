package org.basinlab.workflow;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Every task that answers a study, inputs before what needs them; a cycle is refused, and its path named.
 *
 * @param tasks task i has ordinal i
 * @param leftOut by arm, how many trained networks fill no block of some merge and so are left out of it; empty where none
 * @param checkpointBytes what the networks take up in the store, before any is shared
 */
public record Plan(List<PlannedTask> tasks, List<LeftOut> leftOut, long checkpointBytes) {

    public Plan {
        tasks = List.copyOf(tasks);
        leftOut = List.copyOf(leftOut);
        for (int i = 0; i < tasks.size(); i++) {
            if (tasks.get(i).ordinal() != i) {
                throw new IllegalArgumentException("task %d of the plan has ordinal %d"
                        .formatted(i, tasks.get(i).ordinal()));
            }
        }
        for (PlannedTask task : tasks) {
            requireInputsBefore(task, tasks);
        }
    }

    private static void requireInputsBefore(PlannedTask task, List<PlannedTask> tasks) {
        for (int input : task.inputs()) {
            if (input < 0 || input >= task.ordinal()) {
                Cycle.in(tasks).ifPresent(cycle -> {
                    throw new IllegalArgumentException(
                            "no task of a plan may need itself, each of these needs the next: " + cycle);
                });
                throw new IllegalArgumentException(
                        "the inputs of task %d must be tasks before it, was %d".formatted(task.ordinal(), input));
            }
        }
    }

    /** Trained networks of an arm that fill no block of {@code groupSize}. */
    public record LeftOut(String arm, String scheme, int groupSize, int networks) {}

    /** How many tasks there are of each kind; kinds without tasks are absent. */
    public Map<TaskSpec.Kind, Integer> countByKind() {
        Map<TaskSpec.Kind, Integer> counts = new EnumMap<>(TaskSpec.Kind.class);
        tasks.forEach(task -> counts.merge(task.spec().kind(), 1, Integer::sum));
        return counts;
    }

    /** About what the outcomes of single images take up in the store, where no task's result is taken from another's. */
    public long outcomeBytes() {
        return tasks.stream()
                .map(PlannedTask::spec)
                .filter(TaskSpec.Evaluate.class::isInstance)
                .mapToLong(spec -> OutcomeSize.bytes((TaskSpec.Evaluate) spec))
                .sum();
    }

    /** Rough number of floating-point operations of all tasks. */
    public double flops() {
        return tasks.stream().mapToDouble(PlannedTask::flops).sum();
    }
}

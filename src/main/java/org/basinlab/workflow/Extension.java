package org.basinlab.workflow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.basinlab.study.Arm;
import org.basinlab.study.ArmSize;
import org.basinlab.study.SeedRange;
import org.basinlab.study.Study;

/**
 * What further seeds add to a study that was planned before: the plan of the larger study, and which of its tasks are there.
 * Pure; time in proportion to the tasks.
 *
 * <p>The new networks stand behind the old ones in the order of every arm that they are added to, so every group of the earlier
 * plan is one of the larger plan, with the same leaves, number and tasks. Leaves that the earlier plan left out because they
 * filled no block are filled up with the first of the new ones; what fills no block of the larger plan is left out of it in its
 * turn. A tree that was incomplete and is whole now gets the controls that only whole trees have.
 *
 * <p>A task is there if its specification, its inputs and its place are those of an earlier task. Tasks that decide claims are
 * never taken over: the larger study has its own.
 */
public final class Extension {

    private static final int NEW = -1;

    private final Plan plan;

    /** By ordinal of the plan, the index of the earlier task. */
    private final int[] kept;

    private Extension(Plan plan, int[] kept) {
        this.plan = plan;
        this.kept = kept;
    }

    /** What makes two tasks of a study one; inputs are indices of earlier tasks. */
    private record Work(TaskSpec spec, List<Integer> inputs, Placement placement) {}

    /**
     * The study with more seeds: in its own population, and in every arm that has the same seeds as that. Arms with seeds of their
     * own stay as they are.
     *
     * @throws IllegalArgumentException if it trains nothing, has one of the seeds already, or would be too large
     */
    public static Study extend(Study study, SeedRange more) {
        if (study.arms().isEmpty()) {
            throw new IllegalArgumentException(
                    "a study must train networks to be extended, %s trains none".formatted(study.name()));
        }
        requireExact(more);
        List<SeedRange> own = study.arms().get(0).allSeeds();
        own.stream().filter(more::overlaps).findFirst().ifPresent(there -> {
            throw new IllegalArgumentException(
                    "the seeds of an extension must be new to the study, %s has %s of %s already (FROM:COUNT)"
                            .formatted(study.name(), there.label(), more.label()));
        });
        List<Arm> arms = study.arms().stream()
                .map(arm -> arm.allSeeds().equals(own) ? arm.extended(more) : arm)
                .toList();
        requireFew(arms, study.claims().size());
        return new Study(
                study.name(), study.paper(), study.seed(), study.exploratory(), arms, study.keep(), study.claims());
    }

    /** Beyond that, readers of JSON that have only doubles are not exact. */
    private static void requireExact(SeedRange more) {
        long largest = (1L << 53) - 1;
        if (more.from() > largest - more.count() + 1) {
            throw new IllegalArgumentException("the seeds of an extension must be at most %d, were %s (FROM:COUNT)"
                    .formatted(largest, more.label()));
        }
    }

    private static void requireFew(List<Arm> arms, int claims) {
        List<ArmSize> sizes = arms.stream().map(ArmSize::of).toList();
        long networks = sizes.stream().mapToLong(ArmSize::networks).max().orElse(0);
        require(networks, ArmSize.MOST_NETWORKS, "networks in an arm");
        require(sizes.stream().mapToLong(ArmSize::tasks).sum() + claims, ArmSize.MOST_TASKS, "tasks");
        require(sizes.stream().mapToLong(ArmSize::inputs).sum(), ArmSize.MOST_INPUTS, "inputs of tasks");
    }

    private static void require(long number, long most, String what) {
        if (number > most) {
            throw new IllegalArgumentException(
                    "an extended study must have at most %d %s, this one would have %d".formatted(most, what, number));
        }
    }

    /**
     * Finds the earlier tasks in the larger plan.
     *
     * @param before every task of the study that decides no claim, numbered in this list; inputs before what needs them
     * @throws IllegalArgumentException if the larger plan lacks one of them, as where another program planned them
     */
    public static Extension between(List<PlannedTask> before, Plan plan) {
        Map<Work, Deque<Integer>> known = new HashMap<>();
        for (PlannedTask task : before) {
            known.computeIfAbsent(new Work(task.spec(), task.inputs(), task.placement()), work -> new ArrayDeque<>())
                    .add(task.ordinal());
        }
        int[] kept = new int[plan.tasks().size()];
        Arrays.fill(kept, NEW);
        int found = 0;
        for (PlannedTask task : plan.tasks()) {
            List<Integer> inputs =
                    task.inputs().stream().map(input -> kept[input]).toList();
            Deque<Integer> same = inputs.contains(NEW) || task.spec().kind() == TaskSpec.Kind.JUDGE
                    ? null
                    : known.get(new Work(task.spec(), inputs, task.placement()));
            if (same != null && !same.isEmpty()) {
                kept[task.ordinal()] = same.remove();
                found++;
            }
        }
        if (found < before.size()) {
            throw new IllegalArgumentException(
                    "a study must be extended by a program that plans it as it was planned, this one lacks %d of its %d tasks"
                            .formatted(before.size() - found, before.size()));
        }
        return new Extension(plan, kept);
    }

    /** Of the whole larger study. */
    public Plan plan() {
        return plan;
    }

    /** The index of the earlier task that the task of this ordinal is; empty where it is new. */
    public OptionalInt kept(int ordinal) {
        return kept[ordinal] == NEW ? OptionalInt.empty() : OptionalInt.of(kept[ordinal]);
    }

    /** The new tasks, in the order of the plan. */
    public List<PlannedTask> added() {
        List<PlannedTask> added = new ArrayList<>(plan.tasks());
        added.removeIf(task -> kept(task.ordinal()).isPresent());
        return added;
    }

    /** Indices of the earlier tasks whose networks new tasks take, each once, in ascending order. */
    public List<Integer> taken() {
        return added().stream()
                .flatMap(task -> task.inputs().stream())
                .flatMapToInt(input -> kept(input).isPresent() ? IntStream.of(kept[input]) : IntStream.empty())
                .distinct()
                .sorted()
                .boxed()
                .toList();
    }
}

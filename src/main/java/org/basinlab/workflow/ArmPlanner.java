package org.basinlab.workflow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Split;
import org.basinlab.study.Arm;
import org.basinlab.study.Study;

/** Lays out one population, one network after another; see {@link Planner} for the order and the groups. */
final class ArmPlanner {

    private static final List<Split> SPLITS = List.of(Split.TEST, Split.TRAIN);

    private final Study study;
    private final Arm arm;
    private final List<PlannedTask> tasks;
    private final Costs costs;
    private final List<Level> levels;
    private final List<TaskSpec.Evaluate> evaluations;

    /** Leaf seeds in the arm's order. */
    private final long[] leaves;

    /** By position in the arm's order, the task that trains the leaf. */
    private final int[] trainings;

    private int networks;

    /** @param tasks of the plan so far; this arm's are added */
    ArmPlanner(Study study, Arm arm, List<PlannedTask> tasks) {
        this.study = study;
        this.arm = arm;
        this.tasks = tasks;
        this.costs = new Costs(arm.network(), arm.dataset().name());
        this.levels = levels(arm);
        this.evaluations = evaluations(arm);
        this.leaves = leaves(study, arm);
        this.trainings = new int[leaves.length];
    }

    /** One size of groups of one scheme, with the tasks that made its networks so far. */
    private record Level(MergeScheme scheme, int size, Optional<Level> below, List<Integer> made) {}

    /** Smaller groups first, so that the two halves of a pair stand before the pair; otherwise as the study has them. */
    private static List<Level> levels(Arm arm) {
        List<Level> levels = new ArrayList<>();
        for (MergeScheme scheme : arm.merge()) {
            Optional<Level> below = Optional.empty();
            for (int size : scheme.sizes()) {
                Level level = new Level(scheme, size, below, new ArrayList<>());
                levels.add(level);
                below = scheme.pairwise() ? Optional.of(level) : Optional.empty();
            }
        }
        levels.sort(Comparator.comparingInt(Level::size));
        return levels;
    }

    private static List<TaskSpec.Evaluate> evaluations(Arm arm) {
        List<TaskSpec.Evaluate> evaluations = new ArrayList<>();
        for (MetricRequest metric : arm.evaluate()) {
            if (metric.readsImages()) {
                SPLITS.forEach(split -> evaluations.add(
                        new TaskSpec.Evaluate(metric, Optional.of(new TaskSpec.Images(arm.dataset(), split)))));
            } else {
                evaluations.add(new TaskSpec.Evaluate(metric, Optional.empty()));
            }
        }
        return evaluations;
    }

    private static long[] leaves(Study study, Arm arm) {
        long[] seeds = arm.seeds().stream().toArray();
        long orderSeed = Seeds.derive(study.seed(), "order/" + arm.name());
        return Arrays.stream(Seeds.shuffled(seeds.length, Seeds.generator(orderSeed)))
                .mapToLong(i -> seeds[i])
                .toArray();
    }

    /** Adds the arm's tasks; returns how many networks they make. */
    int plan() {
        for (int position = 0; position < leaves.length; position++) {
            train(position);
            for (Level level : levels) {
                if ((position + 1) % level.size == 0) {
                    merge(level, (position + 1) / level.size - 1);
                }
            }
        }
        return networks;
    }

    private void train(int position) {
        TaskSpec.Train spec = new TaskSpec.Train(
                arm.dataset(), arm.network(), arm.training(), Seeds.derive(study.seed(), "train", leaves[position]));
        Placement placement = new Placement(
                arm.name(), "trained", OptionalInt.of(0), 1, position, "none", "", OptionalLong.of(leaves[position]));
        trainings[position] = network(spec, List.of(), placement, costs.train(arm.training()));
    }

    private void merge(Level level, int group) {
        MergeScheme scheme = level.scheme;
        int first = group * level.size;
        long seed = Seeds.derive(study.seed(), "merge", Arrays.copyOfRange(leaves, first, first + level.size));
        Placement placement = new Placement(
                arm.name(),
                scheme.label(),
                stage(level.size),
                level.size,
                group,
                scheme.matchingLabel(),
                scheme.variant(),
                OptionalLong.empty());
        TaskSpec.Merge spec = new TaskSpec.Merge(scheme.step(), seed);
        List<Integer> inputs = inputs(level, group);
        level.made.add(network(spec, inputs, placement, costs.merge(spec.step(), inputs.size())));
    }

    /** The two halves of a pair as they were merged; else the leaves. */
    private List<Integer> inputs(Level level, int group) {
        return level.below
                .map(below -> List.of(below.made.get(2 * group), below.made.get(2 * group + 1)))
                .orElseGet(() -> IntStream.range(group * level.size, (group + 1) * level.size)
                        .mapToObj(position -> trainings[position])
                        .toList());
    }

    private static OptionalInt stage(int size) {
        return Integer.bitCount(size) == 1 ? OptionalInt.of(Integer.numberOfTrailingZeros(size)) : OptionalInt.empty();
    }

    /** A task that makes a network, and those that measure it; returns the ordinal of the first. */
    private int network(TaskSpec spec, List<Integer> inputs, Placement placement, double flops) {
        int ordinal = tasks.size();
        tasks.add(new PlannedTask(ordinal, spec, inputs, placement, flops));
        for (TaskSpec.Evaluate evaluation : evaluations) {
            tasks.add(
                    new PlannedTask(tasks.size(), evaluation, List.of(ordinal), placement, costs.evaluate(evaluation)));
        }
        networks++;
        return ordinal;
    }
}

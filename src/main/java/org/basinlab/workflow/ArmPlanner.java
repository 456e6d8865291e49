package org.basinlab.workflow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.basinlab.recipe.ControlStep;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.TrainingRecipe;
import org.basinlab.study.Arm;
import org.basinlab.study.Control;
import org.basinlab.study.SeedRange;
import org.basinlab.study.Study;

/** Lays out one population, one network after another; see {@link Planner} for the order and the groups. */
final class ArmPlanner {

    private final Study study;
    private final Arm arm;
    private final List<PlannedTask> tasks;
    private final Costs costs;
    private final Measures measures;
    private final ControlPlanner controls;
    private final List<Level> levels;

    /** Leaf seeds in the arm's order. */
    private final long[] leaves;

    /** By position in the arm's order, the task that trains the leaf. */
    private final int[] trainings;

    /** The tasks that trained the networks along the L2 path of the tree in work. */
    private List<Integer> path = List.of();

    private int networks;

    /** @param tasks of the plan so far; this arm's are added */
    ArmPlanner(Study study, Arm arm, List<PlannedTask> tasks) {
        this.study = study;
        this.arm = arm;
        this.tasks = tasks;
        this.costs = new Costs(arm.network(), arm.dataset().name());
        this.measures = new Measures(study, arm);
        this.controls = new ControlPlanner(study, arm);
        this.levels = levels();
        this.leaves = leaves(study, arm);
        this.trainings = new int[leaves.length];
    }

    /**
     * One size of groups of one scheme, with the tasks that made its networks so far.
     *
     * @param tree whether it is of the arm's first tree
     * @param many whether it is of the arm's first MergeMany
     */
    private record Level(
            MergeScheme scheme,
            int size,
            Optional<Level> below,
            List<TaskSpec.Evaluate> evaluations,
            boolean tree,
            boolean many,
            List<Integer> made) {}

    /** Smaller groups first, so that the two halves of a pair stand before the pair; otherwise as the study has them. */
    private List<Level> levels() {
        List<Level> levels = new ArrayList<>();
        for (MergeScheme scheme : arm.merge()) {
            boolean tree = arm.tree().filter(scheme::equals).isPresent();
            boolean many = arm.mergeMany().filter(scheme::equals).isPresent();
            List<TaskSpec.Evaluate> evaluations = arm.isPrimary(scheme) ? measures.ofPrimary() : measures.ofEvery();
            Optional<Level> below = Optional.empty();
            for (int size : scheme.sizes()) {
                Level level = new Level(scheme, size, below, evaluations, tree, many, new ArrayList<>());
                levels.add(level);
                below = scheme.pairwise() ? Optional.of(level) : Optional.empty();
            }
        }
        levels.sort(Comparator.comparingInt(Level::size));
        return levels;
    }

    /** The first seeds in the order that they always had, then those of each extension in one of their own. */
    private static long[] leaves(Study study, Arm arm) {
        String role = "order/" + arm.order();
        LongStream leaves = shuffled(arm.seeds(), Seeds.derive(study.seed(), role));
        for (SeedRange more : arm.extensions()) {
            leaves = LongStream.concat(
                    leaves, shuffled(more, Seeds.derive(study.seed(), role, more.from(), more.count())));
        }
        return leaves.toArray();
    }

    private static LongStream shuffled(SeedRange range, long orderSeed) {
        long[] seeds = range.stream().toArray();
        return Arrays.stream(Seeds.shuffled(seeds.length, Seeds.generator(orderSeed)))
                .mapToLong(i -> seeds[i]);
    }

    /** Adds the arm's tasks; returns how many networks they make. */
    int plan() {
        for (TaskSpec.Evaluate evaluation : measures.exact()) {
            add(evaluation, List.of(), controls.exact(evaluation), costs.evaluate(evaluation, 0));
        }
        for (int position = 0; position < leaves.length; position++) {
            train(position);
            for (Level level : levels) {
                if ((position + 1) % level.size == 0) {
                    merge(level, (position + 1) / level.size - 1);
                }
            }
            for (int size : controls.sizesOfEnsembles()) {
                if ((position + 1) % size == 0) {
                    together(controls.ensemblesOf(size), size, (position + 1) / size - 1);
                }
            }
        }
        return networks;
    }

    private void train(int position) {
        TrainingRecipe training = arm.training().at(position);
        TaskSpec.Train spec = new TaskSpec.Train(
                arm.dataset(), arm.network(), training, Seeds.derive(study.seed(), "train", leaves[position]));
        Placement placement = new Placement(
                arm.name(), "trained", OptionalInt.of(0), 1, position, "none", "", OptionalLong.of(leaves[position]));
        trainings[position] = network(spec, List.of(), placement, costs.train(training), measures.ofPrimary());
        lookInto(measures.ofGroup(), trainings[position], List.of(), placement);
    }

    private void merge(Level level, int group) {
        MergeScheme scheme = level.scheme;
        Placement placement = new Placement(
                arm.name(),
                scheme.label(),
                stage(level.size),
                level.size,
                group,
                scheme.matchingLabel(),
                scheme.variant(),
                OptionalLong.empty());
        TaskSpec.Merge spec = spec(level, group);
        List<Integer> inputs = inputs(level, group);
        int made = network(spec, inputs, placement, costs.merge(spec, inputs.size()), level.evaluations);
        level.made.add(made);
        if (level.tree) {
            lookInto(measures.ofPair(level.scheme, level.size), made, inputs, placement);
            againstControls(group, placement, made);
        }
        if (arm.isMeanOfNetworks(scheme)) {
            lookInto(measures.ofGroup(), made, inputs, placement);
        }
        if (level.many) {
            lookInto(measures.ofRounds(level.scheme, spec), made, inputs, placement);
        }
    }

    private TaskSpec.Merge spec(Level level, int group) {
        return new TaskSpec.Merge(
                level.scheme.step(),
                Seeds.derive(study.seed(), mergeRole(level.scheme), leaves(group, level.size)),
                measures.ofMerging(level.scheme));
    }

    /** Layers are visited in an order that the seed draws: another order is another role. */
    private static String mergeRole(MergeScheme scheme) {
        return scheme instanceof MergeScheme.Hierarchical tree
                        && tree.sweepOrder().isPresent()
                ? "merge/sweep-" + tree.sweepOrder().get()
                : "merge";
    }

    /** The two halves of a pair as they were merged; else the leaves. */
    private List<Integer> inputs(Level level, int group) {
        return level.below
                .map(below -> List.of(below.made.get(2 * group), below.made.get(2 * group + 1)))
                .orElseGet(() -> trainings(group, level.size));
    }

    private List<Integer> trainings(int group, int size) {
        return IntStream.range(group * size, (group + 1) * size)
                .mapToObj(position -> trainings[position])
                .toList();
    }

    private long[] leaves(int group, int size) {
        return Arrays.copyOfRange(leaves, group * size, (group + 1) * size);
    }

    private static OptionalInt stage(int size) {
        return Integer.bitCount(size) == 1 ? OptionalInt.of(Integer.numberOfTrailingZeros(size)) : OptionalInt.empty();
    }

    /** Measurements of a merge that also look at what it was made of. */
    private void lookInto(List<TaskSpec.Evaluate> evaluations, int made, List<Integer> of, Placement placement) {
        List<Integer> inputs = new ArrayList<>(List.of(made));
        inputs.addAll(of);
        evaluations.forEach(evaluation -> add(evaluation, inputs, placement, costs.evaluate(evaluation, of.size())));
    }

    private void againstControls(int group, Placement merge, int target) {
        int size = merge.groupSize();
        together(controls.ensemblesOfTree(), size, group);
        if (!controls.isTarget(group, size)) {
            return;
        }
        int first = group * size;
        if (size == 2) {
            path = path(first, controls.treeOf(group, size));
        }
        for (ControlStep step : controls.steps(leaves[first])) {
            TaskSpec.Control spec = controls.spec(step, leaves(group, size));
            network(
                    spec,
                    inputs(step, target, trainings[first]),
                    controls.at(step, merge, leaves[first]),
                    costs.control(spec),
                    measures.ofPrimary());
        }
    }

    /** Leaves that answer as one; aligned as networks are with a reference of the same leaves. */
    private void together(List<Control.Ensemble> ensembles, int size, int group) {
        if (ensembles.isEmpty()) {
            return;
        }
        List<Integer> members = trainings(group, size);
        long seed = Seeds.derive(study.seed(), "merge", leaves(group, size));
        for (Control.Ensemble ensemble : ensembles) {
            for (TaskSpec.Combination how : ControlPlanner.combinations(ensemble)) {
                Placement placement = controls.ensemble(ensemble, how, stage(size), size, group);
                measures.ofEnsemble(how, seed)
                        .forEach(evaluation -> add(evaluation, members, placement, costs.evaluate(evaluation, size)));
            }
        }
    }

    private List<Integer> inputs(ControlStep step, int target, int leaf) {
        if (step instanceof ControlStep.EarlyStop) {
            return List.of(target);
        }
        List<Integer> inputs = new ArrayList<>(List.of(target, leaf));
        if (step instanceof ControlStep.L2Path) {
            inputs.addAll(path);
        }
        return inputs;
    }

    /** Trains the networks along the L2 path of a tree, which the controls of all its stages share. */
    private List<Integer> path(int first, int tree) {
        List<Integer> made = new ArrayList<>();
        for (double coefficient :
                controls.path().map(Control.L2Path::coefficients).orElse(List.of())) {
            TaskSpec.Train spec = controls.pathTraining(coefficient, leaves[first]);
            made.add(network(
                    spec,
                    List.of(),
                    controls.onPath(coefficient, tree, leaves[first]),
                    costs.train(spec.training()),
                    measures.ofPath()));
        }
        return made;
    }

    /** A task that makes a network, and those that measure it; returns the ordinal of the first. */
    private int network(
            TaskSpec spec,
            List<Integer> inputs,
            Placement placement,
            double flops,
            List<TaskSpec.Evaluate> evaluations) {
        int ordinal = add(spec, inputs, placement, flops);
        for (TaskSpec.Evaluate evaluation : evaluations) {
            add(evaluation, List.of(ordinal), placement, costs.evaluate(evaluation, 1));
        }
        networks++;
        return ordinal;
    }

    private int add(TaskSpec spec, List<Integer> inputs, Placement placement, double flops) {
        int ordinal = tasks.size();
        tasks.add(new PlannedTask(ordinal, spec, inputs, placement, flops));
        return ordinal;
    }
}

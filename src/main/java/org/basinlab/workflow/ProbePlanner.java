package org.basinlab.workflow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.basinlab.recipe.ProbeBehaviour;
import org.basinlab.recipe.Seeds;
import org.basinlab.study.Arm;
import org.basinlab.study.Probe;
import org.basinlab.study.Study;

/** Lays out tasks that compute nothing; inputs come first, and of a tree each pair before the next leaf. */
final class ProbePlanner {

    /** A second of waiting counts as what a slot computes in it, so that times are estimated alike. */
    private static final double FLOPS_A_SECOND = 120e9;

    /** A task that waits for nothing still takes about a millisecond. */
    private static final double LEAST_SECONDS = 0.001;

    private final Study study;
    private final Probe probe;
    private final RandomGenerator random;
    private final List<PlannedTask> tasks = new ArrayList<>();

    private ProbePlanner(Study study, Probe probe) {
        this.study = study;
        this.probe = probe;
        this.random = Seeds.generator(Seeds.derive(study.seed(), "probe"));
    }

    static List<PlannedTask> plan(Study study, Probe probe) {
        ProbePlanner planner = new ProbePlanner(study, probe);
        switch (probe.shape()) {
            case WIDE -> planner.wide(probe.tasks());
            case CHAIN -> planner.chain();
            case FAN_IN -> {
                planner.wide(probe.tasks() - 1);
                planner.add(IntStream.range(0, probe.tasks() - 1).boxed().toList());
            }
            case TREE -> planner.tree();
        }
        return planner.tasks;
    }

    private void wide(int count) {
        for (int i = 0; i < count; i++) {
            add(List.of());
        }
    }

    private void chain() {
        add(List.of());
        for (int i = 1; i < probe.tasks(); i++) {
            add(List.of(i - 1));
        }
    }

    /** A tree of n leaves has 2n − 1 tasks; of an even number the last task takes the top of the tree alone. */
    private void tree() {
        int leaves = (probe.tasks() + 1) / 2;
        Deque<Integer> open = new ArrayDeque<>();
        for (int leaf = 1; leaf <= leaves; leaf++) {
            open.push(add(List.of()));
            for (int done = leaf; done % 2 == 0; done /= 2) {
                pair(open);
            }
        }
        while (open.size() > 1) {
            pair(open);
        }
        if (tasks.size() < probe.tasks()) {
            add(List.copyOf(open));
        }
    }

    private void pair(Deque<Integer> open) {
        int second = open.pop();
        int first = open.pop();
        open.push(add(List.of(first, second)));
    }

    private int add(List<Integer> inputs) {
        int ordinal = tasks.size();
        String label = probe.label()
                .orElse("%s/%s/%d/%d".formatted(study.name(), probe.shape().label(), study.seed(), ordinal));
        Placement placement =
                new Placement(Arm.MAIN, "probe", OptionalInt.empty(), 1, ordinal, "none", "", OptionalLong.empty());
        tasks.add(new PlannedTask(
                ordinal,
                new TaskSpec.Probe(label, probe.seconds(), behaviour()),
                inputs,
                placement,
                Math.max(LEAST_SECONDS, probe.seconds()) * FLOPS_A_SECOND));
        return ordinal;
    }

    /** One draw a task, whatever is asked for: another share changes no other task's lot. */
    private ProbeBehaviour behaviour() {
        double draw = random.nextDouble();
        double sum = 0;
        for (Probe.Share share : probe.misbehave()) {
            sum += share.of();
            if (draw < sum) {
                return share.behaviour();
            }
        }
        return ProbeBehaviour.OK;
    }
}

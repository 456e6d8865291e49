package org.basinlab.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.basinlab.recipe.ControlStep;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Penalty;
import org.basinlab.recipe.Permuted;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Split;
import org.basinlab.study.ArmSize;
import org.basinlab.study.ClaimRegister;
import org.basinlab.study.ShippedStudies;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlPlannerTest {

    private static final String EVERYTHING = """
            controls: [naive-tree, equal-accuracy-early-stop, equal-accuracy-weight-noise, norm-rescaled, noise-matched,
                       logit-ensemble, { equal-accuracy-l2: { coefficients: [0.001, 0.03], refinements: 1 } }]
            merge:
              - { scheme: merge-many, groups: [4, 8], rounds: [converged, 1], stop: [l2, identity] }
              - { scheme: hierarchical, stages: 2, permute: [second, first, better], sweepOrders: 3 }
              - { scheme: hierarchical, stages: 3, share: 0.25 }
              - { scheme: reference, groups: [4] }
            evaluate:
              accuracy: { train: 100 }
              weight-norm: {}
              calibration: {}
              lipschitz: {}
              fgsm: { epsilons: [0, 0.1], space: [pixel, normalised], images: 100, of: all }
              pgd: { linf: [0.1], l2: [0.5], images: 10 }
              weight-noise: { sigmas: [0.1], images: 10 }
              barrier: { nodes: all, images: 50 }
              running-mean: { split: train, images: 60 }
            factors: { training.l1: [0.001, 0], order: [0, 1] }
            arms: { plain: { merge: false }, other: { evaluate: { barrier: { nodes: pairs } } } }
            """;

    private static Study study(int count, String rest) {
        return StudyFile.read("""
                study: planned
                seed: 3
                dataset: { name: cifar10 }
                network: { mlp: { hidden: [32, 16] } }
                training:
                  seeds: { from: 10, count: %d }
                  epochs: 3
                  optimiser: { sgd: { learningRate: 0.1 } }
                  checkpoints: { every: 100 }
                %s
                """.formatted(count, rest), "planned.yaml");
    }

    private static List<PlannedTask> where(Plan plan, Predicate<PlannedTask> holds) {
        return plan.tasks().stream().filter(holds).toList();
    }

    private static List<PlannedTask> evaluations(Plan plan, Class<? extends MetricRequest> metric) {
        return where(
                plan,
                task -> task.spec() instanceof TaskSpec.Evaluate evaluate && metric.isInstance(evaluate.metric()));
    }

    private static boolean primaryTree(Placement at) {
        return at.scheme().equals("hierarchical") && at.variant().isEmpty();
    }

    static List<Study> studies() {
        List<Study> studies = new ArrayList<>();
        for (int count : List.of(8, 9, 13, 16, 31)) {
            studies.add(study(count, EVERYTHING));
        }
        for (String name : ShippedStudies.names()) {
            Study study = StudyFile.read(ShippedStudies.find(name).orElseThrow(), name);
            if (study.probe().isEmpty()) {
                studies.add(study);
            }
        }
        return studies;
    }

    @ParameterizedTest
    @MethodSource("studies")
    void the_plan_is_as_large_as_its_size_says(Study study) {
        Plan plan = Planner.plan(study);

        List<ArmSize> sizes = study.arms().stream().map(ArmSize::of).toList();
        List<PlannedTask> judges = where(plan, task -> task.spec().kind() == TaskSpec.Kind.JUDGE);
        assertThat(plan.tasks())
                .hasSize((int) sizes.stream().mapToLong(ArmSize::tasks).sum() + judges.size());
        long papers = study.claims().stream()
                .map(claim -> ClaimRegister.shipped().get(claim).paper().id())
                .distinct()
                .count();
        assertThat(judges).hasSize((int) papers);
        assertThat(where(
                        plan,
                        task -> task.spec().kind() != TaskSpec.Kind.EVALUATE
                                && task.spec().kind() != TaskSpec.Kind.JUDGE))
                .hasSize((int) sizes.stream().mapToLong(ArmSize::networks).sum());
        assertThat(plan.tasks().stream().mapToLong(task -> task.inputs().size()).sum())
                .isEqualTo(sizes.stream().mapToLong(ArmSize::inputs).sum());
    }

    @Test
    void no_two_networks_and_no_two_measurements_stand_in_one_place() {
        Plan plan = Planner.plan(study(13, EVERYTHING));

        Set<String> places = new HashSet<>();
        for (PlannedTask task : plan.tasks()) {
            String what = task.spec() instanceof TaskSpec.Evaluate evaluate
                    ? evaluate.metric() + " " + evaluate.images()
                    : "network";
            assertThat(places.add(task.placement() + " " + what))
                    .as("%s %s", what, task.placement())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 11})
    void a_barrier_takes_a_merge_and_its_two_halves(int count) {
        Plan plan = Planner.plan(study(count, EVERYTHING));

        List<PlannedTask> barriers = evaluations(plan, MetricRequest.Barrier.class);
        assertThat(barriers).isNotEmpty().allSatisfy(task -> {
            PlannedTask merged = plan.tasks().get(task.inputs().get(0));
            assertThat(merged.placement()).isEqualTo(task.placement());
            assertThat(primaryTree(merged.placement())).isTrue();
            assertThat(merged.spec()).isInstanceOf(TaskSpec.Merge.class);
            assertThat(task.inputs().subList(1, 3)).isEqualTo(merged.inputs());
        });
        assertThat(barriers.stream().filter(task -> task.placement().arm().equals("main")))
                .hasSize(count / 2 + count / 4);
        assertThat(barriers.stream().filter(task -> task.placement().arm().equals("other")))
                .hasSize(count / 2);
    }

    @Test
    void a_running_mean_takes_a_merge_and_its_leaves_and_repeats_its_step() {
        Plan plan = Planner.plan(study(9, EVERYTHING));

        List<PlannedTask> means = evaluations(plan, MetricRequest.RunningMean.class);
        assertThat(means).hasSize(5 * (2 + 1)).allSatisfy(task -> {
            PlannedTask merged = plan.tasks().get(task.inputs().get(0));
            TaskSpec.Merge made = (TaskSpec.Merge) merged.spec();
            TaskSpec.Evaluate mean = (TaskSpec.Evaluate) task.spec();
            assertThat(merged.placement().variant()).isEqualTo("rounds=converged,stop=l2");
            assertThat(task.inputs().subList(1, task.inputs().size())).isEqualTo(merged.inputs());
            assertThat(mean.metric())
                    .isEqualTo(new MetricRequest.RunningMean((MergeStep.Many) made.step(), made.seed()));
            assertThat(mean.images().orElseThrow().split()).isEqualTo(Split.TRAIN);
            assertThat(mean.images().orElseThrow().count()).isEqualTo(60);
        });
    }

    @Test
    void controls_are_set_against_the_first_merge_of_every_stage_of_a_whole_tree() {
        Plan plan = Planner.plan(study(11, EVERYTHING));

        List<PlannedTask> controls = where(
                plan,
                task -> task.spec() instanceof TaskSpec.Control
                        && task.placement().arm().equals("main"));
        assertThat(controls).hasSize(2 * 2 * 5).allSatisfy(task -> {
            PlannedTask target = plan.tasks().get(task.inputs().get(0));
            Placement at = task.placement();
            assertThat(primaryTree(target.placement())).isTrue();
            assertThat(at.stage()).isEqualTo(target.placement().stage());
            assertThat(at.groupSize()).isEqualTo(target.placement().groupSize());
            assertThat(at.groupId()).isEqualTo(target.placement().groupId());
            assertThat(at.groupId() * at.groupSize() % 4).isZero();
            PlannedTask leaf = firstLeaf(plan, target);
            assertThat(at.seed()).isEqualTo(leaf.placement().seed());
            ControlStep step = ((TaskSpec.Control) task.spec()).step();
            assertThat(at.scheme()).isEqualTo(step.label());
            if (step instanceof ControlStep.EarlyStop stop) {
                assertThat(task.inputs()).hasSize(1);
                assertThat(stop.trainingSeed()).isEqualTo(((TaskSpec.Train) leaf.spec()).seed());
                assertThat(stop.training().snapshotEvery()).isEmpty();
            } else {
                assertThat(task.inputs().get(1)).isEqualTo(leaf.ordinal());
                assertThat(task.inputs()).hasSize(step instanceof ControlStep.L2Path ? 4 : 2);
            }
        });
        assertThat(controls.stream().map(task -> ((TaskSpec.Control) task.spec()).seed()))
                .doesNotHaveDuplicates();
    }

    private static PlannedTask firstLeaf(Plan plan, PlannedTask merge) {
        PlannedTask node = merge;
        while (!node.inputs().isEmpty()) {
            node = plan.tasks().get(node.inputs().get(0));
        }
        return node;
    }

    @Test
    void the_networks_of_an_l2_path_are_the_first_leaf_s_training_with_another_penalty() {
        Plan plan = Planner.plan(study(9, EVERYTHING));

        List<PlannedTask> path = where(
                plan,
                task -> task.spec() instanceof TaskSpec.Train
                        && task.placement().scheme().equals("l2-path")
                        && task.placement().arm().equals("main"));
        assertThat(path)
                .extracting(task ->
                        task.placement().groupId() + " " + task.placement().variant())
                .containsExactly("0 l2=0.001", "0 l2=0.03", "1 l2=0.001", "1 l2=0.03");
        for (PlannedTask task : path) {
            TaskSpec.Train train = (TaskSpec.Train) task.spec();
            assertThat(train.training().penalty())
                    .contains(new Penalty(0.001, task.placement().variant().equals("l2=0.001") ? 0.001 : 0.03));
            assertThat(train.training().snapshotEvery()).isEmpty();
            PlannedTask leaf = where(
                            plan,
                            other -> other.placement().scheme().equals("trained")
                                    && other.placement()
                                            .seed()
                                            .equals(task.placement().seed()))
                    .get(0);
            assertThat(train.seed()).isEqualTo(((TaskSpec.Train) leaf.spec()).seed());
            assertThat(leaf.placement().groupId())
                    .isEqualTo(4 * task.placement().groupId());
            assertThat(where(plan, other -> other.inputs().equals(List.of(task.ordinal()))))
                    .extracting(
                            other -> ((TaskSpec.Evaluate) other.spec()).metric().label())
                    .containsExactly("accuracy", "accuracy", "weight-norm");
        }
        assertThat(where(
                        plan,
                        task -> task.spec() instanceof TaskSpec.Control control
                                && control.step() instanceof ControlStep.L2Path))
                .allSatisfy(task -> assertThat(task.inputs().subList(2, 4))
                        .allSatisfy(input -> assertThat(
                                        plan.tasks().get(input).placement().scheme())
                                .isEqualTo("l2-path")));
    }

    @Test
    void an_ensemble_is_the_leaves_of_a_merge_in_order_and_no_network() {
        Plan plan = Planner.plan(study(9, EVERYTHING));

        List<PlannedTask> ensembles = where(
                plan,
                task -> task.placement().scheme().equals("logit-ensemble")
                        && task.placement().arm().equals("main"));
        assertThat(ensembles).hasSize((4 + 2) * 3).allSatisfy(task -> {
            assertThat(((TaskSpec.Evaluate) task.spec()).combination()).contains(TaskSpec.Combination.LOGIT_MEAN);
            Placement at = task.placement();
            assertThat(task.inputs()).hasSize(at.groupSize());
            for (int i = 0; i < at.groupSize(); i++) {
                Placement member = plan.tasks().get(task.inputs().get(i)).placement();
                assertThat(member.scheme()).isEqualTo("trained");
                assertThat(member.groupId()).isEqualTo(at.groupId() * at.groupSize() + i);
            }
        });
    }

    @Test
    void what_is_asked_of_primary_networks_is_asked_of_no_other() {
        Plan plan = Planner.plan(study(8, EVERYTHING));

        assertThat(evaluations(plan, MetricRequest.Pgd.class))
                .extracting(task ->
                        task.placement().scheme() + " " + task.placement().variant())
                .contains("trained ", "noise-matched ", "naive ")
                .contains("hierarchical ", "merge-many rounds=converged,stop=l2")
                .doesNotContain("hierarchical permute=first", "hierarchical share=0.25", "hierarchical permute=better")
                .doesNotContain("reference ")
                .doesNotContain("merge-many rounds=1,stop=l2", "merge-many rounds=converged,stop=identity")
                .doesNotContain("l2-path l2=0.001", "logit-ensemble ");
        assertThat(evaluations(plan, MetricRequest.Fgsm.class))
                .extracting(task ->
                        task.placement().scheme() + " " + task.placement().variant())
                .contains("hierarchical share=0.25", "merge-many rounds=1,stop=identity", "reference ")
                .doesNotContain("l2-path l2=0.001", "logit-ensemble ");
    }

    @ParameterizedTest
    @CsvSource({"train: 100, 10000", "test: 700, 700", "test: false, 10000"})
    void equal_accuracy_is_sought_on_the_images_that_accuracy_is_measured_on(String accuracy, int images) {
        Plan plan = Planner.plan(study(2, """
                controls: [equal-accuracy-weight-noise]
                merge: [ { scheme: hierarchical, stages: 1 } ]
                evaluate: { accuracy: { %s } }
                """.formatted(accuracy)));

        assertThat(where(plan, task -> task.spec() instanceof TaskSpec.Control))
                .singleElement()
                .extracting(task -> ((TaskSpec.Control) task.spec()).images().map(TaskSpec.Images::count))
                .isEqualTo(Optional.of(images));
    }

    @Test
    void a_random_metric_has_one_seed_for_all_networks() {
        Plan plan = Planner.plan(study(8, EVERYTHING));

        assertThat(evaluations(plan, MetricRequest.WeightNoise.class))
                .extracting(task -> ((TaskSpec.Evaluate) task.spec()).seed())
                .containsOnly(Optional.of(Seeds.derive(3, "evaluate/weight-noise")));
        assertThat(evaluations(plan, MetricRequest.Fgsm.class))
                .extracting(task -> ((TaskSpec.Evaluate) task.spec()).seed())
                .containsOnly(Optional.empty());
    }

    @Test
    void directions_share_their_seeds_and_sweep_orders_have_their_own() {
        Plan plan = Planner.plan(study(8, EVERYTHING));

        List<PlannedTask> pairs = where(
                plan,
                task -> task.spec() instanceof TaskSpec.Merge
                        && task.placement().arm().equals("main")
                        && task.placement().scheme().equals("hierarchical")
                        && task.placement().groupSize() == 2
                        && task.placement().groupId() == 1
                        && !task.placement().variant().contains("share"));
        assertThat(pairs)
                .extracting(task -> task.placement().variant())
                .containsExactly("", "permute=first", "permute=better", "sweep=2", "sweep=3");
        List<Long> seeds = pairs.stream()
                .map(task -> ((TaskSpec.Merge) task.spec()).seed())
                .toList();
        assertThat(seeds.subList(0, 3)).containsOnly(seeds.get(0));
        assertThat(new HashSet<>(seeds)).hasSize(3);
        assertThat(pairs).allSatisfy(task -> {
            TaskSpec.Merge merge = (TaskSpec.Merge) task.spec();
            boolean better = ((MergeStep.Pair) merge.step()).permute().equals(Optional.of(Permuted.BETTER));
            assertThat(merge.images().map(TaskSpec.Images::count))
                    .isEqualTo(better ? Optional.of(10_000) : Optional.empty());
        });
    }

    @Test
    void arms_of_factors_train_the_same_leaves_and_have_the_same_groups() {
        Study study = study(12, """
                merge: [ { scheme: hierarchical, stages: 2 } ]
                factors: { merge.hierarchical.share: [0.5, 0.3], order: [0, 1] }
                arms: { named: {} }
                """);

        Plan plan = Planner.plan(study);

        List<TaskSpec> main = trainings(plan, "main");
        assertThat(trainings(plan, "share=0.3")).isEqualTo(main);
        assertThat(trainings(plan, "order=1")).hasSameElementsAs(main).isNotEqualTo(main);
        assertThat(trainings(plan, "share=0.3,order=1")).isEqualTo(trainings(plan, "order=1"));
        assertThat(trainings(plan, "named")).hasSameElementsAs(main).isNotEqualTo(main);
    }

    private static List<TaskSpec> trainings(Plan plan, String arm) {
        return where(
                        plan,
                        task -> task.placement().scheme().equals("trained")
                                && task.placement().arm().equals(arm)
                                && task.spec() instanceof TaskSpec.Train)
                .stream()
                .map(PlannedTask::spec)
                .toList();
    }

    @Test
    void every_task_has_a_cost_and_outcomes_have_a_size() {
        Plan plan = Planner.plan(study(8, EVERYTHING));

        assertThat(plan.tasks()).allSatisfy(task -> assertThat(task.flops()).isPositive());
        assertThat(plan.outcomeBytes()).isGreaterThan(0).isLessThan(plan.checkpointBytes());
    }

    @Test
    void the_large_studies_are_planned_at_once() {
        for (String name : List.of("hierarchical-rebasin-verdict", "hierarchical-rebasin")) {
            Study study = StudyFile.read(ShippedStudies.find(name).orElseThrow(), name);

            long started = System.nanoTime();
            Plan plan = Planner.plan(study);
            double seconds = (System.nanoTime() - started) * 1e-9;

            assertThat(plan.tasks()).hasSizeBetween(10_000, ArmSize.MOST_TASKS);
            assertThat(seconds).isLessThan(5);
        }
    }
}

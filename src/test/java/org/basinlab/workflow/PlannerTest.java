package org.basinlab.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.Seeds;
import org.basinlab.study.Arm;
import org.basinlab.study.ArmSize;
import org.basinlab.study.ShippedStudies;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlannerTest {

    private static final int SHARED_SEEDS = 6;

    private static Study study(int seed, int count, String rest) {
        return StudyFile.read("""
                study: planned
                seed: %d
                dataset: { name: cifar10 }
                network: { mlp: { hidden: [32, 16] } }
                training: { seeds: { from: 10, count: %d }, epochs: 3, optimiser: { sgd: { learningRate: 0.1 } } }
                %s
                """.formatted(seed, count, rest), "planned.yaml");
    }

    private static final String EVERY_SCHEME = """
            merge:
              - { scheme: hierarchical, stages: 3 }
              - { scheme: merge-many, groups: [4, 8, 3] }
              - { scheme: merge-many, groups: [4], rounds: 1 }
              - { scheme: reference, groups: [2, 4] }
              - { scheme: naive, groups: [2, 4, 8] }
            """;

    private static List<PlannedTask> makers(Plan plan, Predicate<Placement> where) {
        return plan.tasks().stream()
                .filter(task -> task.spec().kind() != TaskSpec.Kind.EVALUATE)
                .filter(task -> where.test(task.placement()))
                .toList();
    }

    /** Leaf seeds of every network, in order, by the ordinal of the task that makes it; found from the inputs alone. */
    private static Map<Integer, List<Long>> leaves(Plan plan) {
        Map<Integer, List<Long>> leaves = new HashMap<>();
        for (PlannedTask task : makers(plan, placement -> true)) {
            List<Long> own = new ArrayList<>();
            task.placement().seed().ifPresent(own::add);
            task.inputs().forEach(input -> own.addAll(leaves.getOrDefault(input, List.of())));
            leaves.put(task.ordinal(), own);
        }
        return leaves;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 6})
    void a_tree_of_two_to_the_k_leaves_has_one_merge_less(int k) {
        int count = 1 << k;

        Plan plan = Planner.plan(study(1, count, "merge: [ { scheme: hierarchical, stages: %d } ]".formatted(k)));

        assertThat(plan.countByKind())
                .containsEntry(TaskSpec.Kind.TRAIN, count)
                .containsEntry(TaskSpec.Kind.MERGE, count - 1)
                .containsEntry(TaskSpec.Kind.EVALUATE, 3 * (2 * count - 1));
        assertThat(plan.leftOut()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 13, 16, 31})
    void the_plan_is_as_large_as_its_size_says(int count) {
        Study study = study(1, count, EVERY_SCHEME + "arms: { other: { training: { epochs: 1 }, merge: false } }");

        Plan plan = Planner.plan(study);

        assertThat(plan.tasks()).hasSize((int)
                study.arms().stream().mapToLong(arm -> ArmSize.of(arm).tasks()).sum());
        assertThat(makers(plan, placement -> true)).hasSize((int) study.arms().stream()
                .mapToLong(arm -> ArmSize.of(arm).networks())
                .sum());
        assertThat(plan.tasks().stream().mapToLong(task -> task.inputs().size()).sum())
                .isEqualTo(study.arms().stream()
                        .mapToLong(arm -> ArmSize.of(arm).inputs())
                        .sum());
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 11, 24})
    void groups_of_one_size_hold_the_same_leaves_in_every_scheme(int count) {
        Plan plan = Planner.plan(study(3, count, EVERY_SCHEME));

        Map<Integer, List<Long>> leaves = leaves(plan);
        Map<String, Set<List<Long>>> byBlock = new TreeMap<>();
        for (PlannedTask task : makers(plan, placement -> true)) {
            byBlock.computeIfAbsent(
                            task.placement().groupSize() + "/"
                                    + task.placement().groupId(),
                            block -> new HashSet<>())
                    .add(leaves.get(task.ordinal()));
        }

        assertThat(byBlock).hasSize(count + count / 2 + count / 3 + count / 4 + count / 8);
        assertThat(byBlock.values()).allSatisfy(lists -> assertThat(lists).hasSize(1));
        List<Long> order = makers(plan, placement -> placement.scheme().equals("trained")).stream()
                .map(task -> task.placement().seed().orElseThrow())
                .toList();
        byBlock.forEach((block, lists) -> {
            int size = Integer.parseInt(block.substring(0, block.indexOf('/')));
            int group = Integer.parseInt(block.substring(block.indexOf('/') + 1));
            assertThat(lists).containsExactly(order.subList(group * size, (group + 1) * size));
        });
    }

    @Test
    void a_pair_is_made_of_the_two_merged_halves_of_its_group() {
        Plan plan = Planner.plan(study(1, 8, EVERY_SCHEME));

        for (PlannedTask task : makers(plan, placement -> placement.scheme().equals("hierarchical"))) {
            Placement placement = task.placement();
            assertThat(task.inputs()).hasSize(2);
            for (int half = 0; half < 2; half++) {
                Placement input = plan.tasks().get(task.inputs().get(half)).placement();
                assertThat(input.groupSize()).isEqualTo(placement.groupSize() / 2);
                assertThat(input.groupId()).isEqualTo(2 * placement.groupId() + half);
                assertThat(input.scheme()).isEqualTo(placement.groupSize() == 2 ? "trained" : "hierarchical");
            }
        }
    }

    @Test
    void leaves_that_fill_no_block_are_left_out_and_counted() {
        Plan plan = Planner.plan(study(1, 11, EVERY_SCHEME));

        assertThat(plan.leftOut())
                .containsExactlyInAnyOrder(
                        new Plan.LeftOut("main", "hierarchical", 2, 1),
                        new Plan.LeftOut("main", "hierarchical", 4, 3),
                        new Plan.LeftOut("main", "hierarchical", 8, 3),
                        new Plan.LeftOut("main", "merge-many", 4, 3),
                        new Plan.LeftOut("main", "merge-many", 8, 3),
                        new Plan.LeftOut("main", "merge-many", 3, 2),
                        new Plan.LeftOut("main", "reference", 2, 1),
                        new Plan.LeftOut("main", "reference", 4, 3),
                        new Plan.LeftOut("main", "naive", 2, 1),
                        new Plan.LeftOut("main", "naive", 4, 3),
                        new Plan.LeftOut("main", "naive", 8, 3));
        assertThat(makers(plan, placement -> placement.scheme().equals("hierarchical")))
                .extracting(task -> task.placement().groupSize())
                .containsExactlyInAnyOrder(2, 2, 2, 2, 2, 4, 4, 8);
    }

    @Test
    void every_leaf_is_trained_once_in_an_order_drawn_by_the_study_s_seed() {
        Plan one = Planner.plan(study(1, 16, ""));
        Plan two = Planner.plan(study(2, 16, ""));

        List<Long> first = one.tasks().stream()
                .flatMap(task -> task.placement().seed().stream().boxed())
                .distinct()
                .toList();
        List<Long> second = two.tasks().stream()
                .flatMap(task -> task.placement().seed().stream().boxed())
                .distinct()
                .toList();
        assertThat(first).hasSize(16).doesNotHaveDuplicates().allMatch(seed -> seed >= 10 && seed < 26);
        assertThat(second).hasSameElementsAs(first).isNotEqualTo(first);
    }

    @Test
    void equal_studies_have_equal_plans() {
        Plan once = Planner.plan(study(5, 13, EVERY_SCHEME));
        Plan again = Planner.plan(study(5, 13, EVERY_SCHEME));

        assertThat(again).isEqualTo(once);
    }

    @Test
    void seeds_depend_on_the_study_and_the_leaves_not_on_the_arm() {
        Study study = study(7, SHARED_SEEDS, "merge: [ { scheme: naive, groups: [2] } ]\narms: { twin: {} }");

        Plan plan = Planner.plan(study);

        Map<String, Set<TaskSpec>> trainings = new HashMap<>();
        for (PlannedTask task : makers(plan, placement -> placement.scheme().equals("trained"))) {
            trainings
                    .computeIfAbsent(task.placement().arm(), arm -> new HashSet<>())
                    .add(task.spec());
        }
        assertThat(trainings.get("main")).hasSize(SHARED_SEEDS).isEqualTo(trainings.get("twin"));
        Map<Integer, List<Long>> leaves = leaves(plan);
        for (PlannedTask task : makers(plan, placement -> true)) {
            long[] own = leaves.getOrDefault(task.ordinal(), List.of()).stream()
                    .mapToLong(leaf -> leaf)
                    .toArray();
            long seed = task.spec()
                    .<Long>fold(
                            TaskSpec.Train::seed,
                            TaskSpec.Merge::seed,
                            TaskSpec.Control::seed,
                            evaluation -> {
                                throw new AssertionError(evaluation);
                            },
                            judge -> {
                                throw new AssertionError(judge);
                            },
                            probe -> {
                                throw new AssertionError(probe);
                            });
            assertThat(seed).isEqualTo(Seeds.derive(7, own.length == 1 ? "train" : "merge", own));
        }
        assertThat(Planner.plan(study(8, SHARED_SEEDS, "")).tasks().get(0).spec())
                .isNotIn(trainings.get("main"));
    }

    @Test
    void every_network_is_measured_right_after_it_is_made_on_both_splits_test_first() {
        Plan plan = Planner.plan(study(1, 11, EVERY_SCHEME));

        for (PlannedTask maker : makers(plan, placement -> true)) {
            List<PlannedTask> measured = plan.tasks().subList(maker.ordinal() + 1, maker.ordinal() + 4);
            assertThat(measured).allSatisfy(task -> {
                assertThat(task.inputs()).containsExactly(maker.ordinal());
                assertThat(task.placement()).isEqualTo(maker.placement());
            });
            assertThat(measured)
                    .extracting(task -> CanonicalJson.write(task.spec()))
                    .satisfiesExactly(
                            test -> assertThat(test).contains("accuracy", "\"test\""),
                            train -> assertThat(train).contains("accuracy", "\"train\""),
                            norm -> assertThat(norm).contains("weight-norm").doesNotContain("cifar10"));
        }
    }

    @Test
    void a_placement_says_what_results_are_grouped_by() {
        Plan plan = Planner.plan(study(1, 8, EVERY_SCHEME));

        Set<String> seen = new HashSet<>();
        for (PlannedTask task : makers(plan, placement -> placement.groupId() == 0)) {
            Placement p = task.placement();
            seen.add("%s %s %d %s '%s'"
                    .formatted(
                            p.scheme(),
                            p.stage().isPresent() ? p.stage().getAsInt() : "-",
                            p.groupSize(),
                            p.matching(),
                            p.variant()));
            assertThat(p.arm()).isEqualTo(Arm.MAIN);
            assertThat(p.seed().isPresent()).isEqualTo(p.scheme().equals("trained"));
        }
        assertThat(seen)
                .containsExactlyInAnyOrder(
                        "trained 0 1 none ''",
                        "hierarchical 1 2 weight ''",
                        "hierarchical 2 4 weight ''",
                        "hierarchical 3 8 weight ''",
                        "merge-many 2 4 weight 'rounds=converged,stop=l2'",
                        "merge-many 3 8 weight 'rounds=converged,stop=l2'",
                        "merge-many - 3 weight 'rounds=converged,stop=l2'",
                        "merge-many 2 4 weight 'rounds=1,stop=l2'",
                        "reference 1 2 weight ''",
                        "reference 2 4 weight ''",
                        "naive 1 2 none ''",
                        "naive 2 4 none ''",
                        "naive 3 8 none ''");
    }

    @Test
    void groups_are_finished_before_the_next_leaf_is_trained() {
        Plan plan = Planner.plan(study(1, 8, "merge: [ { scheme: hierarchical, stages: 3 } ]"));

        assertThat(makers(plan, placement -> true))
                .extracting(task ->
                        task.placement().groupSize() + "." + task.placement().groupId())
                .containsExactly(
                        "1.0", "1.1", "2.0", "1.2", "1.3", "2.1", "4.0", "1.4", "1.5", "2.2", "1.6", "1.7", "2.3",
                        "4.1", "8.0");
    }

    @Test
    void networks_along_trainings_are_stored_too_but_not_the_last_one_twice() {
        Plan plan = Planner.plan(study(1, 2, """
                evaluate: {}
                arms:
                  watched: { training: { batch: 500, checkpoints: { every: 100 } } }
                """));

        // 300 steps: after 100 and 200 each
        assertThat(plan.checkpointBytes()).isEqualTo((2 + 2 + 2 * 2) * (4 * 99_034 + 1_024));
    }

    @Test
    void storage_and_operations_follow_the_number_of_weights() {
        // 3072·32 + 32 + 32·16 + 16 + 16·10 + 10
        double parameters = 99_034;

        Plan trained = Planner.plan(study(1, 2, "evaluate: {}"));
        Plan paired = Planner.plan(study(1, 2, "merge: [ { scheme: hierarchical, stages: 1 } ]\nevaluate: {}"));
        Plan measured = Planner.plan(study(1, 1, ""));

        assertThat(trained.flops()).isEqualTo(2 * 6 * parameters * 50_000 * 3);
        // a quarter of 25 sweeps: 2·32²·(3072+16) + 32³ and 2·16²·(32+10) + 16³
        assertThat(paired.flops() - trained.flops())
                .isEqualTo(0.25 * 25 * (2 * 32 * 32 * 3_088 + 32 * 32 * 32 + 2 * 16 * 16 * 42 + 16 * 16 * 16)
                        + 4 * parameters);
        assertThat(measured.flops()).isEqualTo(6 * parameters * 150_000 + 2 * parameters * 60_001);
        assertThat(trained.checkpointBytes()).isEqualTo(2 * (4 * 99_034 + 1_024));
        assertThat(paired.checkpointBytes()).isEqualTo(3 * (4 * 99_034 + 1_024));
    }

    @Test
    void a_training_on_a_subset_takes_the_operations_of_its_images() {
        Plan whole = Planner.plan(study(1, 2, "evaluate: {}"));
        Plan parts = Planner.plan(study(1, 2, """
                evaluate: {}
                arms:
                  part: { training: { subset: { fraction: 0.1, favoured: { classes: [1], fraction: 1 }, part: rest } } }
                """));

        assertThat(parts.flops()).isEqualTo(whole.flops() * 1.81); // and 40,500 of 50,000 images
    }

    @Test
    void a_plan_near_the_limit_is_made_at_once() {
        Study study = study(1, 7_500, """
                merge: [ { scheme: hierarchical, stages: 6 }, { scheme: naive, groups: [5] } ]
                evaluate: { accuracy: {} }
                arms: { others: { training: { seeds: { from: 100000 } } } }
                """);

        long started = System.nanoTime();
        Plan plan = Planner.plan(study);
        double seconds = (System.nanoTime() - started) * 1e-9;

        assertThat(plan.tasks()).hasSizeBetween(95_000, ArmSize.MOST_TASKS);
        assertThat(seconds).isLessThan(2);
    }

    /** The tasks of studies that ask for nothing new are those of earlier versions, so that their work is found again. */
    @Test
    void plans_of_older_studies_have_not_changed() {
        assertThat(List.of("quickstart", "mlp-readings").stream()
                        .map(name -> CanonicalJson.digest(Planner.plan(
                                StudyFile.read(ShippedStudies.find(name).orElseThrow(), name)))))
                .containsExactly(
                        "0430fbfbf2047db647d63c76230b125786b41b363ce02f8223f7bc7b2aba1ce3",
                        "b1369a7fca15227c667c5478b9f45ab6382ed602a069f896d4adc6bca71e4b78");
    }

    /**
     * If this fails, plans of equal studies have changed: an interrupted study would not find its tasks again. Change it
     * only together with what tells such studies apart.
     */
    @Test
    void the_plan_of_the_shipped_small_study_is_the_known_one() {
        String name = "hierarchical-rebasin-small";

        Plan plan = Planner.plan(StudyFile.read(ShippedStudies.find(name).orElseThrow(), name));

        assertThat(plan.countByKind())
                .containsEntry(TaskSpec.Kind.TRAIN, 16 + 2 + 4 + 4) // of the study, along the L2 path, of two arms
                .containsEntry(TaskSpec.Kind.MERGE, 4 * 15 + 4 * (4 + 2) + (4 + 2) + (8 + 4 + 2 + 1))
                .containsEntry(TaskSpec.Kind.CONTROL, 5 * 4)
                .containsEntry(TaskSpec.Kind.JUDGE, 1);
        assertThat(plan.tasks().get(0).placement())
                .isEqualTo(new Placement("main", "trained", OptionalInt.of(0), 1, 0, "none", "", OptionalLong.of(13)));
        assertThat(CanonicalJson.digest(plan))
                .isEqualTo("093fcaf460bd332dd72638f0a3544a8bcdf251c4dff89024efaf2bbb191cd12e");
    }

    @Test
    void the_documentation_says_how_many_tasks_each_shipped_study_has() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("docs", "studies.md"));

        for (String name : ShippedStudies.names()) {
            Plan plan = Planner.plan(StudyFile.read(ShippedStudies.find(name).orElseThrow(), name));

            assertThat(lines)
                    .filteredOn(line -> line.startsWith("| `" + name + "` |"))
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .contains(String.format(Locale.ROOT, "| %,d |", plan.tasks().size()));
        }
    }
}

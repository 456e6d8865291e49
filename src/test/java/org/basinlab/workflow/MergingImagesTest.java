package org.basinlab.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Permuted;
import org.basinlab.recipe.Repair;
import org.basinlab.recipe.Split;
import org.basinlab.study.Arm;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.junit.jupiter.api.Test;

/** Which training images tasks look at that make or measure merges. */
class MergingImagesTest {

    private static final String STUDY = """
            study: planned
            seed: 3
            dataset: { name: cifar10 }
            network: { mlp: { hidden: [32, 16] } }
            training: { seeds: { from: 10, count: 4 }, epochs: 3, optimiser: { sgd: { learningRate: 0.1 } } }
            evaluate: { barrier: {}, running-mean: {} }
            """;

    private static Study study(String merge) {
        return StudyFile.read(STUDY + "merge: [ %s ]\n".formatted(merge), "planned.yaml");
    }

    private static List<TaskSpec.Merge> merges(Plan plan) {
        return plan.tasks().stream()
                .map(PlannedTask::spec)
                .filter(TaskSpec.Merge.class::isInstance)
                .map(TaskSpec.Merge.class::cast)
                .toList();
    }

    private static List<TaskSpec.Evaluate> lookingInto(Plan plan) {
        return plan.tasks().stream()
                .map(PlannedTask::spec)
                .filter(TaskSpec.Evaluate.class::isInstance)
                .map(TaskSpec.Evaluate.class::cast)
                .filter(spec -> spec.metric() instanceof MetricRequest.Barrier
                        || spec.metric() instanceof MetricRequest.RunningMean)
                .toList();
    }

    private static Optional<TaskSpec.Images> training(Study study, Optional<Integer> limit) {
        return Optional.of(new TaskSpec.Images(study.arms().get(0).dataset(), Split.TRAIN, limit));
    }

    @Test
    void merges_that_look_at_nothing_are_planned_as_ever() {
        Plan plan = Planner.plan(study("{ scheme: hierarchical, stages: 2 }, { scheme: sequential, groups: [4] },"
                + " { scheme: c2m3, groups: [3] }, { scheme: merge-many, groups: [4] },"
                + " { scheme: reference, groups: [4], matching: { best-of: 3 } }"));

        assertThat(merges(plan)).hasSize(7).allMatch(merge -> merge.images().isEmpty());
        assertThat(lookingInto(plan))
                .hasSize(3)
                .allMatch(spec -> spec.training().isEmpty());
    }

    @Test
    void what_is_repaired_matched_by_activations_or_chosen_sees_all_training_images_or_the_first() {
        for (String merge : List.of(
                "{ scheme: hierarchical, stages: 2, repair: repair, images: 500 }",
                "{ scheme: hierarchical, stages: 2, matching: activation, images: 500 }",
                "{ scheme: merge-many, groups: [4], repair: rescale, images: 500 }",
                "{ scheme: reference, groups: [4], matching: straight-through, images: 500 }",
                "{ scheme: greedy-soup, groups: [4], images: 500 }",
                "{ scheme: naive, groups: [2], repair: repair, images: 500 }")) {
            Study first = study(merge);
            Study all = study(merge.replace(", images: 500", ""));

            assertThat(merges(Planner.plan(first)))
                    .isNotEmpty()
                    .allSatisfy(spec -> assertThat(spec.images()).isEqualTo(training(first, Optional.of(500))));
            assertThat(merges(Planner.plan(all)))
                    .isNotEmpty()
                    .allSatisfy(spec -> assertThat(spec.images()).isEqualTo(training(all, Optional.empty())));
        }
    }

    @Test
    void the_better_of_a_pair_shows_on_the_first_images() {
        Study study = study("{ scheme: hierarchical, stages: 1, permute: better }");
        Study repaired = study("{ scheme: hierarchical, stages: 1, permute: better, repair: repair }");

        assertThat(merges(Planner.plan(study)))
                .allSatisfy(spec -> assertThat(spec.images()).isEqualTo(training(study, Optional.of(10_000))));
        assertThat(merges(Planner.plan(repaired)))
                .allSatisfy(spec -> assertThat(spec.images()).isEqualTo(training(study, Optional.empty())));
    }

    @Test
    void a_running_mean_of_repaired_merges_is_repaired_on_their_images() {
        Study study = study("{ scheme: merge-many, groups: [4], repair: repair, images: 700 }");

        assertThat(lookingInto(Planner.plan(study)))
                .singleElement()
                .satisfies(spec -> assertThat(spec.training()).isEqualTo(training(study, Optional.of(700))));
    }

    @Test
    void every_merge_and_path_of_networks_with_batch_norm_sees_images() {
        Study plain = study(
                "{ scheme: hierarchical, stages: 2, repair: repair, images: 900 }, { scheme: naive, groups: [2] },"
                        + " { scheme: merge-many, groups: [4] }");
        Arm arm = plain.arms().get(0);
        Arm normalised = new Arm(
                arm.name(),
                arm.dataset(),
                new Cnn(new Extent(3, 32, 32), List.of(4), 8, Norm.BATCH, 10),
                arm.training(),
                arm.seeds(),
                arm.order(),
                arm.merge(),
                arm.controls(),
                arm.evaluate());
        List<PlannedTask> tasks = new ArrayList<>();

        new ArmPlanner(plain, normalised, tasks).plan();

        Plan plan = new Plan(tasks, List.of(), 0);
        assertThat(merges(plan)).hasSize(6).allMatch(merge -> merge.images().isPresent());
        assertThat(lookingInto(plan))
                .hasSize(3)
                .allMatch(spec -> spec.training().isPresent());
        assertThat(lookingInto(plan).get(0).training()).isEqualTo(training(plain, Optional.of(900)));
    }

    @Test
    void two_schemes_that_differ_in_their_finish_have_variants_of_their_own() {
        Study study = study(
                "{ scheme: hierarchical, stages: 1 }, { scheme: hierarchical, stages: 1, repair: repair },"
                        + " { scheme: hierarchical, stages: 1, repair: rescale, images: 100 },"
                        + " { scheme: hierarchical, stages: 1, matching: activation }, { scheme: c2m3, groups: [2], iterations: 7 }");

        assertThat(study.arms().get(0).merge())
                .extracting(scheme -> "%s %s %s".formatted(scheme.label(), scheme.matchingLabel(), scheme.variant()))
                .containsExactly(
                        "hierarchical weight ",
                        "hierarchical weight repair=repair",
                        "hierarchical weight repair=rescale,images=100",
                        "hierarchical activation ",
                        "c2m3 weight iterations=7");
        assertThat(study.arms().get(0).merge().get(2))
                .isEqualTo(new MergeScheme.Hierarchical(
                        new Matching.Weight(),
                        0.5,
                        1,
                        Optional.of(Permuted.SECOND),
                        Optional.empty(),
                        Optional.of(Repair.RESCALE),
                        Optional.of(100)));
    }
}

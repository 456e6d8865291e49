package org.basinlab.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Seeds;
import org.basinlab.study.ArmSize;
import org.basinlab.study.ShippedStudies;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.junit.jupiter.api.Test;

class EnsemblePlannerTest {

    private static final String GROUPS = """
            study: together
            seed: 3
            dataset: { name: cifar10 }
            network: { mlp: { hidden: [32, 16] } }
            training:
              seeds: { from: 10, count: 7 }
              epochs: 3
              optimiser: { adam: { learningRate: 0.001 } }
            controls:
              - feature-ensemble: { groups: [3, 2] }
              - probability-ensemble: { groups: [7] }
              - logit-ensemble: { groups: [3] }
            merge:
              - { scheme: naive, groups: [2, 3] }
              - { scheme: reference, groups: [3] }
            evaluate:
              accuracy: { train: false }
              scaling: { images: 100 }
              counter-example: {}
            """;

    private static List<PlannedTask> of(Plan plan, String scheme) {
        return plan.tasks().stream()
                .filter(task -> task.placement().scheme().equals(scheme) && task.spec() instanceof TaskSpec.Evaluate)
                .toList();
    }

    private static TaskSpec.Evaluate spec(PlannedTask task) {
        return (TaskSpec.Evaluate) task.spec();
    }

    @Test
    void groups_of_their_own_need_no_tree() {
        Plan plan = Planner.plan(StudyFile.read(GROUPS, "s.yaml"));

        assertThat(of(plan, "logit-ensemble")).hasSize(2 * 2).allSatisfy(task -> {
            assertThat(task.inputs()).hasSize(3);
            assertThat(spec(task).seed()).isEmpty();
            assertThat(spec(task).combination()).contains(TaskSpec.Combination.LOGIT_MEAN);
        });
        assertThat(of(plan, "probability-ensemble")).hasSize(1); // logits that overflow have no probabilities
        assertThat(of(plan, "feature-ensemble")).hasSize((3 + 2) * 2 * 2);
    }

    @Test
    void features_are_averaged_as_they_are_and_aligned_as_with_a_reference() {
        Plan plan = Planner.plan(StudyFile.read(GROUPS, "s.yaml"));
        long merged = plan.tasks().stream()
                .filter(task -> task.spec() instanceof TaskSpec.Merge
                        && task.placement().scheme().equals("reference")
                        && task.placement().groupId() == 1)
                .map(task -> ((TaskSpec.Merge) task.spec()).seed())
                .findFirst()
                .orElseThrow();

        List<PlannedTask> ofThree = of(plan, "feature-ensemble").stream()
                .filter(task -> task.placement().groupSize() == 3
                        && task.placement().groupId() == 1
                        && spec(task).metric() instanceof MetricRequest.Accuracy)
                .toList();

        assertThat(ofThree)
                .extracting(task ->
                        task.placement().variant() + "/" + task.placement().matching())
                .containsExactlyInAnyOrder("/weight", "naive/none");
        assertThat(ofThree).allSatisfy(task -> {
            boolean aligned = task.placement().variant().isEmpty();
            assertThat(spec(task).combination().orElseThrow().isAligned()).isEqualTo(aligned);
            assertThat(spec(task).seed().isPresent()).isEqualTo(aligned);
            assertThat(spec(task).seed().orElse(merged)).isEqualTo(merged);
        });
        assertThat(Seeds.derive(3, "merge")).isNotEqualTo(merged);
    }

    @Test
    void scaling_looks_at_trained_networks_alone_and_at_means_with_their_networks() {
        Plan plan = Planner.plan(StudyFile.read(GROUPS, "s.yaml"));

        List<PlannedTask> scalings = plan.tasks().stream()
                .filter(task -> task.spec() instanceof TaskSpec.Evaluate evaluate
                        && evaluate.metric() instanceof MetricRequest.Scaling
                        && evaluate.combination().isEmpty())
                .toList();

        assertThat(scalings)
                .filteredOn(task -> task.placement().scheme().equals("trained"))
                .hasSize(7)
                .allSatisfy(task -> assertThat(task.inputs()).hasSize(1));
        assertThat(scalings)
                .filteredOn(task -> task.placement().groupSize() > 1)
                .hasSize(3 + 2 + 2)
                .allSatisfy(task ->
                        assertThat(task.inputs()).hasSize(1 + task.placement().groupSize()));
    }

    @Test
    void what_is_exact_is_asked_once_of_no_network() {
        Plan plan = Planner.plan(StudyFile.read(GROUPS, "s.yaml"));

        assertThat(of(plan, "counter-example"))
                .hasSize(1)
                .allSatisfy(task -> assertThat(task.inputs()).isEmpty());
    }

    @Test
    void shipped_studies_are_as_large_as_their_size_says() {
        Set<String> names = ShippedStudies.names().stream()
                .filter(name -> name.startsWith("rethinking") || name.equals("git-rebasin-counterexample"))
                .collect(Collectors.toSet());

        assertThat(names).hasSize(7);
        for (String name : names) {
            Study study = StudyFile.read(ShippedStudies.find(name).orElseThrow(), name);

            Plan plan = Planner.plan(study);

            assertThat(plan.tasks()).hasSize((int) study.arms().stream()
                    .mapToLong(arm -> ArmSize.of(arm).tasks())
                    .sum());
            assertThat(plan.tasks().stream()
                            .mapToLong(task -> task.inputs().size())
                            .sum())
                    .isEqualTo(study.arms().stream()
                            .mapToLong(arm -> ArmSize.of(arm).inputs())
                            .sum());
            assertThat(PlannedMetrics.of(study, plan)).isNotEmpty();
        }
    }
}

package org.basinlab.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.OutputBias;
import org.basinlab.recipe.Subset;
import org.basinlab.study.StudyFile;
import org.junit.jupiter.api.Test;

class SwitchedPlanTest {

    private static Plan plan(String rest) {
        return Planner.plan(StudyFile.read("""
                study: s
                dataset: { name: synthetic-shapes }
                network: { mlp: { hidden: [8] } }
                training: { seeds: { from: 0, count: 8 }, epochs: 1, batch: 100, optimiser: { adam: { learningRate: 0.001 } } }
                merge: [{ scheme: hierarchical, stages: 1 }]
                evaluate: { accuracy: { train: false }, barrier: { lambdas: 3 } }
                %s
                """.formatted(rest), "s.yaml"));
    }

    private static List<PlannedTask> of(Plan plan, String arm) {
        return plan.tasks().stream()
                .filter(task -> task.placement().arm().equals(arm))
                .toList();
    }

    private static <T extends TaskSpec> List<T> specs(List<PlannedTask> tasks, Class<T> kind) {
        return tasks.stream()
                .map(PlannedTask::spec)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    @Test
    void another_normalisation_is_that_of_measurements_alone() {
        Plan plan = plan("factors: { evaluate.normalise: [as-trained, mismatched] }");
        List<PlannedTask> mismatched = of(plan, "evaluation-normalise=mismatched");

        assertThat(specs(mismatched, TaskSpec.Train.class)).isEqualTo(specs(of(plan, "main"), TaskSpec.Train.class));
        assertThat(specs(mismatched, TaskSpec.Merge.class)).isEqualTo(specs(of(plan, "main"), TaskSpec.Merge.class));
        assertThat(specs(mismatched, TaskSpec.Evaluate.class))
                .isNotEmpty()
                .allSatisfy(evaluate -> assertThat(
                                evaluate.images().orElseThrow().dataset().normalise())
                        .isEqualTo(new Normalisation.Named(Normalisation.Choice.HALF)));
    }

    @Test
    void the_path_of_an_aliased_merge_is_aliased_too() {
        Plan plan = plan("factors: { merge.hierarchical.outputBias: [own, aliased] }");

        assertThat(barriers(of(plan, "main"))).containsExactly(new MetricRequest.Barrier(3));
        assertThat(barriers(of(plan, "output-bias=aliased")))
                .containsExactly(new MetricRequest.Barrier(3, Optional.of(OutputBias.ALIASED)));
        assertThat(of(plan, "output-bias=aliased").stream()
                        .filter(task -> task.placement().scheme().equals("hierarchical")))
                .isNotEmpty()
                .allSatisfy(task -> assertThat(task.placement().variant()).isEqualTo("output-bias=aliased"));
        assertThat(specs(of(plan, "output-bias=aliased"), TaskSpec.Train.class))
                .isEqualTo(specs(of(plan, "main"), TaskSpec.Train.class));
    }

    private static Set<MetricRequest> barriers(List<PlannedTask> tasks) {
        return specs(tasks, TaskSpec.Evaluate.class).stream()
                .map(TaskSpec.Evaluate::metric)
                .filter(MetricRequest.Barrier.class::isInstance)
                .collect(Collectors.toSet());
    }

    @Test
    void the_two_networks_of_every_pair_have_one_half_each() {
        Plan plan = plan("arms: { half: { training: { subset: { fraction: 0.3, seed: 7, part: alternating } } } }");
        List<Subset.Part> parts = specs(of(plan, "half"), TaskSpec.Train.class).stream()
                .map(train -> train.training().subset().orElseThrow().part())
                .toList();

        assertThat(parts).hasSize(8);
        for (int place = 0; place < parts.size(); place++) {
            assertThat(parts.get(place)).isEqualTo(place % 2 == 0 ? Subset.Part.DRAWN : Subset.Part.REST);
        }
    }

    @Test
    void arms_of_one_shuffle_have_the_same_groups() {
        Plan plan =
                plan("arms: { other: { order: main, training: { epochs: 2 } }, apart: { training: { epochs: 2 } } }");

        assertThat(seeds(of(plan, "other"))).isEqualTo(seeds(of(plan, "main")));
        assertThat(seeds(of(plan, "apart"))).isNotEqualTo(seeds(of(plan, "main")));
    }

    private static List<Long> seeds(List<PlannedTask> tasks) {
        return tasks.stream()
                .filter(task -> task.spec() instanceof TaskSpec.Train)
                .map(task -> task.placement().seed().orElseThrow())
                .toList();
    }
}

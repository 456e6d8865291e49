package org.basinlab.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.basinlab.recipe.Architecture;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GraphPlanTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vgg16: { width: 0.125, norm: batch }",
                "resnet20: { width: 4 }",
                "cnn: { norm: group }",
                "vit: { depth: 2 }"
            })
    void a_study_of_any_network_is_laid_out_with_its_costs_and_metrics(String network) {
        Study study = StudyFile.read("""
                study: plan
                dataset: { name: cifar10 }
                network: { %s }
                training:
                  seeds: { from: 0, count: 4 }
                  epochs: 2
                  batch: 50
                  optimiser: { sgd: { learningRate: 0.1 } }
                merge: [{ scheme: hierarchical, stages: 2 }]
                controls: [noise-matched, equal-accuracy-weight-noise]
                evaluate: { accuracy: {}, weight-norm: {}, lipschitz: {}, fgsm: { epsilons: [0.01] }, deepfool: { l2: [0.1] }, barrier: {} }
                """.formatted(network), "s.yaml");
        Architecture architecture = study.arms().get(0).network();

        Plan plan = Planner.plan(study);

        assertThat(plan.flops()).isGreaterThan(4 * 3 * architecture.graph().operationsOfImage() * 100_000);
        assertThat(plan.checkpointBytes()).isGreaterThan(4L * architecture.parameterCount());
        assertThat(PlannedMetrics.of(study, plan).stream()
                        .filter(metric -> metric.metric().equals("weight-norm-layer"))
                        .map(PlannedMetric::at)
                        .distinct())
                .hasSize(architecture.modules().size());
        for (TaskNeeds needs : TaskNeeds.of(plan.tasks())) {
            assertThat(needs.memoryBytes()).isNotNegative();
        }
    }
}

package org.basinlab.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Norm;
import org.basinlab.study.Arm;
import org.basinlab.study.ClaimRegister;
import org.basinlab.study.Evaluation;
import org.basinlab.study.MeasuredNames;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimCoverageTest {

    private static final String STUDY = """
            study: covered
            dataset: { name: cifar10 }
            network: { mlp: { hidden: [32, 16] } }
            training: { seeds: { from: 0, count: 13 }, epochs: 1, optimiser: { sgd: { learningRate: 0.1 } } }
            arms: { sgd: { training: { seeds: { from: 100, count: 9 } } } }
            merge:
              - { scheme: hierarchical, stages: 3, permute: [second, first] }
              - { scheme: merge-many, groups: [4], rounds: [converged, 1] }
              - { scheme: naive, groups: [2, 4, 8] }
            controls: [noise-matched]
            evaluate:
              fgsm: { epsilons: [0, 0.01], space: [pixel, normalised], images: 100 }
            """;

    /** One claim with a need, and a second specification in another arm. */
    private static ClaimRegister register(String need) {
        return ClaimRegister.read(Map.of("claims/t.yaml", """
                paper: { id: "p", version: "1", title: "t", authors: "a" }
                claims:
                  A1:
                    source: paper
                    place: "p"
                    wording: "w"
                    estimand: "e"
                    unit: "u"
                    reported: "not reported"
                    confounds: [ "c" ]
                    controls: []
                    decision: { parts: { x: { type: direction, sign: positive, margin: 0, scale: s } } }
                    groupSize: 4
                    parameters: { arm: main, point: 0.01 }
                    needs: [ { %s, at: "{point}" } ]
                    queries: { x: "SELECT {study}, {arm}" }
                    specifications:
                      sgd: { assumption: optimiser, value: SGD, parameters: { arm: sgd } }
                      far: { assumption: point, value: "0.5", parameters: { point: 0.5 } }
                """.formatted(need)));
    }

    private static ClaimCoverage coverage(String need) {
        ClaimRegister register = register(need);
        Study study = StudyFile.read(STUDY + "claims: [A1]\n", "covered.yaml", register);
        return ClaimCoverage.of(study, Planner.plan(study, register), register).get(0);
    }

    @Test
    void a_claim_has_the_whole_groups_of_its_arm_and_the_specifications_that_are_measured() {
        ClaimCoverage coverage = coverage("scheme: hierarchical, groupSize: 4, metric: fgsm-accuracy, split: test");

        assertThat(coverage.planned()).isEqualTo(3); // 13 networks in groups of 4
        assertThat(coverage.minimum()).isEqualTo(12);
        assertThat(coverage.isTooSmall()).isTrue();
        assertThat(coverage.measured()).containsExactly("primary", "sgd");
        assertThat(coverage.notMeasured()).containsExactly("far");
        assertThat(coverage.missing()).isEmpty();
    }

    @Test
    void a_unit_of_several_populations_is_there_as_often_as_the_smallest_of_them_allows() {
        assertThat(coverage("arm: sgd, scheme: trained, groupSize: 1, metric: fgsm-accuracy")
                        .planned())
                .isEqualTo(3);
        assertThat(coverage("arm: sgd, scheme: hierarchical, groupSize: 8, metric: fgsm-accuracy")
                        .planned())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            scheme: trained, metric: pgd-l2-accuracy                              | pgd-l2-accuracy at 0.01 of trained networks in arm main, which this study does not measure: add evaluate.pgd of these networks
            scheme: hierarchical, groupSize: 16, metric: fgsm-accuracy            | fgsm-accuracy at 0.01 of hierarchical networks of 16 in arm main, which this study does not measure: add a hierarchical merge of 4 stages
            scheme: merge-many, groupSize: 8, metric: fgsm-accuracy               | fgsm-accuracy at 0.01 of merge-many networks of 8 in arm main, which this study does not measure: add a merge-many merge with groups of 8
            scheme: norm-rescaled, groupSize: 4, metric: fgsm-accuracy            | fgsm-accuracy at 0.01 of norm-rescaled networks of 4 in arm main, which this study does not measure: add norm-rescaled to controls of a tree with groups of 4
            scheme: hierarchical, groupSize: 8, variant: "permute=better", metric: fgsm-accuracy | fgsm-accuracy at 0.01 of hierarchical networks of 8 (permute=better) in arm main, which this study does not measure: it measures that metric of variant none at 0, 0.01
            arm: l2, scheme: trained, metric: fgsm-accuracy                       | fgsm-accuracy at 0.01 of trained networks in arm l2, which this study does not measure: it has no arm l2
            scheme: trained, metric: fgsm-accuracy, split: train                  | fgsm-accuracy at 0.01 on train of trained networks in arm main, which this study does not measure: it measures that metric on test at 0, 0.01
            """)
    void what_is_missing_is_said_with_what_would_give_it(String need, String missing) {
        assertThat(coverage(need).missing()).containsExactly(missing);
    }

    @Test
    void a_study_that_does_not_measure_its_claims_is_refused() {
        Study study = StudyFile.read(STUDY + "claims: [G1]\n", "covered.yaml");

        assertThatExceptionOfType(ClaimRefusedException.class)
                .isThrownBy(() -> ClaimCoverage.require(study, Planner.plan(study)))
                .withMessage(
                        "claims: G1 needs barrier-loss on test of hierarchical networks of 2 (naive) in arm main, which"
                                + " this study does not measure: add evaluate.barrier of these networks");
    }

    private static ClaimCoverage withAnswers(int ofMain, int ofSgd) {
        ClaimRegister register = register(
                "scheme: trained, metric: accuracy, split: test }, { scheme: trained, metric: fgsm-accuracy, split: test");
        Study study = StudyFile.read(
                STUDY.replace("count: 9 } } }", "count: 9 } }, evaluate: { accuracy: { test: %d } } }".formatted(ofSgd))
                        + "  accuracy: { test: %d }\nclaims: [A1]\n".formatted(ofMain),
                "covered.yaml",
                register);
        return ClaimCoverage.of(study, Planner.plan(study, register), register).get(0);
    }

    @Test
    void answers_must_be_of_as_many_images_as_the_attacks_that_are_held_against_them() {
        ClaimCoverage primary = withAnswers(99, 100);
        ClaimCoverage other = withAnswers(100, 99);

        assertThat(primary.missing())
                .containsExactly(
                        "accuracy on at least as many images as fgsm-accuracy in arm main, which is measured on 100, accuracy"
                                + " on 99: raise evaluate.accuracy.test");
        assertThat(primary.measured()).containsExactly("sgd");
        assertThat(other.missing()).isEmpty();
        assertThat(other.measured()).containsExactly("primary");
        assertThat(withAnswers(100, 100).measured()).containsExactly("primary", "sgd");
    }

    @Test
    void a_study_with_answers_on_too_few_images_is_refused() {
        Study study = StudyFile.read(
                STUDY + "  accuracy: { test: 500 }\n  deepfool: { l2: [0.1], images: 1000 }\nclaims: [H8]\n",
                "covered.yaml");

        assertThatExceptionOfType(ClaimRefusedException.class)
                .isThrownBy(() -> ClaimCoverage.require(study, Planner.plan(study)))
                .withMessage(
                        "claims: H8 needs accuracy on at least as many images as deepfool-l2-mean in arm main, which is"
                                + " measured on 1000, accuracy on 500: raise evaluate.accuracy.test");
    }

    @Test
    void a_study_that_measures_them_is_taken() {
        Study study = StudyFile.read(STUDY + "  barrier: {}\nclaims: [G1]\n", "covered.yaml");

        assertThat(ClaimCoverage.require(study, Planner.plan(study)))
                .singleElement()
                .satisfies(coverage -> {
                    assertThat(coverage.planned()).isEqualTo(6);
                    assertThat(coverage.measured()).containsExactly("primary", "chord", "sgd");
                    assertThat(coverage.notMeasured()).containsExactly("second-reading");
                });
    }

    @Test
    void one_task_a_paper_stands_last_and_decides_its_claims() {
        String rest = """
                  barrier: {}
                  calibration: {}
                  lipschitz: { bounds: [spectral] }
                claims: [R5, G1]
                """;
        Study study = StudyFile.read(STUDY + rest, "covered.yaml");
        Study without = StudyFile.read(STUDY + rest.replaceAll("claims: .*\n", ""), "covered.yaml");

        Plan plan = Planner.plan(study);

        int others = Planner.plan(without).tasks().size();
        assertThat(plan.tasks().subList(0, others))
                .isEqualTo(Planner.plan(without).tasks());
        assertThat(plan.tasks().subList(others, plan.tasks().size()))
                .extracting(PlannedTask::spec)
                .containsExactly(
                        new TaskSpec.Judge("arXiv:2209.04836", List.of("G1")),
                        new TaskSpec.Judge("arXiv:2411.09263", List.of("R5")));
        assertThat(plan.tasks().get(others).inputs()).isEmpty();
        assertThat(plan.tasks().get(others).placement()).isEqualTo(Placement.ofJudge());
        assertThat(plan.countByKind()).containsEntry(TaskSpec.Kind.JUDGE, 2);
    }

    /** Every kind of measurement, so that the register may name what some study can measure and nothing else. */
    @Test
    void the_known_names_are_those_that_plans_can_give() {
        Study everything = StudyFile.read("""
                study: everything
                dataset: { name: cifar10 }
                network: { mlp: { hidden: [8] } }
                training: { seeds: { from: 0, count: 2 }, epochs: 1, optimiser: { sgd: { learningRate: 0.1 } } }
                merge:
                  - { scheme: hierarchical, stages: 1 }
                  - { scheme: merge-many, groups: [2] }
                  - { scheme: reference, groups: [2] }
                  - { scheme: sequential, groups: [2] }
                  - { scheme: c2m3, groups: [2] }
                  - { scheme: greedy-soup, groups: [2] }
                controls: [naive-tree, equal-accuracy-early-stop, equal-accuracy-l2, equal-accuracy-weight-noise,
                           norm-rescaled, noise-matched, logit-ensemble, probability-ensemble, feature-ensemble,
                           feature-ensemble-mean-head]
                evaluate:
                  accuracy: {}
                  weight-norm: {}
                  calibration: {}
                  lipschitz: {}
                  scaling: {}
                  patterns: {}
                  counter-example: {}
                  fgsm: { epsilons: [0] }
                  pgd: { linf: [0.1], l2: [0.1] }
                  deepfool: { linf: [0.1], l2: [0.1] }
                  gaussian: { sigmas: [0.1] }
                  uniform: { sizes: [0.1] }
                  weight-noise: { sigmas: [0.1] }
                  barrier: {}
                  running-mean: {}
                """, "everything.yaml");

        Set<PlannedMetric> planned = new HashSet<>(PlannedMetrics.of(everything, Planner.plan(everything)));
        Study convolutions = ofConvolutions(everything);
        planned.addAll(PlannedMetrics.of(convolutions, Planner.plan(convolutions)));

        assertThat(planned.stream().map(PlannedMetric::metric).collect(Collectors.toSet()))
                .isEqualTo(MeasuredNames.METRICS);
        assertThat(planned.stream().map(PlannedMetric::scheme).collect(Collectors.toSet()))
                .isEqualTo(MeasuredNames.SCHEMES);
    }

    /** The same of a network whose norms are not known exactly. */
    private static Study ofConvolutions(Study study) {
        Arm arm = study.arms().get(0);
        Arm other = new Arm(
                arm.name(),
                arm.dataset(),
                new Cnn(new Extent(3, 32, 32), List.of(4), 8, Norm.NONE, 10),
                arm.training(),
                arm.seeds(),
                arm.order(),
                List.of(),
                List.of(),
                arm.evaluate().stream()
                        .filter(evaluation -> evaluation instanceof Evaluation.OfNetworks ofNetworks
                                && ofNetworks.metric() instanceof MetricRequest.LipschitzSpectral)
                        .toList());
        return new Study(
                study.name(),
                study.paper(),
                study.seed(),
                study.exploratory(),
                List.of(other),
                study.keep(),
                study.claims());
    }
}

package org.basinlab.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.NoiseShape;
import org.basinlab.recipe.Points;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.VectorNorm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluateReaderTest {

    private static final Evaluation.Population PRIMARY = Evaluation.Population.PRIMARY;
    private static final Evaluation.Population ALL = Evaluation.Population.ALL;

    private static List<Evaluation> read(String evaluate) {
        return StudyFile.read(StudyFileTest.LEAST + "evaluate:\n" + evaluate.indent(2), "s.yaml")
                .arms()
                .get(0)
                .evaluate();
    }

    private static Evaluation on(MetricRequest metric, int images, Evaluation.Population of) {
        return new Evaluation.OfNetworks(
                metric, Optional.of(new Evaluation.Images(Split.TEST, Optional.of(images))), of);
    }

    private static Evaluation onAll(MetricRequest metric, Split split, Evaluation.Population of) {
        return new Evaluation.OfNetworks(metric, Optional.of(new Evaluation.Images(split, Optional.empty())), of);
    }

    @Test
    void every_family_is_read_in_one_order_whatever_the_text_s() {
        List<Evaluation> evaluations = read("""
                running-mean: { split: train, images: 100 }
                barrier: { lambdas: 11, split: train, nodes: all, images: 200 }
                weight-noise: { sigmas: [0.05], draws: 2, images: 300 }
                uniform: { sizes: [0.05, 0.1], draws: 3, images: 400, space: normalised }
                gaussian: { sigmas: [0.05], draws: 4, images: 500 }
                deepfool: { images: 600, l2: [0.1, 0.5], linf: { from: 0, to: 0.02, step: 0.01 }, iterations: 20, overshoot: 0 }
                pgd: { linf: [0.004], l2: [0.25], steps: 5, restarts: 2, images: 700, of: all }
                fgsm: { epsilons: [0, 1e-2], space: [normalised, pixel], images: 800 }
                lipschitz: { bounds: [sampled, local, spectral], images: 16, radius: 0.2, samples: 3 }
                calibration: { bins: 15, images: 900 }
                weight-norm: { of: primary }
                accuracy: { train: 1000, of: primary }
                """);

        Points three = Points.of("0", "0.01", "0.02");
        Points two = Points.of("0", "0.01");
        assertThat(evaluations)
                .containsExactly(
                        onAll(new MetricRequest.Accuracy(), Split.TEST, PRIMARY),
                        new Evaluation.OfNetworks(
                                new MetricRequest.Accuracy(),
                                Optional.of(new Evaluation.Images(Split.TRAIN, Optional.of(1_000))),
                                PRIMARY),
                        new Evaluation.OfNetworks(new MetricRequest.WeightNorm(), PRIMARY),
                        on(new MetricRequest.Calibration(15), 900, PRIMARY),
                        new Evaluation.OfNetworks(new MetricRequest.LipschitzSpectral(), PRIMARY),
                        on(new MetricRequest.LipschitzLocal(0.2), 16, PRIMARY),
                        on(new MetricRequest.LipschitzSampled(0.2, 3), 16, PRIMARY),
                        on(new MetricRequest.Fgsm(two, InputSpace.PIXEL), 800, PRIMARY),
                        on(new MetricRequest.Fgsm(two, InputSpace.NORMALISED), 800, PRIMARY),
                        on(pgd(VectorNorm.LINF, "0.004"), 700, ALL),
                        on(pgd(VectorNorm.L2, "0.25"), 700, ALL),
                        on(new MetricRequest.DeepFool(VectorNorm.LINF, three, 20, 0, InputSpace.PIXEL), 600, PRIMARY),
                        on(
                                new MetricRequest.DeepFool(
                                        VectorNorm.L2, Points.of("0.1", "0.5"), 20, 0, InputSpace.PIXEL),
                                600,
                                PRIMARY),
                        on(
                                new MetricRequest.InputNoise(
                                        NoiseShape.GAUSSIAN, Points.of("0.05"), 4, InputSpace.PIXEL),
                                500,
                                PRIMARY),
                        on(
                                new MetricRequest.InputNoise(
                                        NoiseShape.UNIFORM, Points.of("0.05", "0.1"), 3, InputSpace.NORMALISED),
                                400,
                                PRIMARY),
                        on(new MetricRequest.WeightNoise(Points.of("0.05"), 2), 300, PRIMARY),
                        new Evaluation.OfPairs(
                                new MetricRequest.Barrier(11),
                                new Evaluation.Images(Split.TRAIN, Optional.of(200)),
                                Evaluation.Nodes.ALL),
                        new Evaluation.OfRounds(new Evaluation.Images(Split.TRAIN, Optional.of(100))));
    }

    private static MetricRequest pgd(VectorNorm norm, String budget) {
        return new MetricRequest.Pgd(norm, Points.of(budget), 5, 2, InputSpace.PIXEL);
    }

    @Test
    void settings_that_are_left_out_have_their_documented_values() {
        List<Evaluation> evaluations = read("""
                calibration: {}
                lipschitz: {}
                pgd: { l2: [1] }
                deepfool: { l2: [1] }
                gaussian: { sigmas: [1] }
                barrier: {}
                running-mean: {}
                """);

        assertThat(evaluations)
                .containsExactly(
                        onAll(new MetricRequest.Calibration(10), Split.TEST, PRIMARY),
                        new Evaluation.OfNetworks(new MetricRequest.LipschitzSpectral(), PRIMARY),
                        on(new MetricRequest.LipschitzLocal(0.1), 32, PRIMARY),
                        on(new MetricRequest.LipschitzSampled(0.1, 8), 32, PRIMARY),
                        onAll(
                                new MetricRequest.Pgd(VectorNorm.L2, Points.of("1"), 10, 1, InputSpace.PIXEL),
                                Split.TEST,
                                PRIMARY),
                        onAll(
                                new MetricRequest.DeepFool(VectorNorm.L2, Points.of("1"), 50, 0.02, InputSpace.PIXEL),
                                Split.TEST,
                                PRIMARY),
                        onAll(
                                new MetricRequest.InputNoise(NoiseShape.GAUSSIAN, Points.of("1"), 5, InputSpace.PIXEL),
                                Split.TEST,
                                PRIMARY),
                        new Evaluation.OfPairs(
                                new MetricRequest.Barrier(25),
                                new Evaluation.Images(Split.TEST, Optional.empty()),
                                Evaluation.Nodes.PAIRS),
                        new Evaluation.OfRounds(new Evaluation.Images(Split.TEST, Optional.empty())));
    }

    @Test
    void a_split_or_a_family_that_is_false_is_not_measured() {
        assertThat(read("accuracy: { train: false, test: 5 }\nweight-norm: false\n"))
                .containsExactly(on(new MetricRequest.Accuracy(), 5, ALL));
    }

    @Test
    void an_arm_takes_a_family_back_and_changes_the_settings_of_another() {
        Study study = StudyFile.read(StudyFileTest.LEAST + """
                evaluate:
                  accuracy: { train: false }
                  fgsm: { epsilons: { from: 0, to: 0.02, step: 0.01 }, images: 100 }
                  deepfool: { l2: [0.1], linf: [0.2], images: 50 }
                arms:
                  fewer: { evaluate: { fgsm: false, deepfool: { linf: false, images: 20 } } }
                  other: { evaluate: { accuracy: false, fgsm: { epsilons: [0.5] }, deepfool: false } }
                """, "s.yaml");

        assertThat(study.arms().get(1).evaluate())
                .containsExactly(
                        onAll(new MetricRequest.Accuracy(), Split.TEST, ALL),
                        on(
                                new MetricRequest.DeepFool(VectorNorm.L2, Points.of("0.1"), 50, 0.02, InputSpace.PIXEL),
                                20,
                                PRIMARY));
        assertThat(study.arms().get(2).evaluate())
                .containsExactly(on(new MetricRequest.Fgsm(Points.of("0.5"), InputSpace.PIXEL), 100, PRIMARY));
    }

    @Test
    void as_many_images_as_there_are_is_the_same_question_as_all() {
        assertThat(read("accuracy: { train: 50000, test: 10000 }")).isEqualTo(read("accuracy: {}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            accuracy: { test: 10001 }           | s.yaml:9:21: evaluate.accuracy.test must lie in [1, 10000], was 10001
            accuracy: { test: false, train: false } | s.yaml:9:13: evaluate.accuracy must be taken on one split at least, had train: false and test: false
            weight-noise: { sigmas: { from: 0, to: 1, step: 0.01 }, draws: 1000 } | s.yaml:9:17: evaluate.weight-noise must ask for at most 100000 outcomes of a network, 101 points and 1000 draws in 1 space are 101000
            uniform: { sizes: { from: 0, to: 1, step: 0.01 }, draws: 500, space: [pixel, normalised] } | s.yaml:9:12: evaluate.uniform must ask for at most 100000 outcomes of a network, 101 points and 500 draws in 2 spaces are 101000
            accuracy: { of: some }              | s.yaml:9:19: evaluate.accuracy.of must be all or primary, was 'some'
            calibration: { bins: 0 }            | s.yaml:9:24: evaluate.calibration.bins must lie in [1, 1000], was 0
            lipschitz: { bounds: [global] }     | s.yaml:9:25: evaluate.lipschitz.bounds[0] must be spectral, local or sampled, was 'global'
            lipschitz: { bounds: [] }           | s.yaml:9:24: evaluate.lipschitz.bounds must have at least one value, was empty
            lipschitz: { radius: 0 }            | s.yaml:9:24: evaluate.lipschitz.radius must lie in (0, 1000], was 0
            fgsm: { epsilon: [0.1] }            | s.yaml:9:11: evaluate.fgsm.epsilon is not known (did you mean epsilons?); fgsm has the keys epsilons, space, images, of
            fgsm: { epsilons: 0.1 }             | s.yaml:9:21: evaluate.fgsm.epsilons must be a list of numbers, or a mapping with from, to and step, was 0.1
            fgsm: { epsilons: [] }              | s.yaml:9:21: evaluate.fgsm.epsilons must have 1 to 1000 points, had 0
            fgsm: { epsilons: [0.2, 0.1] }      | s.yaml:9:27: evaluate.fgsm.epsilons[1] must be above the point before it, 0.2, was 0.1
            fgsm: { epsilons: [-0.1] }          | s.yaml:9:22: evaluate.fgsm.epsilons[0] must lie in [0, 1000], was -0.1
            fgsm: { epsilons: [1e-7] }          | s.yaml:9:22: evaluate.fgsm.epsilons[0] must have at most 6 decimal places, was 1e-7
            fgsm: { epsilons: [1e999] }         | s.yaml:9:22: evaluate.fgsm.epsilons[0] must lie in [0, 1000], was 1e999
            fgsm: { epsilons: [1e-9999999999] } | s.yaml:9:22: evaluate.fgsm.epsilons[0] must lie in [0, 1000], was 1e-9999999999
            fgsm: { epsilons: [big] }           | s.yaml:9:22: evaluate.fgsm.epsilons[0] must be a number in [0, 1000], was 'big'
            fgsm: { epsilons: { from: 1, to: 0, step: 1 } } | s.yaml:9:36: evaluate.fgsm.epsilons.to must lie in [1, 1000], was 0
            fgsm: { epsilons: { from: 0, to: 1, step: 0 } } | s.yaml:9:45: evaluate.fgsm.epsilons.step must lie in [0.000001, 1000], was 0
            fgsm: { epsilons: { from: 0, to: 1, step: 0.001 } } | s.yaml:9:21: evaluate.fgsm.epsilons must have 1 to 1000 points, would have more
            fgsm: { epsilons: { from: 0, to: 1 } } | s.yaml:9:21: evaluate.fgsm.epsilons.step is missing
            fgsm: { epsilons: [0], space: raw } | s.yaml:9:33: evaluate.fgsm.space must be pixel or normalised, was 'raw'
            fgsm: { epsilons: [0], images: 0 }  | s.yaml:9:34: evaluate.fgsm.images must lie in [1, 10000], was 0
            pgd: {}                             | s.yaml:9:8: evaluate.pgd must have budgets under l2 or linf, had neither
            pgd: { l2: [1], steps: 0 }          | s.yaml:9:26: evaluate.pgd.steps must lie in [1, 1000], was 0
            deepfool: { l2: [1], overshoot: 2 } | s.yaml:9:35: evaluate.deepfool.overshoot must lie in [0, 1], was 2
            gaussian: { sigmas: [1], draws: 0 } | s.yaml:9:35: evaluate.gaussian.draws must lie in [1, 1000], was 0
            uniform: { sigmas: [1] }            | s.yaml:9:14: evaluate.uniform.sigmas is not known; uniform has the keys sizes, draws, space, images, of
            barrier: { lambdas: 1 }             | s.yaml:9:23: evaluate.barrier.lambdas must lie in [2, 1001], was 1
            barrier: { nodes: some }            | s.yaml:9:21: evaluate.barrier.nodes must be pairs or all, was 'some'
            running-mean: { split: half }       | s.yaml:9:26: evaluate.running-mean.split must be train or test, was 'half'
            fgsm: true                          | s.yaml:9:9: evaluate.fgsm must be a mapping, was true
            """)
    void says_where_what_must_hold_and_what_was_found(String evaluate, String message) {
        SpecificationException refused = catchThrowableOfType(SpecificationException.class, () -> read(evaluate));

        assertThat(refused).as(evaluate).isNotNull();
        assertThat(refused.getMessage()).isEqualTo(message);
    }
}

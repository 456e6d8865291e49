package org.basinlab.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.basinlab.evaluation.Calibration;
import org.basinlab.evaluation.LinearPath;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.evaluation.Score;
import org.basinlab.network.BatchNormStatistics;
import org.basinlab.network.GraphWeights;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.NoiseShape;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Points;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.VectorNorm;
import org.junit.jupiter.api.Test;

/** Attacks, noise, calibration and paths of networks that are no perceptrons. */
class GraphAttacksTest {

    private static final Cnn NETWORK = new Cnn(new Extent(3, 32, 32), List.of(6, 8), 16, Norm.LAYER, 10);
    private static final Weights TRAINED = Shapes.trained(NETWORK, 1, 200);
    private static final NormalisedImages IMAGES = Shapes.images(120);
    private static final double CLEAN =
            Score.of(TRAINED, IMAGES, Progress.UNWATCHED).accuracy();
    private static final Points BUDGETS = Points.of("0", "0.01", "0.1");

    @Test
    void fgsm_begins_at_the_accuracy_and_leads_below_it() {
        AttackResult found =
                Fgsm.of(new MetricRequest.Fgsm(BUDGETS, InputSpace.PIXEL), TRAINED, IMAGES, Progress.UNWATCHED);

        assertThat(CLEAN).isGreaterThan(0.4);
        assertThat(found.accuracy(0)).isEqualTo(CLEAN);
        assertThat(found.accuracy(2)).isLessThan(CLEAN / 2);
        assertThat(found.isSound()).as("%s", found.checks()).isTrue();
    }

    @Test
    void pgd_is_no_weaker_than_fgsm() {
        MetricRequest.Pgd request = new MetricRequest.Pgd(VectorNorm.LINF, Points.of("0.02"), 5, 1, InputSpace.PIXEL);
        AttackResult single = Fgsm.of(
                new MetricRequest.Fgsm(Points.of("0.02"), InputSpace.PIXEL), TRAINED, IMAGES, Progress.UNWATCHED);

        AttackResult found = Pgd.of(request, TRAINED, IMAGES, 3, Progress.UNWATCHED);

        assertThat(found.accuracy(0)).isLessThanOrEqualTo(single.accuracy(0));
        assertThat(found.isSound()).as("%s", found.checks()).isTrue();
    }

    @Test
    void deep_fool_finds_another_class_near_every_image_in_either_norm() {
        for (VectorNorm norm : VectorNorm.values()) {
            MetricRequest.DeepFool request = new MetricRequest.DeepFool(norm, BUDGETS, 50, 0.02, InputSpace.PIXEL);

            DeepFoolResult found = DeepFool.of(request, TRAINED, IMAGES, Progress.UNWATCHED);

            assertThat(found.atBudgets().isSound())
                    .as("%s", found.atBudgets().checks())
                    .isTrue();
            assertThat(found.median()).as(norm.name()).isGreaterThan(0);
            assertThat(found.atBudgets().accuracy(0)).isEqualTo(CLEAN, within(0.01));
        }
    }

    @Test
    void noise_of_size_zero_is_none_and_much_of_it_hurts() {
        NoiseResult inputs = InputNoise.of(
                new MetricRequest.InputNoise(NoiseShape.GAUSSIAN, Points.of("0", "0.5"), 2, InputSpace.PIXEL),
                TRAINED,
                IMAGES,
                5,
                Progress.UNWATCHED);
        NoiseResult weights = WeightNoise.of(
                new MetricRequest.WeightNoise(Points.of("0", "1"), 2), TRAINED, IMAGES, 5, Progress.UNWATCHED);

        assertThat(inputs.accuracy(0)).isEqualTo(CLEAN);
        assertThat(inputs.accuracy(1)).isLessThan(CLEAN);
        assertThat(weights.accuracy(0)).isEqualTo(CLEAN);
        assertThat(weights.accuracy(1)).isLessThan(CLEAN);
    }

    @Test
    void an_expected_calibration_error_lies_between_zero_and_one() {
        double error = Calibration.error(List.of(TRAINED), IMAGES, 10, Progress.UNWATCHED);

        assertThat(error).isBetween(0.001, 1.0);
    }

    @Test
    void a_path_goes_through_the_weighted_means_of_all_tensors() {
        Cnn network = new Cnn(new Extent(3, 32, 32), List.of(4), 5, Norm.LAYER, 10);
        Weights a = GraphWeights.random(network, 1);
        Weights b = GraphWeights.random(network, 2);

        LinearPath path = LinearPath.between(a, b, IMAGES, 3, Progress.UNWATCHED);

        assertThat(path.scores()).isEqualTo(scores(a, middle(a, b), b));
    }

    @Test
    void a_path_between_networks_with_batch_norm_estimates_their_statistics_anew_between_its_ends() {
        Cnn network = new Cnn(new Extent(3, 32, 32), List.of(4), 5, Norm.BATCH, 10);
        Weights a = GraphWeights.random(network, 1);
        Weights b = GraphWeights.random(network, 2);

        LinearPath path = LinearPath.between(a, b, IMAGES, 3, Optional.of(IMAGES), Progress.UNWATCHED);

        Weights estimated = BatchNormStatistics.estimated(middle(a, b), IMAGES, Progress.UNWATCHED);
        assertThat(path.scores()).isEqualTo(scores(a, estimated, b));
        assertThat(path.scores()).isNotEqualTo(scores(a, middle(a, b), b));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinearPath.between(a, b, IMAGES, 3, Progress.UNWATCHED))
                .withMessageContaining("needs training images");
    }

    private static Weights middle(Weights a, Weights b) {
        float[] middle = a.copy();
        for (int i = 0; i < middle.length; i++) {
            middle[i] = (float) (0.5 * middle[i] + 0.5 * b.at(i));
        }
        return Weights.owning(a.architecture(), middle);
    }

    private static List<Score> scores(Weights... networks) {
        return Arrays.stream(networks)
                .map(network -> Score.of(network, IMAGES, Progress.UNWATCHED))
                .toList();
    }
}

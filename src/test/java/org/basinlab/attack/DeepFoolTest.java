package org.basinlab.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.evaluation.Score;
import org.basinlab.network.Initialisation;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Points;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.VectorNorm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeepFoolTest {

    private static final double OVERSHOOT = 0.02;
    /** A few float32 steps against float64 ones. */
    private static final double ROUNDING = 2e-3;

    private static MetricRequest.DeepFool request(VectorNorm norm, InputSpace space, String... budgets) {
        return new MetricRequest.DeepFool(norm, Points.of(budgets), 50, OVERSHOOT, space);
    }

    private static DeepFoolResult attack(
            VectorNorm norm, InputSpace space, Weights weights, NormalisedImages images, String... budgets) {
        return DeepFool.of(request(norm, space, budgets), weights, images, Progress.UNWATCHED);
    }

    private static void assertAsPlain(
            DeepFoolResult found, Weights weights, NormalisedImages images, VectorNorm norm, InputSpace space) {
        PlainNetwork plain = new PlainNetwork(weights, images, space);
        for (int image = 0; image < images.count(); image++) {
            double[] change = plain.deepFool(image, norm == VectorNorm.LINF, OVERSHOOT);
            double expected = norm == VectorNorm.LINF
                    ? Arrays.stream(change).map(Math::abs).max().orElseThrow()
                    : Math.sqrt(Arrays.stream(change).map(x -> x * x).sum());
            assertThat((double) found.distances()[image])
                    .as("image %d", image)
                    .isCloseTo(expected, within(ROUNDING * expected));
        }
    }

    @ParameterizedTest
    @CsvSource({"L2, PIXEL", "L2, NORMALISED", "LINF, PIXEL", "LINF, NORMALISED"})
    void distances_are_those_of_plain_loops(VectorNorm norm, InputSpace space) {
        NormalisedImages images = Shapes.images(25);

        DeepFoolResult found = attack(norm, space, Shapes.TRAINED, images, "0.1");

        assertAsPlain(found, Shapes.TRAINED, images, norm, space);
    }

    @Test
    void a_network_of_one_hidden_layer_is_attacked_too() {
        Weights weights = Shapes.trained(List.of(20), 3);
        NormalisedImages images = Shapes.images(15);

        DeepFoolResult found = attack(VectorNorm.L2, InputSpace.PIXEL, weights, images, "0.1");

        assertAsPlain(found, weights, images, VectorNorm.L2, InputSpace.PIXEL);
    }

    @Test
    void so_many_classes_that_images_need_several_batches_change_nothing() {
        NormalisedImages images = Shapes.images(60);
        Architecture.Mlp hundredClasses = new Architecture.Mlp(images.inputs(), List.of(48, 64), 100);
        Weights weights = Initialisation.pytorch(hundredClasses, 4);
        PlainNetwork plain = new PlainNetwork(weights, images, InputSpace.PIXEL);

        DeepFoolResult found = attack(VectorNorm.L2, InputSpace.PIXEL, weights, images, "0.1");

        for (int image : new int[] {0, 22, 23, 59}) { // of the first, second and third batch
            double[] change = plain.deepFool(image, false, OVERSHOOT);
            double expected = Math.sqrt(Arrays.stream(change).map(x -> x * x).sum());
            assertThat((double) found.distances()[image])
                    .as("image %d", image)
                    .isCloseTo(expected, within(ROUNDING * expected));
        }
    }

    @Test
    void in_l2_the_walk_in_the_row_space_is_the_walk_in_the_inputs() {
        NormalisedImages images = Shapes.images(300);
        MetricRequest.DeepFool request = request(VectorNorm.L2, InputSpace.PIXEL, "0.1");

        DeepFoolResult fast = DeepFool.of(request, Shapes.TRAINED, images, Progress.UNWATCHED);
        DeepFoolResult slow;
        try (InputWalk walk = new InputWalk(VectorNorm.L2, InputSpace.PIXEL, Shapes.TRAINED, images)) {
            slow = DeepFool.along(walk, request, Shapes.TRAINED, images, Progress.UNWATCHED);
        }

        assertThat(fast.mean()).isCloseTo(slow.mean(), within(1e-4 * slow.mean()));
        assertThat(fast.rho()).isCloseTo(slow.rho(), within(1e-4 * slow.rho()));
        assertThat(fast.median()).isCloseTo(slow.median(), within(1e-3 * slow.median()));
    }

    @Test
    void an_image_counts_at_budgets_below_its_distance_if_its_label_is_found() {
        NormalisedImages images = Shapes.images(200);

        DeepFoolResult found = attack(VectorNorm.L2, InputSpace.PIXEL, Shapes.TRAINED, images, "0", "0.2", "1", "100");

        AttackResult curve = found.atBudgets();
        assertThat(curve.accuracy(0))
                .isEqualTo(Score.of(Shapes.TRAINED, images, Progress.UNWATCHED).accuracy());
        for (int i = 0; i < 200; i++) {
            boolean expected = curve.correct().get(0).get(i) && found.distances()[i] > 0.2;
            assertThat(curve.correct().get(1).get(i)).isEqualTo(expected);
        }
        assertThat(curve.accuracy(3)).isZero();
        assertThat(curve.isSound()).as("%s", curve.checks()).isTrue();
        assertThat(curve.checks())
                .extracting(SanityFinding::check)
                .containsExactly("clean-at-zero", "boundary-found", "gradients-not-masked");
    }

    @Test
    void images_that_have_gradients_and_never_reach_a_boundary_are_flagged() {
        MetricRequest.DeepFool tooShort =
                new MetricRequest.DeepFool(VectorNorm.L2, Points.of("0.1"), 1, OVERSHOOT, InputSpace.PIXEL);

        DeepFoolResult found = DeepFool.of(tooShort, Shapes.TRAINED, Shapes.images(400), Progress.UNWATCHED);

        int without = 0;
        for (float distance : found.distances()) {
            without += Float.isNaN(distance) ? 1 : 0;
        }
        assertThat(without).isGreaterThan(4);
        assertThat(found.atBudgets().checks())
                .filteredOn(check -> !check.passed())
                .containsExactly(new SanityFinding("boundary-found", without / 400.0, 0.01, false));
    }

    @ParameterizedTest
    @CsvSource({"L2", "LINF"})
    void a_network_that_answers_the_same_everywhere_has_no_distances_and_is_flagged(VectorNorm norm) {
        Weights constant = Weights.owning(Shapes.TRAINED.architecture(), new float[Shapes.TRAINED.size()]);

        DeepFoolResult found = attack(norm, InputSpace.PIXEL, constant, Shapes.images(40), "0.1");

        assertThat(found.distances()).containsOnly(Float.NaN);
        assertThat(found.mean()).isNaN();
        assertThat(found.atBudgets().isSound()).isFalse();
    }
}

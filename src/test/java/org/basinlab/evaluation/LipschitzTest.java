package org.basinlab.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.basinlab.matching.ReferenceNetworks;
import org.basinlab.network.ArrayExamples;
import org.basinlab.network.ReferenceMlp;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LipschitzTest {

    /** The first layer is tall, the next ones wide. */
    private static final Architecture.Mlp SMALL = new Architecture.Mlp(9, List.of(14, 12, 8), 5);

    private static final ArrayExamples EXAMPLES = ArrayExamples.clusters(12, 9, 5, 2);
    private static final double ROUNDING = 1e-9;

    private static double[] local(Weights network, double radius) {
        return Lipschitz.local(network, EXAMPLES, radius, Progress.UNWATCHED);
    }

    private static double[] sampled(Weights network, double radius, int samples, long seed) {
        return Lipschitz.sampled(network, EXAMPLES, radius, samples, seed, Progress.UNWATCHED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"seed0", "seed1", "seed2", "seed3"})
    void the_product_of_spectral_norms_is_that_of_the_reference(String name) {
        JsonNode expected = ReferenceNetworks.expected().get("models").get(name);

        double product = Lipschitz.spectral(ReferenceNetworks.read(name));

        double wanted = expected.get("lipschitz_spectral_product").doubleValue();
        assertThat(product).isCloseTo(wanted, within(1e-6 * wanted));
    }

    @Test
    void a_diagonal_network_has_the_product_of_its_largest_values() {
        float[] diagonal = {3, 0, 0, -5, 7, 7, 2, 0, 0, 0.5f, 1, 1};

        double product = Lipschitz.spectral(Weights.owning(new Architecture.Mlp(2, List.of(2), 2), diagonal));

        assertThat(product).isCloseTo(10, within(1e-12));
    }

    @Test
    void no_logits_move_further_than_the_local_bound_allows() {
        RandomGenerator random = Seeds.generator(4);
        for (double radius : new double[] {0.01, 0.3, 3}) {
            for (int seed = 0; seed < 5; seed++) {
                Weights network = ReferenceNetworks.random(SMALL, seed);
                double[] bounds = local(network, radius);
                for (int i = 0; i < EXAMPLES.count(); i++) {
                    double most = steepest(network, i, radius, random);
                    assertThat(most).isLessThanOrEqualTo(bounds[i] * (1 + 1e-3)); // inputs are rounded to float32
                }
            }
        }
    }

    /** Of 200 points in the ball around an example: ‖f(x) − f(x₀)‖ / ‖x − x₀‖. */
    private static double steepest(Weights network, int example, double radius, RandomGenerator random) {
        float[] centre = inputs(example);
        float[][] moved = new float[201][];
        moved[0] = centre;
        for (int k = 1; k < moved.length; k++) {
            double[] direction = random.doubles(centre.length, -1, 1).toArray();
            double norm = Math.sqrt(Arrays.stream(direction).map(v -> v * v).sum());
            double length = 0.99 * radius * random.nextDouble() + 0.009 * radius;
            moved[k] = centre.clone();
            for (int j = 0; j < centre.length; j++) {
                moved[k][j] += (float) (length * direction[j] / norm);
            }
        }
        ArrayExamples points = new ArrayExamples(moved, new int[moved.length]);
        ReferenceMlp reference = new ReferenceMlp(network);
        double most = 0;
        for (int k = 1; k < moved.length; k++) {
            double far = distance(reference.logits(points, k), reference.logits(points, 0));
            most = Math.max(most, far / distance(doubles(moved[k]), doubles(centre)));
        }
        return most;
    }

    @Test
    void the_local_bound_lies_between_the_jacobian_and_the_product() {
        for (int seed = 0; seed < 20; seed++) {
            Weights network = ReferenceNetworks.random(SMALL, seed);
            double product = Lipschitz.spectral(network);
            double[] jacobians = sampled(network, 0.3, 1, seed);
            double[] bounds = local(network, 0.3);
            for (int i = 0; i < bounds.length; i++) {
                assertThat(bounds[i]).isBetween(jacobians[i] * (1 - ROUNDING), product * (1 + ROUNDING));
            }
        }
    }

    @Test
    void the_local_bound_grows_with_the_ball_to_the_product() {
        Weights network = ReferenceNetworks.random(SMALL, 3);
        double product = Lipschitz.spectral(network);

        double[] near = local(network, 0.01);
        double[] middle = local(network, 1);
        double[] far = local(network, 1e8);

        for (int i = 0; i < far.length; i++) {
            assertThat(near[i]).isLessThanOrEqualTo(middle[i] * (1 + ROUNDING));
            assertThat(middle[i]).isLessThanOrEqualTo(far[i] * (1 + ROUNDING));
            assertThat(far[i]).isCloseTo(product, within(1e-6 * product));
        }
    }

    @Test
    void in_a_ball_without_a_kink_the_first_layer_is_bounded_by_its_active_rows() {
        // Two units, the second far below zero everywhere near the example.
        Weights network = Weights.owning(
                new Architecture.Mlp(1, List.of(2), 2), new float[] {2, 50, 0, -1_000, 3, 1, 4, 1, 0, 0});
        ArrayExamples one = new ArrayExamples(new float[][] {{1}}, new int[] {0});

        double[] bound = Lipschitz.local(network, one, 0.1, Progress.UNWATCHED);

        assertThat(bound[0]).isCloseTo(2 * 5, within(1e-12));
    }

    @Test
    void a_network_whose_units_are_all_off_moves_nothing() {
        Weights network = Weights.owning(
                new Architecture.Mlp(1, List.of(2), 2), new float[] {2, 5, -100, -100, 3, 1, 4, 1, 0, 0});
        ArrayExamples one = new ArrayExamples(new float[][] {{1}}, new int[] {0});

        assertThat(Lipschitz.local(network, one, 0.1, Progress.UNWATCHED)[0]).isZero();
        assertThat(Lipschitz.sampled(network, one, 0.1, 3, 1, Progress.UNWATCHED)[0])
                .isZero();
    }

    @Test
    void a_jacobian_is_the_slope_of_the_logits() {
        Weights network = ReferenceNetworks.random(SMALL, 6);
        ReferenceMlp reference = new ReferenceMlp(network);
        double[] found = sampled(network, 0.3, 1, 1);

        for (int i = 0; i < EXAMPLES.count(); i++) {
            double[] jacobian = differences(reference, i);
            assertThat(found[i]).isCloseTo(Products.largestSingularValue(9, 5, jacobian), within(2e-3 * found[i]));
        }
    }

    /** {@code [inputs][classes]}, by a step of each input to either side. */
    private static double[] differences(ReferenceMlp reference, int example) {
        double[] jacobian = new double[9 * 5];
        float step = 1f / 4_096; // exact in float32
        for (int j = 0; j < 9; j++) {
            float[] up = inputs(example);
            float[] down = inputs(example);
            up[j] += step;
            down[j] -= step;
            ArrayExamples both = new ArrayExamples(new float[][] {up, down}, new int[2]);
            double[] high = reference.logits(both, 0);
            double[] low = reference.logits(both, 1);
            for (int c = 0; c < 5; c++) {
                jacobian[j * 5 + c] = (high[c] - low[c]) / ((double) up[j] - down[j]);
            }
        }
        return jacobian;
    }

    @Test
    void more_samples_find_no_less_and_never_more_than_the_product() {
        Weights network = ReferenceNetworks.random(SMALL, 7);
        double product = Lipschitz.spectral(network);

        double[] few = sampled(network, 2, 3, 5);
        double[] many = sampled(network, 2, 30, 5);

        for (int i = 0; i < few.length; i++) {
            assertThat(many[i]).isBetween(few[i], product * (1 + ROUNDING));
        }
        assertThat(many).isNotEqualTo(few).isEqualTo(sampled(network, 2, 30, 5));
    }

    @Test
    void the_points_of_a_ball_may_come_in_any_number_of_parts() {
        Jacobians jacobians = new Jacobians(DenseLayer.of(ReferenceNetworks.random(SMALL, 3)));
        double[] centre = new double[9];
        double whole = Lipschitz.largest(jacobians, new BallPoints(centre, 2, 1, 0), 50, 50);

        for (int atOnce : new int[] {1, 7, 49}) {
            double parts = Lipschitz.largest(jacobians, new BallPoints(centre, 2, 1, 0), 50, atOnce);
            assertThat(parts).isCloseTo(whole, within(ROUNDING * whole));
        }
    }

    @Test
    void the_more_a_point_takes_the_fewer_are_looked_at_at_once() {
        Jacobians jacobians = new Jacobians(DenseLayer.of(ReferenceNetworks.random(SMALL, 3)));

        assertThat(jacobians.mostPoints(1)).isEqualTo(1);
        // 9 inputs, twice 14, 12, 8 and 5 outputs, twice 5 rows of 14
        assertThat(jacobians.mostPoints(1_000L * 8 * (9 + 2 * 39 + 2 * 5 * 14))).isEqualTo(1_000);
    }

    @Test
    void points_lie_in_the_ball_and_most_of_its_room_is_near_its_edge() {
        double[] centre = {1, 2, 3};

        double[] points = new BallPoints(centre, 0.5, 1, 0).next(2_001);

        assertThat(Arrays.copyOf(points, 3)).isEqualTo(centre);
        int inner = 0;
        for (int p = 1; p < 2_001; p++) {
            double away = distance(Arrays.copyOfRange(points, 3 * p, 3 * p + 3), centre);
            assertThat(away).isLessThanOrEqualTo(0.5 + ROUNDING);
            inner += away < 0.25 ? 1 : 0;
        }
        assertThat(inner).isBetween(200, 300); // an eighth of the volume
    }

    @Test
    void a_network_that_is_not_finite_and_other_inputs_are_refused() {
        float[] nan = ReferenceNetworks.random(SMALL, 1).copy();
        nan[7] = Float.NaN;
        Weights wider = ReferenceNetworks.random(new Architecture.Mlp(10, List.of(3), 5), 1);

        assertThatIllegalArgumentException().isThrownBy(() -> Lipschitz.spectral(Weights.owning(SMALL, nan)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> local(wider, 0.1))
                .withMessage("10-3-5 takes 10 inputs, the examples have 9");
    }

    private static float[] inputs(int example) {
        FloatBuffer row = FloatBuffer.allocate(9);
        EXAMPLES.fill(new int[] {example}, 0, 1, row);
        return row.array();
    }

    private static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        Arrays.setAll(wide, i -> values[i]);
        return wide;
    }

    private static double distance(double[] a, double[] b) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            squares += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(squares);
    }
}

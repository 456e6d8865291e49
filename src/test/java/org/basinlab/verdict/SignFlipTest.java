package org.basinlab.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.basinlab.recipe.Seeds;
import org.junit.jupiter.api.Test;

class SignFlipTest {

    private static double[] normal(int n, double mean, long seed) {
        RandomGenerator random = Seeds.generator(seed);
        return random.doubles(n).map(u -> mean + random.nextGaussian()).toArray();
    }

    /** Differences of accuracies on few images: decimals, many of them equal up to a sign. */
    private static double[] coarse(int n, long seed) {
        return Arrays.stream(normal(n, 0.3, seed))
                .map(x -> Math.rint(3 * x) / 10)
                .toArray();
    }

    /** By the definition, every choice of signs from its bits. */
    private static double shareByDefinition(double[] x, boolean isTwoSided) {
        double seen = Arrays.stream(x).sum();
        double near = 1e-12 * Arrays.stream(x).map(Math::abs).sum();
        long hits = 0;
        for (long signs = 0; signs < 1L << x.length; signs++) {
            double sum = 0;
            for (int i = 0; i < x.length; i++) {
                sum += ((signs >> i) & 1) == 0 ? x[i] : -x[i];
            }
            hits += isTwoSided ? Math.abs(sum) >= Math.abs(seen) - near ? 1 : 0 : sum >= seen - near ? 1 : 0;
        }
        return (double) hits / (1L << x.length);
    }

    /** One sign flips from each sum to the next. */
    private static double shareByGrayCode(double[] x) {
        double seen = Arrays.stream(x).sum();
        double near = 1e-12 * Arrays.stream(x).map(Math::abs).sum();
        double[] signed = x.clone();
        double sum = seen;
        long hits = 1;
        for (long k = 1; k < 1L << x.length; k++) {
            int flipped = Long.numberOfTrailingZeros(k);
            signed[flipped] = -signed[flipped];
            sum += 2 * signed[flipped];
            hits += sum >= seen - near ? 1 : 0;
        }
        return (double) hits / (1L << x.length);
    }

    @Test
    void up_to_twelve_differences_it_equals_the_definition() {
        for (int n = 1; n <= 12; n++) {
            for (long seed = 0; seed < 20; seed++) {
                double[] x = seed % 2 == 0 ? normal(n, 0.4, seed) : coarse(n, seed);

                assertThat(SignFlip.twoSided(x, 1).value()).isEqualTo(shareByDefinition(x, true));
                assertThat(SignFlip.greater(x, 1).value()).isEqualTo(shareByDefinition(x, false));
            }
        }
    }

    @Test
    void it_equals_a_walk_along_a_gray_code() {
        for (int n = 19; n <= 22; n++) {
            double[] x = normal(n, 0.3, n);

            assertThat(SignFlip.greater(x, 1).value()).isEqualTo(shareByGrayCode(x));
        }
    }

    @Test
    void differences_of_one_size_follow_the_binomial_distribution() {
        double[] x = new double[40];
        Arrays.fill(x, 0.1);
        Arrays.fill(x, 0, 13, -0.1);

        double p = SignFlip.greater(x, 1).value();

        double tail = 0;
        double choose = 1;
        for (int minus = 0; minus <= 13; minus++) {
            tail += choose;
            choose = choose * (40 - minus) / (minus + 1);
        }
        assertThat(p).isCloseTo(tail / Math.pow(2, 40), within(1e-15));
    }

    @Test
    void two_sided_p_ignores_the_common_sign_and_the_scale() {
        for (long seed = 0; seed < 50; seed++) {
            double[] x = normal(17, 0.3, seed);
            double[] turned = Arrays.stream(x).map(v -> -1e-3 * v).toArray();

            assertThat(SignFlip.twoSided(turned, 1)).isEqualTo(SignFlip.twoSided(x, 1));
        }
    }

    @Test
    void p_ignores_the_order_of_differences() {
        double[] x = coarse(25, 3);
        double[] sorted = Arrays.stream(x).sorted().toArray();

        assertThat(SignFlip.greater(sorted, 1)).isEqualTo(SignFlip.greater(x, 1));
    }

    @Test
    void the_sides_overlap_in_ties_alone() {
        double[] x = normal(15, 0.2, 5);
        double[] opposite = Arrays.stream(x).map(v -> -v).toArray();

        double both =
                SignFlip.greater(x, 1).value() + SignFlip.greater(opposite, 1).value();

        assertThat(both).isEqualTo(1 + Math.pow(2, -15));
    }

    @Test
    void least_p_is_one_of_all_choices_a_side() {
        double[] x = {1, 2, 3, 4, 5, 6};

        assertThat(SignFlip.twoSided(x, 1)).isEqualTo(new SignFlip.P(2.0 / 64, true));
        assertThat(SignFlip.greater(x, 1)).isEqualTo(new SignFlip.P(1.0 / 64, true));
    }

    @Test
    void no_difference_gives_p_one() {
        assertThat(SignFlip.twoSided(new double[8], 1)).isEqualTo(new SignFlip.P(1, true));
        assertThat(SignFlip.twoSided(new double[60], 1).value()).isEqualTo(1);
    }

    @Test
    void ties_that_rounding_breaks_count_as_ties() {
        double[] x = {0.1, 0.2, -0.3};

        // In doubles 0.1 + 0.2 − 0.3 is 5.6e-17, not 0.
        assertThat(SignFlip.twoSided(x, 1).value()).isEqualTo(1);
    }

    @Test
    void many_differences_are_sampled_near_the_exact_share_and_say_so() {
        double[] x = new double[SignFlip.EXACT + 2];
        Arrays.fill(x, 1);
        Arrays.fill(x, 0, 19, -1);

        SignFlip.P p = SignFlip.twoSided(x, 1);

        // 31 or more of 50 on one side: 0.1189 by the binomial distribution; a standard error of the sample is 0.0003.
        assertThat(p.isExact()).isFalse();
        assertThat(p.value()).isCloseTo(0.1189, within(0.0015));
        assertThat(SignFlip.twoSided(x, 1)).isEqualTo(p);
        assertThat(SignFlip.twoSided(x, 2)).isNotEqualTo(p);
    }

    @Test
    void every_choice_of_48_signs_is_counted() {
        double[] x = new double[SignFlip.EXACT];
        Arrays.fill(x, 1);
        Arrays.fill(x, 0, 18, -1);

        SignFlip.P p = SignFlip.twoSided(x, 1);

        // 30 or more of 48 on one side, by the binomial distribution.
        assertThat(p.isExact()).isTrue();
        assertThat(p.value()).isCloseTo(0.11140289106101875, within(1e-12));
    }

    @Test
    void a_sampled_p_is_never_zero() {
        double[] x = new double[70];
        Arrays.fill(x, 1);

        assertThat(SignFlip.greater(x, 1).value()).isEqualTo(1.0 / 1_000_001);
    }

    @Test
    void a_difference_that_is_no_number_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SignFlip.greater(new double[] {1, Double.NaN}, 1))
                .withMessage("differences must be finite, one was NaN");
    }
}

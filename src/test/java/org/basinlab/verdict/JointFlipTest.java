package org.basinlab.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.basinlab.recipe.Seeds;
import org.junit.jupiter.api.Test;

class JointFlipTest {

    private static List<double[]> numbers(int count, int units, double mean, long seed) {
        RandomGenerator random = Seeds.generator(seed);
        List<double[]> numbers = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            double[] x = new double[units];
            Arrays.setAll(x, i -> mean + random.nextGaussian());
            numbers.add(x);
        }
        return numbers;
    }

    /** By its definition, every choice of signs from scratch. */
    private static double byDefinition(List<double[]> numbers, int of) {
        int units = numbers.get(0).length;
        int found = 0;
        for (int signs = 0; signs < 1 << units; signs++) {
            double farthest = Double.NEGATIVE_INFINITY;
            for (double[] x : numbers) {
                farthest = Math.max(farthest, statistic(x, signs));
            }
            found += farthest >= statistic(numbers.get(of), 0) - 1e-9 ? 1 : 0;
        }
        return (double) found / (1 << units);
    }

    private static double statistic(double[] x, int signs) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (signs >> i & 1) == 0 ? x[i] : -x[i];
            squares += x[i] * x[i];
        }
        return sum / Math.sqrt(squares);
    }

    @Test
    void p_is_the_share_of_choices_whose_farthest_number_reaches_it() {
        for (int seed = 0; seed < 20; seed++) {
            List<double[]> numbers = numbers(3, 9, 0.4, seed);

            double[] p = JointFlip.greater(numbers, SignFlip.SAMPLES, 1);

            for (int k = 0; k < 3; k++) {
                assertThat(p[k]).isEqualTo(byDefinition(numbers, k));
            }
        }
    }

    @Test
    void one_number_alone_has_the_p_of_its_own_sign_flips() {
        for (int seed = 0; seed < 20; seed++) {
            List<double[]> one = numbers(1, 12, 0.3, seed);

            assertThat(JointFlip.greater(one, SignFlip.SAMPLES, 1)[0])
                    .isEqualTo(SignFlip.greater(one.get(0), 1).value());
        }
    }

    @Test
    void the_same_number_again_costs_nothing_and_another_never_gains() {
        double[] x = numbers(1, 12, 0.8, 3).get(0);
        double[] other = numbers(1, 12, -2, 4).get(0);
        double alone = JointFlip.greater(List.of(x), SignFlip.SAMPLES, 1)[0];

        assertThat(JointFlip.greater(List.of(x, x, x), SignFlip.SAMPLES, 1)[1]).isEqualTo(alone);
        assertThat(JointFlip.greater(List.of(x, other), SignFlip.SAMPLES, 1)[0]).isGreaterThanOrEqualTo(alone);
    }

    @Test
    void eighteen_numbers_that_all_lie_on_one_side_of_twelve_units_have_the_least_p_there_is() {
        List<double[]> numbers = numbers(18, 12, 100, 5);

        double[] p = JointFlip.greater(numbers, SignFlip.SAMPLES, 1);

        assertThat(Arrays.stream(p).min().orElseThrow()).isEqualTo(1.0 / (1 << 12));
    }

    @Test
    void units_that_a_number_does_not_have_do_not_count_for_it() {
        double[] x = numbers(1, 10, 0.5, 6).get(0);

        assertThat(JointFlip.greater(List.of(Arrays.copyOf(x, 12)), SignFlip.SAMPLES, 1)[0])
                .isEqualTo(JointFlip.greater(List.of(x), SignFlip.SAMPLES, 1)[0]);
    }

    @Test
    void many_units_are_sampled_near_the_exact_share() {
        double[] ones = new double[30];
        Arrays.fill(ones, 1);
        Arrays.fill(ones, 0, 10, -1);

        double[] p = JointFlip.greater(List.of(ones), SignFlip.SAMPLES, 1);

        // 20 or more of 30: 0.0494 by the binomial distribution; a standard error of the sample is 0.0002.
        assertThat(p[0]).isCloseTo(0.0494, within(0.001));
        assertThat(JointFlip.greater(List.of(ones), SignFlip.SAMPLES, 1)).isEqualTo(p);
    }
}

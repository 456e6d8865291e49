package org.basinlab.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.basinlab.recipe.Seeds;
import org.junit.jupiter.api.Test;

class BcaTest {

    private static final double[] VALUES = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8};

    private static Interval mean(double[] values, double level, long seed) {
        return Bca.interval(Statistic.mean(values), values.length, level, Bca.RESAMPLES, seed)
                .orElseThrow();
    }

    private static double[] normal(int n, RandomGenerator random) {
        double[] values = new double[n];
        Arrays.setAll(values, i -> random.nextGaussian());
        return values;
    }

    @Test
    void equal_seeds_give_equal_intervals_and_others_near_ones() {
        Interval first = mean(VALUES, 0.95, 1);
        Interval other = mean(VALUES, 0.95, 2);

        assertThat(mean(VALUES, 0.95, 1)).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
        assertThat(other.low()).isCloseTo(first.low(), within(0.1));
        assertThat(other.high()).isCloseTo(first.high(), within(0.1));
    }

    @Test
    void it_moves_and_stretches_with_the_values() {
        Interval interval = mean(VALUES, 0.95, 1);
        Interval moved = mean(Arrays.stream(VALUES).map(v -> 100 - 2 * v).toArray(), 0.95, 1);

        assertThat(moved.low()).isCloseTo(100 - 2 * interval.high(), within(1e-9));
        assertThat(moved.high()).isCloseTo(100 - 2 * interval.low(), within(1e-9));
    }

    @Test
    void a_higher_level_holds_a_lower_one() {
        Interval wide = mean(VALUES, 0.95, 1);
        Interval narrow = mean(VALUES, 0.9, 1);

        assertThat(wide.low()).isLessThan(narrow.low());
        assertThat(wide.high()).isGreaterThan(narrow.high());
    }

    @Test
    void a_tail_on_the_right_draws_the_interval_to_the_right() {
        double[] skewed = {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9, 1.2, 1.8, 3, 6};
        double mean = Arrays.stream(skewed).average().orElseThrow();

        Interval interval = mean(skewed, 0.95, 1);

        assertThat(interval.high() - mean).isGreaterThan(1.3 * (mean - interval.low()));
    }

    @Test
    void units_that_are_all_alike_give_a_point() {
        double[] alike = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};

        Interval interval = mean(alike, 0.95, 1);

        assertThat(interval.low()).isCloseTo(0.1, within(1e-15));
        assertThat(interval.high()).isCloseTo(0.1, within(1e-15));
    }

    @Test
    void fewer_than_two_units_have_no_interval() {
        assertThat(Bca.interval(Statistic.mean(new double[] {1}), 1, 0.95, 100, 1))
                .isEmpty();
        assertThat(Bca.interval(Statistic.mean(new double[0]), 0, 0.95, 100, 1)).isEmpty();
    }

    @Test
    void a_ratio_of_variances_without_spread_has_no_interval() {
        double[] alike = new double[12];

        Optional<Interval> interval =
                Bca.interval(Statistic.logVarianceRatio(VALUES, alike), 12, 0.95, Bca.RESAMPLES, 1);

        assertThat(interval).isEmpty();
    }

    @Test
    void a_ratio_of_variances_turns_its_sign_when_the_series_are_swapped() {
        double[] other = {2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7};

        Interval interval = Bca.interval(Statistic.logVarianceRatio(VALUES, other), 12, 0.95, Bca.RESAMPLES, 1)
                .orElseThrow();
        Interval swapped = Bca.interval(Statistic.logVarianceRatio(other, VALUES), 12, 0.95, Bca.RESAMPLES, 1)
                .orElseThrow();

        assertThat(swapped.low()).isCloseTo(-interval.high(), within(1e-9));
        assertThat(swapped.high()).isCloseTo(-interval.low(), within(1e-9));
    }

    @Test
    void it_covers_the_mean_about_as_often_as_it_says() {
        RandomGenerator random = Seeds.generator(11);
        int covered = 0;
        for (int study = 0; study < 1_000; study++) {
            double[] values = normal(25, random);
            Interval interval =
                    Bca.interval(Statistic.mean(values), 25, 0.95, 1_000, study).orElseThrow();
            covered += interval.low() <= 0 && interval.high() >= 0 ? 1 : 0;
        }

        // Bootstrap intervals of means are too narrow by about √(1 − 1/n) and the normal instead of t: 93 % at n = 25.
        assertThat(covered / 1_000.0).isBetween(0.905, 0.96);
    }

    @Test
    void it_covers_the_ratio_of_variances_about_as_often_as_it_says() {
        RandomGenerator random = Seeds.generator(12);
        int covered = 0;
        for (int study = 0; study < 1_000; study++) {
            Statistic ratio = Statistic.logVarianceRatio(normal(25, random), normal(25, random));
            Interval interval = Bca.interval(ratio, 25, 0.95, 1_000, study).orElseThrow();
            covered += interval.low() <= 0 && interval.high() >= 0 ? 1 : 0;
        }

        assertThat(covered / 1_000.0).isBetween(0.88, 0.97);
    }

    @Test
    void percentiles_lie_between_neighbours() {
        double[] ascending = {0, 10, 20, 40};

        assertThat(Bca.percentile(ascending, 0)).isEqualTo(0);
        assertThat(Bca.percentile(ascending, 0.5)).isEqualTo(15);
        assertThat(Bca.percentile(ascending, 1)).isEqualTo(40);
    }
}

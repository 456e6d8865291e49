package org.basinlab.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ProportionTest {

    /** P(from ≤ X ≤ to) of a binomial, summed term by term. */
    private static double tail(int from, int to, int of, double p) {
        double sum = 0;
        for (int k = from; k <= to; k++) {
            double term = 1;
            for (int i = 0; i < k; i++) {
                term *= p * (of - i) / (i + 1.0);
            }
            sum += term * Math.pow(1 - p, of - k);
        }
        return sum;
    }

    @Test
    void at_its_ends_what_was_seen_is_as_rare_as_the_level_says() {
        for (int of : new int[] {1, 7, 40}) {
            for (int good = 0; good <= of; good++) {
                Proportion proportion = new Proportion(good, of);
                double low = proportion.low(0.95);
                double high = proportion.high(0.95);

                assertThat(low).isLessThanOrEqualTo(proportion.rate());
                assertThat(high).isGreaterThanOrEqualTo(proportion.rate());
                if (good > 0) {
                    assertThat(tail(good, of, of, low)).isCloseTo(0.025, within(1e-9));
                }
                if (good < of) {
                    assertThat(tail(0, good, of, high)).isCloseTo(0.025, within(1e-9));
                }
            }
        }
    }

    @Test
    void of_no_trials_everything_is_possible() {
        assertThat(new Proportion(0, 0).low(0.95)).isZero();
        assertThat(new Proportion(0, 0).high(0.95)).isOne();
    }
}

package org.basinlab.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.basinlab.recipe.Seeds;
import org.junit.jupiter.api.Test;

class HolmTest {

    @Test
    void it_equals_an_example_worked_by_hand() {
        double[] adjusted = Holm.adjusted(new double[] {0.01, 0.04, 0.03, 0.005});

        // Ascending .005·4 = .02, .01·3 = .03, .03·2 = .06, .04·1 = .04, which may not be below .06.
        assertThat(adjusted).containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-15));
    }

    @Test
    void one_alone_stays_as_it_is() {
        assertThat(Holm.adjusted(new double[] {0.04})).containsExactly(0.04);
        assertThat(Holm.adjusted(new double[0])).isEmpty();
    }

    @Test
    void claims_without_p_count_and_stay_at_one() {
        assertThat(Holm.adjusted(new double[] {1, 0.01, 1})).containsExactly(1, 0.03, 1);
    }

    @Test
    void it_is_the_closure_of_bonferroni() {
        for (long seed = 0; seed < 100; seed++) {
            double[] p = Seeds.generator(seed).doubles(6).map(u -> u * u).toArray();

            double[] adjusted = Holm.adjusted(p);

            for (int i = 0; i < p.length; i++) {
                assertThat(adjusted[i]).isCloseTo(closed(p, i), within(1e-15));
            }
        }
    }

    /** The largest Bonferroni p of all intersections of hypotheses that hold {@code i}. */
    private static double closed(double[] p, int i) {
        return IntStream.range(0, 1 << p.length)
                .filter(set -> (set >> i & 1) == 1)
                .mapToDouble(set -> {
                    double[] in = IntStream.range(0, p.length)
                            .filter(k -> (set >> k & 1) == 1)
                            .mapToDouble(k -> p[k])
                            .toArray();
                    return Math.min(1, in.length * Arrays.stream(in).min().orElseThrow());
                })
                .max()
                .orElseThrow();
    }
}

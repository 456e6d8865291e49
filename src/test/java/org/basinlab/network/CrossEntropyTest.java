package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class CrossEntropyTest {

    private static Tally of(int label, float... logits) {
        return CrossEntropy.of(FloatBuffer.wrap(logits), new int[] {label}, 1);
    }

    @Test
    void equal_logits_cost_the_logarithm_of_the_number_of_classes() {
        assertThat(of(2, 7, 7, 7).loss()).isCloseTo(Math.log(3), within(1e-15));
    }

    @Test
    void huge_logits_do_not_overflow() {
        assertThat(of(0, 1e30f, -1e30f).loss()).isZero();
        assertThat(of(1, 1000, 0).loss()).isEqualTo(1000);
    }

    @Test
    void of_equal_logits_the_lowest_class_counts() {
        assertThat(of(0, 1, 1, 0).correct()).isOne();
        assertThat(of(1, 1, 1, 0).correct()).isZero();
    }

    @Test
    void a_logit_that_is_no_number_is_no_hit_and_no_loss() {
        Tally tally = of(0, 1, Float.NaN, 0);

        assertThat(tally.correct()).isZero();
        assertThat(tally.loss()).isNaN();
    }

    @Test
    void an_infinite_logit_leaves_no_finite_loss() {
        assertThat(of(0, Float.POSITIVE_INFINITY, 0).loss()).isNaN();
    }

    @Test
    void the_gradient_of_an_image_sums_to_zero_and_falls_short_of_certainty_at_its_label() {
        FloatBuffer gradient = FloatBuffer.allocate(6);

        CrossEntropy.withGradient(
                FloatBuffer.wrap(new float[] {0, 0, 0, (float) Math.log(2), 0, 0}), new int[] {1, 0}, 2, gradient);

        assertThat(gradient.array())
                .containsExactly(new float[] {1 / 6f, -1 / 3f, 1 / 6f, -1 / 4f, 1 / 8f, 1 / 8f}, within(1e-7f));
    }
}

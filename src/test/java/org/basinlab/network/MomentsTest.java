package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Progress;
import org.junit.jupiter.api.Test;

class MomentsTest {

    @Test
    void two_parts_have_the_moments_of_the_whole() {
        float[] values = {1, 10, 2, 30, 4, 20, 9, 40, 1e4f, 0};
        Moments whole = Moments.of(FloatBuffer.wrap(values), 5, 2);
        Moments first = Moments.of(FloatBuffer.wrap(values, 0, 4).slice(), 2, 2);
        Moments rest = Moments.of(FloatBuffer.wrap(values, 4, 6).slice(), 3, 2);

        Moments both = first.plus(rest);

        for (int c = 0; c < 2; c++) {
            assertThat(both.mean(c)).isCloseTo(whole.mean(c), within(1e-9));
            assertThat(both.deviation(c)).isCloseTo(whole.deviation(c), within(1e-9));
            assertThat(both.unbiasedVariance(c)).isCloseTo(whole.unbiasedVariance(c), within(1e-4));
        }
        assertThat(whole.mean(1)).isEqualTo(20);
        assertThat(whole.deviation(1)).isEqualTo(Math.sqrt(200));
        assertThat(whole.unbiasedVariance(1)).isEqualTo(250);
    }

    @Test
    void a_channel_of_one_value_has_no_variance_at_all() {
        float[] values = new float[7];
        Arrays.fill(values, 0.1f);

        Moments moments = Moments.of(FloatBuffer.wrap(values), 7, 1).plus(Moments.of(FloatBuffer.wrap(values), 7, 1));

        assertThat(moments.deviation(0)).isZero();
    }

    @Test
    void many_batches_have_the_moments_of_all_examples() {
        Architecture.Mlp mlp = new Architecture.Mlp(6, List.of(5, 4), 3);
        Weights weights = GraphWeights.random(mlp, 1);
        ArrayExamples examples = ArrayExamples.clusters(1_103, 6, 3, 5);

        Map<Integer, Moments> found =
                new MomentPass(mlp.graph(), weights.copy(), Set.of(1, 3), examples).ofAll(Progress.UNWATCHED);

        double[] inputs = new double[1_103 * 6];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = examples.inputsOf(i / 6)[i % 6];
        }
        double[] plain = PlainPass.run(mlp.graph(), weights.copy(), inputs, 1_103)[3];
        for (int c = 0; c < 4; c++) {
            double sum = 0;
            double squares = 0;
            for (int i = c; i < plain.length; i += 4) {
                sum += plain[i];
                squares += plain[i] * plain[i];
            }
            double mean = sum / 1_103;
            Moments moments = Objects.requireNonNull(found.get(3));
            assertThat(moments.mean(c)).isCloseTo(mean, within(1e-6));
            assertThat(moments.deviation(c)).isCloseTo(Math.sqrt(squares / 1_103 - mean * mean), within(1e-6));
        }
    }

    @Test
    void a_single_image_or_one_of_another_size_is_refused() {
        Architecture.Mlp mlp = new Architecture.Mlp(6, List.of(5), 3);
        float[] weights = GraphWeights.random(mlp, 1).copy();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MomentPass(mlp.graph(), weights, Set.of(1), ArrayExamples.clusters(1, 6, 3, 5)))
                .withMessage("means and variances of hidden units need at least 2 images, there is 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MomentPass(mlp.graph(), weights, Set.of(1), ArrayExamples.clusters(4, 5, 3, 5)))
                .withMessage("the network takes 6 inputs, the images have 5");
    }
}

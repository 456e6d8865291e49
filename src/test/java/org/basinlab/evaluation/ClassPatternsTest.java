package org.basinlab.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.basinlab.evaluation.EnsembleTest.Drawn;
import org.basinlab.network.Initialisation;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.junit.jupiter.api.Test;

class ClassPatternsTest {

    private static final Drawn EXAMPLES = new Drawn(40, 12, 4);
    private static final Architecture.Mlp LINEAR = new Architecture.Mlp(12, List.of(), 4);

    /** Rows that are the centred class means times a factor of their own. */
    private static Weights means() {
        double[] all = new double[12];
        double[][] sums = new double[4][12];
        for (int i = 0; i < 40; i++) {
            for (int j = 0; j < 12; j++) {
                sums[i % 4][j] += EXAMPLES.value(i, j) / 10.0;
                all[j] += EXAMPLES.value(i, j) / 40.0;
            }
        }
        float[] values = new float[LINEAR.parameterCount()];
        for (int i = 0; i < 48; i++) {
            values[i] = (float) ((1 + i / 12) * (sums[i / 12][i % 12] - all[i % 12]));
        }
        return Weights.owning(LINEAR, values);
    }

    @Test
    void weights_that_are_the_class_means_have_a_cosine_of_one() {
        ClassPatterns patterns = ClassPatterns.of(means(), EXAMPLES);

        assertThat(patterns.ownMean()).isCloseTo(1, within(1e-6));
        for (int c = 0; c < 4; c++) {
            assertThat(patterns.cosine(c, c)).isCloseTo(1, within(1e-6));
        }
        // Of 24 orders one is the true one.
        assertThat(patterns.p(9_999, 1)).isCloseTo(1 / 24.0, within(0.01));
        assertThat(patterns.shuffledMean()).isLessThan(0.5);
        assertThat(patterns.mixtures().own()).isGreaterThan(patterns.mixtures().others());
        assertThat(patterns.mixtures().rows()).isBetween(0.0, 1.0);
    }

    @Test
    void drawn_weights_look_like_no_class() {
        ClassPatterns patterns = ClassPatterns.of(Initialisation.pytorch(LINEAR, 5), EXAMPLES);

        assertThat(patterns.ownMean()).isBetween(-0.7, 0.7);
        assertThat(patterns.p(999, 1)).isGreaterThan(0.02);
    }

    @Test
    void the_mean_over_all_shuffles_is_that_of_every_order() {
        ClassPatterns patterns = ClassPatterns.of(Initialisation.pytorch(LINEAR, 5), EXAMPLES);
        double sum = 0;
        int orders = 0;
        for (int order = 0; order < 256; order++) {
            int[] image = {order % 4, order / 4 % 4, order / 16 % 4, order / 64};
            if (java.util.Arrays.stream(image).distinct().count() == 4) {
                for (int c = 0; c < 4; c++) {
                    sum += patterns.cosine(c, image[c]) / 4;
                }
                orders++;
            }
        }

        assertThat(patterns.shuffledMean()).isCloseTo(sum / orders, within(1e-12));
    }

    @Test
    void a_network_with_a_hidden_layer_and_a_class_without_examples_are_refused() {
        Weights deep = Initialisation.pytorch(new Architecture.Mlp(12, List.of(3), 4), 1);
        Weights linear = Initialisation.pytorch(LINEAR, 1);

        assertThatThrownBy(() -> ClassPatterns.of(deep, EXAMPLES)).hasMessageContaining("was 12-3-4");
        assertThatThrownBy(() -> ClassPatterns.of(linear, new Drawn(3, 12, 4)))
                .hasMessageContaining("of class 3 there are none in 3");
    }
}

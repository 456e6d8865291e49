package org.basinlab.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.basinlab.network.ArrayExamples;
import org.basinlab.network.Initialisation;
import org.basinlab.network.ReferenceMlp;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Progress;
import org.junit.jupiter.api.Test;

class CalibrationTest {

    /** Passes its two inputs, which must not be negative, on as logits. */
    private static final Weights PASS =
            Weights.owning(new Architecture.Mlp(2, List.of(2), 2), new float[] {1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0});

    private static double error(Weights network, ArrayExamples examples, int bins) {
        return Calibration.error(List.of(network), examples, bins, Progress.UNWATCHED);
    }

    /** Logits whose softmax gives class 0 this probability, at least one half. */
    private static float[] confident(double probability) {
        return new float[] {(float) Math.log(probability / (1 - probability)), 0};
    }

    @Test
    void each_bin_counts_by_its_share_of_the_examples() {
        float[][] inputs = {confident(0.92), confident(0.98), confident(0.65), confident(0.65)};
        ArrayExamples examples = new ArrayExamples(inputs, new int[] {0, 1, 0, 0});

        double error = error(PASS, examples, 10);

        // Of the last bin ½·|0.95 − ½|, of that around 0.65 ½·|0.65 − 1|.
        assertThat(error).isCloseTo(0.5 * 0.45 + 0.5 * 0.35, within(1e-6));
    }

    @Test
    void a_bin_holds_its_right_end() {
        ArrayExamples examples = new ArrayExamples(new float[][] {{0, 0}, confident(0.3 / 0.5)}, new int[] {1, 0});

        double separate = error(PASS, examples, 2);

        // Confidence one half lies in (0, ½]: |½ − 0|/2 + |0.6 − 1|/2; in one bin the two would make up for each other.
        assertThat(separate).isCloseTo(0.45, within(1e-6));
        assertThat(error(PASS, examples, 1)).isCloseTo(0.05, within(1e-6));
    }

    @Test
    void it_agrees_with_a_count_by_the_definition() {
        Architecture.Mlp architecture = new Architecture.Mlp(20, List.of(16, 12), 5);
        ArrayExamples examples = ArrayExamples.clusters(1_234, 20, 5, 2);
        float[] large = Initialisation.pytorch(architecture, 3).copy();
        for (int i = 0; i < large.length; i++) {
            large[i] *= 3;
        }
        Weights network = Weights.owning(architecture, large);

        double error = error(network, examples, 10);

        assertThat(error).isCloseTo(byDefinition(new ReferenceMlp(network), examples), within(1e-5));
        assertThat(error).isBetween(0.1, 1.0);
    }

    private static double byDefinition(ReferenceMlp network, ArrayExamples examples) {
        double error = 0;
        for (int bin = 1; bin <= 10; bin++) {
            double surplus = 0;
            for (int i = 0; i < examples.count(); i++) {
                double[] logits = network.logits(examples, i);
                double best = Arrays.stream(logits).max().orElseThrow();
                double confidence =
                        1 / Arrays.stream(logits).map(z -> Math.exp(z - best)).sum();
                if (confidence > (bin - 1) / 10.0 && confidence <= bin / 10.0) {
                    surplus += confidence - (logits[examples.label(i)] == best ? 1 : 0);
                }
            }
            error += Math.abs(surplus) / examples.count();
        }
        return error;
    }

    @Test
    void a_nan_makes_it_undefined() {
        float[] nans = new float[12];
        Arrays.fill(nans, Float.NaN);

        double error = error(
                Weights.owning(PASS.architecture(), nans),
                new ArrayExamples(new float[][] {{1, 2}}, new int[] {0}),
                10);

        assertThat(error).isNaN();
    }

    @Test
    void there_must_be_a_bin() {
        ArrayExamples one = new ArrayExamples(new float[][] {{1, 2}}, new int[] {0});

        assertThatIllegalArgumentException()
                .isThrownBy(() -> error(PASS, one, 0))
                .withMessageContaining("was 0");
    }
}

package org.basinlab.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.basinlab.network.ArrayExamples;
import org.basinlab.network.Initialisation;
import org.basinlab.network.ReferenceMlp;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Progress;
import org.junit.jupiter.api.Test;

class AnswersTest {

    private static final Architecture.Mlp NETWORK = new Architecture.Mlp(20, List.of(16, 12), 5);
    private static final Architecture.Mlp OTHER = new Architecture.Mlp(20, List.of(9), 5);
    /** Two full batches and a rest. */
    private static final ArrayExamples EXAMPLES = ArrayExamples.clusters(2_345, 20, 5, 2);

    private static final Weights A = Initialisation.pytorch(NETWORK, 8);
    private static final Weights B = Initialisation.pytorch(OTHER, 9);
    private static final Weights C = Initialisation.pytorch(NETWORK, 10);

    private static Answers of(Weights... networks) {
        return Answers.ofLogitMean(List.of(networks), EXAMPLES, Progress.UNWATCHED);
    }

    @Test
    void the_score_is_that_of_a_plain_score_to_the_bit() {
        Answers answers = Answers.of(A, EXAMPLES, Progress.UNWATCHED);

        assertThat(answers.score()).isEqualTo(Score.of(A, EXAMPLES, Progress.UNWATCHED));
        assertThat(answers.correct().cardinality() / 2_345.0)
                .isEqualTo(answers.score().accuracy());
    }

    @Test
    void a_bit_says_whether_its_own_example_is_a_hit() {
        ReferenceMlp reference = new ReferenceMlp(A);

        Answers answers = Answers.of(A, EXAMPLES, Progress.UNWATCHED);

        for (int i = 0; i < EXAMPLES.count(); i++) {
            double[] logits = reference.logits(EXAMPLES, i);
            double own = logits[EXAMPLES.label(i)];
            double best = Arrays.stream(logits).max().orElseThrow();
            if (own == best || best - own > 1e-5) { // float32 may see a tie between
                assertThat(answers.correct().get(i)).as("example %d", i).isEqualTo(own == best);
            }
        }
    }

    @Test
    void of_equal_logits_the_lowest_class_counts_and_none_with_a_nan() {
        float[] nans = new float[NETWORK.parameterCount()];
        Arrays.fill(nans, Float.NaN);

        Answers zeros = of(Weights.owning(NETWORK, new float[NETWORK.parameterCount()]));
        Answers undefined = of(Weights.owning(NETWORK, nans));

        for (int i = 0; i < EXAMPLES.count(); i++) {
            assertThat(zeros.correct().get(i)).isEqualTo(EXAMPLES.label(i) == 0);
        }
        assertThat(undefined.correct().isEmpty()).isTrue();
    }

    @Test
    void the_median_margin_is_that_of_plain_loops_and_grows_with_the_logits() {
        ReferenceMlp reference = new ReferenceMlp(A);
        double[] margins = new double[EXAMPLES.count()];
        for (int i = 0; i < margins.length; i++) {
            double[] logits = reference.logits(EXAMPLES, i);
            double own = logits[EXAMPLES.label(i)];
            logits[EXAMPLES.label(i)] = Double.NEGATIVE_INFINITY;
            margins[i] = own - Arrays.stream(logits).max().orElseThrow();
        }
        Arrays.sort(margins);

        assertThat(of(A).marginMedian()).isCloseTo(margins[1_172], within(1e-6)); // of 2,345
    }

    @Test
    void of_two_margins_in_the_middle_the_lower_is_taken_and_those_that_are_nan_are_left_out() {
        Architecture.Mlp echo = new Architecture.Mlp(2, List.of(2), 2);
        Weights identity = Weights.owning(echo, new float[] {1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0});
        float infinite = Float.POSITIVE_INFINITY;
        ArrayExamples two =
                new ArrayExamples(new float[][] {{3, 1}, {5, 1}, {infinite, infinite}}, new int[] {0, 0, 0});
        ArrayExamples none = new ArrayExamples(new float[][] {{infinite, infinite}}, new int[] {1});

        assertThat(Answers.of(identity, two, Progress.UNWATCHED).marginMedian()).isEqualTo(2);
        assertThat(Answers.of(identity, none, Progress.UNWATCHED).marginMedian())
                .isNaN();
    }

    @Test
    void several_networks_answer_by_the_mean_of_their_logits() {
        List<ReferenceMlp> references = List.of(new ReferenceMlp(A), new ReferenceMlp(B), new ReferenceMlp(C));
        double loss = 0;
        for (int i = 0; i < EXAMPLES.count(); i++) {
            double[] mean = new double[5];
            for (ReferenceMlp reference : references) {
                double[] logits = reference.logits(EXAMPLES, i);
                Arrays.setAll(mean, k -> mean[k] + logits[k] / 3);
            }
            double sum = Arrays.stream(mean).map(Math::exp).sum();
            loss += (Math.log(sum) - mean[EXAMPLES.label(i)]) / EXAMPLES.count();
        }

        Answers together = of(A, B, C);

        assertThat(together.score().loss()).isCloseTo(loss, within(1e-6));
        assertThat(of(A, A).score()).isEqualTo(of(A).score());
    }

    @Test
    void networks_that_differ_in_classes_are_refused() {
        Weights fewer = Initialisation.pytorch(new Architecture.Mlp(20, List.of(9), 4), 1);

        assertThatIllegalArgumentException().isThrownBy(() -> of(A, fewer)).withMessageContaining("20-9-4");
    }

    @Test
    void the_bits_cannot_be_changed() {
        Answers answers = of(A);
        int hits = answers.correct().cardinality();

        answers.correct().clear();

        assertThat(answers.correct().cardinality()).isEqualTo(hits);
    }

    @Test
    void progress_is_told_after_every_batch() {
        List<Double> told = new ArrayList<>();

        Answers.of(A, EXAMPLES, told::add);

        assertThat(told).containsExactly(1_000 / 2_345.0, 2_000 / 2_345.0, 1.0);
    }
}

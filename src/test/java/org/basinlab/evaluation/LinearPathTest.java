package org.basinlab.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.basinlab.network.ArrayExamples;
import org.basinlab.network.Initialisation;
import org.basinlab.network.ReferenceMlp;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Progress;
import org.junit.jupiter.api.Test;

class LinearPathTest {

    private static final Architecture.Mlp NETWORK = new Architecture.Mlp(20, List.of(16, 12), 5);
    private static final ArrayExamples EXAMPLES = ArrayExamples.clusters(1_234, 20, 5, 2);
    private static final Weights A = Initialisation.pytorch(NETWORK, 8);
    private static final Weights B = Initialisation.pytorch(NETWORK, 9);

    private static LinearPath path(List<Double> lambdas, double[] losses, double[] accuracies) {
        List<Score> scores = new ArrayList<>();
        for (int i = 0; i < losses.length; i++) {
            scores.add(new Score(accuracies[i], losses[i], 100));
        }
        return new LinearPath(lambdas, scores);
    }

    @Test
    void its_ends_are_the_two_networks_to_the_bit() {
        LinearPath path = LinearPath.between(A, B, EXAMPLES, 5, Progress.UNWATCHED);

        assertThat(path.lambdas()).containsExactly(0.0, 0.25, 0.5, 0.75, 1.0);
        assertThat(path.scores().get(0)).isEqualTo(Score.of(A, EXAMPLES, Progress.UNWATCHED));
        assertThat(path.scores().get(4)).isEqualTo(Score.of(B, EXAMPLES, Progress.UNWATCHED));
    }

    @Test
    void a_point_between_is_the_weighted_mean_of_the_weights() {
        LinearPath path = LinearPath.between(A, B, EXAMPLES, 4, Progress.UNWATCHED);

        ReferenceMlp third = new ReferenceMlp(A);
        for (int i = 0; i < third.theta().length; i++) {
            third.theta()[i] = (2 * A.at(i) + (double) B.at(i)) / 3;
        }
        assertThat(path.scores().get(1).loss()).isCloseTo(third.loss(EXAMPLES), within(1e-6));
    }

    @Test
    void barriers_stand_on_the_mean_of_the_ends_or_on_the_line_between_them() {
        LinearPath path = path(List.of(0.0, 0.25, 1.0), new double[] {1, 2, 3}, new double[] {0.8, 0.5, 0.4});

        assertThat(path.lossBarrier()).isCloseTo(3 - 2.0, within(1e-12));
        assertThat(path.lossBarrierAboveChord()).isCloseTo(2 - 1.5, within(1e-12));
        assertThat(path.accuracyBarrier()).isCloseTo(0.6 - 0.4, within(1e-12));
        assertThat(path.accuracyBarrierBelowChord()).isCloseTo(0.7 - 0.5, within(1e-12));
    }

    @Test
    void a_path_that_sags_has_no_barrier_above_its_chord() {
        LinearPath path = path(List.of(0.0, 0.5, 1.0), new double[] {1, 0.5, 1}, new double[] {0.4, 0.6, 0.4});

        assertThat(path.lossBarrierAboveChord()).isZero();
        assertThat(path.accuracyBarrierBelowChord()).isZero();
        assertThat(path.lossBarrier()).isZero();
    }

    @Test
    void an_undefined_loss_makes_the_barrier_undefined() {
        LinearPath path = path(List.of(0.0, 0.5, 1.0), new double[] {1, Double.NaN, 1}, new double[] {0.4, 0, 0.4});

        assertThat(path.lossBarrier()).isNaN();
        assertThat(path.lossBarrierAboveChord()).isNaN();
    }

    @Test
    void what_is_no_path_is_refused() {
        Weights other = Initialisation.pytorch(new Architecture.Mlp(20, List.of(9), 5), 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinearPath.between(A, other, EXAMPLES, 3, Progress.UNWATCHED))
                .withMessageContaining("20-9-5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinearPath.between(A, B, EXAMPLES, 1, Progress.UNWATCHED));
    }

    @Test
    void progress_rises_to_one() {
        List<Double> told = new ArrayList<>();

        LinearPath.between(A, B, EXAMPLES, 3, told::add);

        assertThat(told).isSorted().endsWith(1.0);
    }
}

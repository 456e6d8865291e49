package org.basinlab.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.basinlab.evaluation.EnsembleTest.Drawn;
import org.basinlab.network.FunctionCheck;
import org.basinlab.network.Initialisation;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.Permutations;
import org.basinlab.network.Safetensors;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Progress;
import org.junit.jupiter.api.Test;

/** Networks without a hidden layer, wherever one might be taken for granted. */
class LinearClassifierTest {

    private static final Architecture.Mlp LINEAR = new Architecture.Mlp(12, List.of(), 4);
    private static final Drawn EXAMPLES = new Drawn(40, 12, 4);
    private static final Weights A = Initialisation.pytorch(LINEAR, 1);
    private static final Weights B = Initialisation.pytorch(LINEAR, 2);

    @Test
    void it_has_a_label_and_no_unit_to_permute() {
        PermutationSpec spec = PermutationSpec.of(LINEAR);

        assertThat(LINEAR.label()).isEqualTo("12-4");
        assertThat(LINEAR.parameterCount()).isEqualTo(52);
        assertThat(spec.sizes()).isEmpty();
        FunctionCheck.of(A, 1).requireSame(Permutations.identity(spec).apply(A));
    }

    @Test
    void it_is_read_back_from_a_file() {
        byte[] file = Safetensors.write(A, Map.of());

        assertThat(Safetensors.read(file).weights().architecture()).isEqualTo(LINEAR);
        assertThat(Safetensors.read(file).weights().copy()).containsExactly(A.copy());
    }

    @Test
    void bounds_and_norms_are_those_of_its_one_matrix() {
        double norm = Lipschitz.spectral(A);

        double[] local = Lipschitz.local(A, EXAMPLES, 0.5, Progress.UNWATCHED);
        double[] sampled = Lipschitz.sampled(A, EXAMPLES, 0.5, 2, 1, Progress.UNWATCHED);

        for (int i = 0; i < EXAMPLES.count(); i++) {
            assertThat(local[i]).isCloseTo(norm, within(1e-9));
            assertThat(sampled[i]).isCloseTo(norm, within(1e-9));
        }
        assertThat(WeightNorm.byLayer(A)).hasSize(1);
    }

    @Test
    void a_path_between_two_has_the_logits_in_between() {
        LinearPath path = LinearPath.between(A, B, EXAMPLES, 3, Progress.UNWATCHED);
        float[] middle = A.copy();
        for (int i = 0; i < middle.length; i++) {
            middle[i] = (A.at(i) + B.at(i)) / 2;
        }

        assertThat(path.scores().get(0)).isEqualTo(Score.of(A, EXAMPLES, Progress.UNWATCHED));
        assertThat(path.scores().get(1).loss())
                .isCloseTo(
                        Score.of(Weights.owning(LINEAR, middle), EXAMPLES, Progress.UNWATCHED)
                                .loss(),
                        within(1e-6));
        assertThat(path.lossBarrierAboveChord()).isLessThanOrEqualTo(1e-6); // the loss is convex in the weights
    }
}

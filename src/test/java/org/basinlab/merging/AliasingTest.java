package org.basinlab.merging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.basinlab.network.Initialisation;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Permuted;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.TensorShape;
import org.junit.jupiter.api.Test;

class AliasingTest {

    private static final Architecture.Mlp SMALL = new Architecture.Mlp(20, List.of(16, 12), 5);
    private static final Weights A = Initialisation.pytorch(SMALL, 1);
    private static final Weights B = Initialisation.pytorch(SMALL, 2);

    private static Merged merge(Permuted permute) {
        return Merging.merge(
                new MergeStep.Pair(new Matching.Weight(), 0.5, Optional.of(permute)),
                List.of(A, B),
                3,
                Progress.UNWATCHED);
    }

    @Test
    void of_a_perceptron_the_output_bias_alone_is_the_first_s() {
        Weights aliased = Aliasing.ofUnmoved(A, B);

        for (TensorShape tensor : SMALL.tensors()) {
            boolean output = tensor.name().equals("layers.2.bias");
            assertThat(aliased.tensor(tensor)).as(tensor.name()).containsExactly((output ? A : B).tensor(tensor));
            assertThat(A.tensor(tensor)).as(tensor.name()).isNotEqualTo(B.tensor(tensor));
        }
    }

    @Test
    void an_aliased_merge_has_the_first_s_output_bias_and_all_else_of_the_usual_one() {
        Merged usual = merge(Permuted.SECOND);
        Merged aliased = merge(Permuted.SECOND_ALIASED);

        for (TensorShape tensor : SMALL.tensors()) {
            boolean output = tensor.name().equals("layers.2.bias");
            assertThat(aliased.weights().tensor(tensor))
                    .as(tensor.name())
                    .containsExactly((output ? A : usual.weights()).tensor(tensor));
        }
        assertThat(aliased.permutationOfInput()).isEqualTo(usual.permutationOfInput());
        assertThat(aliased.report().l2After()).isCloseTo(usual.report().l2After(), within(0.0));
    }
}

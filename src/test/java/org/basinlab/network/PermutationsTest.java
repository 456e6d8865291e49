package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.TensorShape;
import org.junit.jupiter.api.Test;

class PermutationsTest {

    private static final Architecture.Mlp MLP = new Architecture.Mlp(7, List.of(5, 6, 4), 3);

    @Test
    void an_mlp_shares_one_permutation_between_a_layer_and_the_next() {
        PermutationSpec spec = PermutationSpec.of(MLP);

        assertThat(spec.sizes()).containsExactly(Map.entry("P_0", 5), Map.entry("P_1", 6), Map.entry("P_2", 4));
        assertThat(spec.tensors())
                .extracting(tensor -> tensor.axes().stream()
                        .map(axis -> axis.map(PermutationSpec.Axis::permutation).orElse("-"))
                        .toList())
                .containsExactly(
                        List.of("P_0", "-"),
                        List.of("P_0"),
                        List.of("P_1", "P_0"),
                        List.of("P_1"),
                        List.of("P_2", "P_1"),
                        List.of("P_2"),
                        List.of("-", "P_2"),
                        List.of("-"));
    }

    @Test
    void a_specification_whose_axis_does_not_fit_its_permutation_is_refused() {
        TensorShape shape = new TensorShape("layers.0.weight", List.of(4, 2), 0);
        PermutationSpec.PermutedTensor tensor = new PermutationSpec.PermutedTensor(
                shape, List.of(Optional.of(new PermutationSpec.Axis("P_0", 1, 1)), Optional.empty()));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PermutationSpec(Map.of("P_0", 3), List.of(tensor)))
                .withMessage("an axis of layers.0.weight has length 4, but P_0 orders 3 units (1 × units × 1)");
    }

    @Test
    void the_unit_named_at_a_place_is_put_there() {
        Architecture.Mlp tiny = new Architecture.Mlp(1, List.of(3), 2);
        Weights weights = Weights.owning(tiny, new float[] {1, 2, 3, 10, 20, 30, 1, 2, 3, 4, 5, 6, 7, 8});
        Permutations p = Permutations.of(Map.of("P_0", new int[] {2, 0, 1}));

        Weights permuted = p.apply(weights);

        assertThat(permuted.copy()).containsExactly(3, 1, 2, 30, 10, 20, 3, 1, 2, 6, 4, 5, 7, 8);
    }

    @Test
    void permuting_hidden_units_leaves_the_function_unchanged() {
        for (int seed = 0; seed < 20; seed++) {
            Weights weights = random(MLP, seed);
            FunctionCheck check = FunctionCheck.of(weights, seed);

            check.requireSame(random(seed + 100).apply(weights));
        }
    }

    @Test
    void a_network_with_one_wrong_weight_does_not_pass_for_a_permutation() {
        Weights weights = random(MLP, 1);
        FunctionCheck check = FunctionCheck.of(weights, 2);
        float[] wrong = random(7).apply(weights).copy();
        wrong[3] += 1e-3f;

        assertThatExceptionOfType(FunctionChangedException.class)
                .isThrownBy(() -> check.requireSame(Weights.owning(MLP, wrong)))
                .withMessageStartingWith("permuted network differs from the original: logit ");
    }

    @Test
    void rows_permuted_without_the_columns_of_the_next_layer_do_not_pass() {
        Weights weights = random(MLP, 1);
        float[] half = weights.copy();
        System.arraycopy(weights.copy(), 0, half, 7, 7);
        System.arraycopy(weights.copy(), 7, half, 0, 7);

        assertThatExceptionOfType(FunctionChangedException.class)
                .isThrownBy(() -> FunctionCheck.of(weights, 2).requireSame(Weights.owning(MLP, half)));
    }

    @Test
    void composed_permutations_do_what_one_after_the_other_does() {
        Weights weights = random(MLP, 4);
        Permutations first = random(12);
        Permutations second = random(13);

        Weights both = first.then(second).apply(weights);

        assertThat(both.copy()).isEqualTo(second.apply(first.apply(weights)).copy());
    }

    @Test
    void a_permutation_and_its_opposite_are_the_identity() {
        Permutations p = Permutations.of(Map.of("P_0", new int[] {2, 0, 1}));
        Permutations opposite = Permutations.of(Map.of("P_0", new int[] {1, 2, 0}));

        Permutations both = p.then(opposite);

        assertThat(both.isIdentity()).isTrue();
        assertThat(p.isIdentity()).isFalse();
    }

    @Test
    void the_identity_changes_nothing() {
        Weights weights = random(MLP, 4);
        Permutations identity = Permutations.identity(PermutationSpec.of(MLP));

        assertThat(identity.isIdentity()).isTrue();
        assertThat(identity.apply(weights).copy()).isEqualTo(weights.copy());
        assertThat(identity.then(random(1))).isEqualTo(random(1)).hasSameHashCodeAs(random(1));
    }

    @Test
    void arrays_are_copied_in_and_out() {
        int[] vector = {1, 0};
        Permutations p = Permutations.of(Map.of("P_0", vector));

        vector[0] = 0;
        p.get("P_0")[0] = 0;
        p.toMap().values().iterator().next()[0] = 0;

        assertThat(p.get("P_0")).containsExactly(1, 0);
    }

    @Test
    void what_is_no_bijection_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Permutations.of(Map.of("P_0", new int[] {0, 2, 2})))
                .withMessage("P_0 must hold each of 0 to 2 once, but P_0[2] is 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Permutations.of(Map.of("P_0", new int[] {0, 3, 1})))
                .withMessage("P_0 must hold each of 0 to 2 once, but P_0[1] is 3");
    }

    @Test
    void permutations_of_another_architecture_are_refused() {
        Weights weights = random(MLP, 4);
        Permutations other = Permutations.identity(PermutationSpec.of(new Architecture.Mlp(7, List.of(5, 6), 3)));
        Permutations wider = Permutations.identity(PermutationSpec.of(new Architecture.Mlp(7, List.of(5, 8, 4), 3)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> other.apply(weights))
                .withMessage("the network has permutations [P_0, P_1, P_2], was given [P_0, P_1]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> wider.apply(weights))
                .withMessage("P_1 must order 6 units, ordered 8");
        assertThatIllegalArgumentException().isThrownBy(() -> other.then(wider));
    }

    private static Permutations random(long seed) {
        RandomGenerator random = Seeds.generator(seed);
        Map<String, int[]> vectors = new LinkedHashMap<>();
        PermutationSpec.of(MLP).sizes().forEach((name, size) -> vectors.put(name, Seeds.shuffled(size, random)));
        return Permutations.of(vectors);
    }

    private static Weights random(Architecture architecture, long seed) {
        RandomGenerator random = Seeds.generator(seed);
        float[] values = new float[architecture.parameterCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Weights.owning(architecture, values);
    }
}

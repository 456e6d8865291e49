package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Operation;
import org.basinlab.recipe.ResNet20;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Vgg16;
import org.basinlab.recipe.Vit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GraphPermutationsTest {

    private static final Extent IMAGE = new Extent(3, 32, 32);

    static Stream<Architecture> networks() {
        return Stream.of(Norm.values())
                .flatMap(norm -> Stream.of(
                        new Vgg16(IMAGE, 1.0 / 16, norm, 2, 10),
                        new Vgg16(new Extent(3, 64, 32), 1.0 / 16, norm, 0, 10),
                        new ResNet20(new Extent(3, 9, 8), 1, norm, 3, 10),
                        new ResNet20(new Extent(1, 8, 8), 1, norm, 1, 10),
                        new Cnn(new Extent(3, 12, 8), List.of(4, 6), 7, norm, 10),
                        new Vit(new Extent(3, 8, 8), 4, 12, 2, 3, 10)));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void permuting_every_hidden_order_leaves_the_function_unchanged(Architecture architecture) {
        Weights weights = GraphWeights.random(architecture, 1);
        Permutations permutations = shuffled(PermutationSpec.of(architecture), 2);

        Weights permuted = permutations.apply(weights);

        FunctionCheck.of(weights, 3).requireSame(permuted);
        assertThat(permuted.copy()).isNotEqualTo(weights.copy());
        assertThat(sorted(permuted)).containsExactly(sorted(weights));
    }

    @Test
    void a_residual_stream_has_one_permutation_and_every_branch_its_own() {
        PermutationSpec spec = PermutationSpec.of(new ResNet20(IMAGE, 1, Norm.LAYER, 3, 10));

        assertThat(spec.sizes())
                .hasSize(12)
                .containsEntry("P_conv1", 16)
                .containsEntry("P_layer1.0.conv1", 16)
                .containsEntry("P_layer2.0.conv2", 32)
                .containsEntry("P_layer3.0.conv2", 64)
                .doesNotContainKey("P_layer1.0.conv2")
                .doesNotContainKey("P_linear");
    }

    @Test
    void a_transformer_orders_its_stream_heads_and_hidden_units() {
        PermutationSpec spec = PermutationSpec.of(new Vit(IMAGE, 4, 192, 2, 3, 10));

        assertThat(spec.sizes())
                .containsExactly(
                        Map.entry("P_patch_embed.proj", 192),
                        Map.entry("P_blocks.0.attn.qkv", 3),
                        Map.entry("P_blocks.0.mlp.fc1", 768),
                        Map.entry("P_blocks.1.attn.qkv", 3),
                        Map.entry("P_blocks.1.mlp.fc1", 768));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void an_image_normalised_by_its_batch_alone_has_mean_0_and_variance_1(Architecture architecture) {
        Weights weights = Initialisation.pytorch(architecture, 5);
        double[] inputs = Seeds.generator(6).doubles(4L * architecture.inputs()).toArray();

        double[][] outputs =
                ReferencePass.run(architecture.graph(), weights.copy(), inputs, 4, ReferencePass.Statistics.BATCH);

        assertThat(outputs[architecture.graph().logits()]).hasSize(40).doesNotContain(Double.NaN);
        for (int node = 0; node < architecture.graph().size(); node++) {
            if (architecture.graph().node(node).operation() instanceof Operation.Normalise) {
                double mean = Stream.of(outputs[node])
                        .flatMapToDouble(Arrays::stream)
                        .average()
                        .orElseThrow();
                assertThat(mean).isCloseTo(0, within(1e-9));
            }
        }
    }

    private static Permutations shuffled(PermutationSpec spec, long seed) {
        Map<String, int[]> vectors = new LinkedHashMap<>();
        spec.sizes().forEach((name, size) -> vectors.put(name, Seeds.shuffled(size, Seeds.generator(seed + size))));
        return Permutations.of(vectors);
    }

    private static float[] sorted(Weights weights) {
        float[] values = weights.copy();
        Arrays.sort(values);
        return values;
    }
}

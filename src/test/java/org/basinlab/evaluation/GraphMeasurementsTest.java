package org.basinlab.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.TensorShape;
import org.basinlab.recipe.Vit;
import org.junit.jupiter.api.Test;

/** What is measured of networks that are no perceptrons. */
class GraphMeasurementsTest {

    /** All parameters {@code value}, all buffers 1,000. */
    private static Weights constant(Architecture architecture, float value) {
        float[] values = new float[architecture.parameterCount()];
        for (TensorShape tensor : architecture.tensors()) {
            Arrays.fill(values, tensor.offset(), tensor.offset() + tensor.size(), tensor.isParameter() ? value : 1_000);
        }
        return Weights.owning(architecture, values);
    }

    @Test
    void every_module_with_trained_tensors_is_a_layer_of_the_norm_and_buffers_are_none() {
        Cnn network = new Cnn(new Extent(1, 4, 4), List.of(4), 9, Norm.BATCH, 4);

        List<Double> layers = WeightNorm.byLayer(constant(network, 2));

        // conv1: 36 weights and 4 biases; its normalisation: 4 and 4; fc1: 4·4·9 and 9; fc2: 36 and 4.
        assertThat(layers).containsExactly(12.0 + 4, 4.0 + 4, 24.0 + 6, 12.0 + 4);
        assertThat(WeightNorm.of(constant(network, 2))).isCloseTo(70, within(1e-12));
    }

    @Test
    void class_token_and_positions_are_a_layer_together() {
        Vit network = new Vit(new Extent(1, 6, 4), 2, 4, 1, 1, 3);

        List<Double> layers = WeightNorm.byLayer(constant(network, 1));

        assertThat(layers).hasSize(network.modules().size());
        assertThat(layers.get(1)).isCloseTo(2 + Math.sqrt(28), within(1e-12)); // 4 values, and 7 tokens of 4
    }
}

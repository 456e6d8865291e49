package org.basinlab.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.basinlab.network.GraphWeights;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.ControlStep;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.TensorShape;
import org.junit.jupiter.api.Test;

class GraphControlsTest {

    private static final Cnn NETWORK = new Cnn(new Extent(3, 8, 8), List.of(4, 5), 6, Norm.BATCH, 10);

    @Test
    void noise_moves_trained_tensors_to_the_targets_norm_and_leaves_running_statistics_alone() {
        Weights leaf = GraphWeights.random(NETWORK, 1);
        Weights target = GraphWeights.random(NETWORK, 2);

        Weights made = MatchedNoise.of(leaf, target, 3);

        for (TensorShape tensor : NETWORK.tensors()) {
            if (tensor.isParameter()) {
                assertThat(Tensors.norm(made, tensor))
                        .as(tensor.name())
                        .isCloseTo(Tensors.norm(target, tensor), within(1e-4));
            } else {
                assertThat(made.tensor(tensor)).as(tensor.name()).containsExactly(leaf.tensor(tensor));
            }
        }
    }

    @Test
    void only_perceptrons_are_rescaled() {
        Weights leaf = GraphWeights.random(NETWORK, 1);
        ControlStep step = new ControlStep.NormRescaled();

        assertThatThrownBy(() -> Controls.make(step, List.of(leaf, leaf), 1, Optional.empty(), Progress.UNWATCHED))
                .hasMessageContaining("only perceptrons can be rescaled to a norm, was cnn-bn-4-5-6");
    }
}

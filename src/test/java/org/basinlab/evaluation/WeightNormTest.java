package org.basinlab.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.junit.jupiter.api.Test;

class WeightNormTest {

    @Test
    void lengths_of_weights_and_biases_are_added_unsquared() {
        Architecture.Mlp network = new Architecture.Mlp(2, List.of(1), 2);
        Weights weights = Weights.owning(network, new float[] {3, 4, -2, 5, 12, 0, -1});

        assertThat(WeightNorm.byLayer(weights)).containsExactly(5.0 + 2.0, 13.0 + 1.0);
        assertThat(WeightNorm.of(weights)).isCloseTo(21, within(1e-12));
    }
}

package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.TensorShape;
import org.junit.jupiter.api.Test;

class InitialisationTest {

    private static final Architecture.Mlp NETWORK = new Architecture.Mlp(100, List.of(64, 400), 10);

    @Test
    void every_tensor_is_spread_evenly_within_one_over_the_root_of_its_inputs() {
        Weights weights = Initialisation.pytorch(NETWORK, 5);
        double[] bounds = {1 / 10.0, 1 / 8.0, 1 / 20.0};

        for (int t = 0; t < 6; t++) {
            TensorShape shape = NETWORK.tensors().get(t);
            double bound = bounds[t / 2];
            double squares = 0;
            for (float value : weights.tensor(shape)) {
                assertThat((double) Math.abs(value)).isLessThanOrEqualTo(bound);
                squares += value * value;
            }
            if (shape.size() > 1_000) {
                // A uniform value in ±b has variance b²/3.
                assertThat(squares / shape.size() / bound / bound)
                        .as(shape.name())
                        .isCloseTo(1 / 3.0, within(0.02));
            }
        }
    }

    @Test
    void one_seed_gives_the_same_bits_on_every_machine() {
        byte[] file = Safetensors.write(Initialisation.pytorch(NETWORK, 5), Map.of());

        assertThat(Digests.of(file)).isEqualTo("38c1ca48dbacfcd096f26775d636bbf863d9da4d4dcd8a645a7bbaee1228b988");
    }

    @Test
    void another_seed_gives_other_weights() {
        float[] five = Initialisation.pytorch(NETWORK, 5).copy();

        assertThat(Initialisation.pytorch(NETWORK, 6).copy()).isNotEqualTo(five);
    }
}

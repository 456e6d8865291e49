package org.basinlab.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.basinlab.network.Safetensors;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Progress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that PyTorch trained and scored, and the tolerances of their README. */
class ReferenceNetworksTest {

    private static final int IMAGES = 10_000;

    @ParameterizedTest
    @ValueSource(strings = {"seed0", "seed1", "seed2", "seed3"})
    void weight_norms_agree(String name) throws IOException {
        double expected = expected(name).get("weight_norm").doubleValue();

        assertThat(WeightNorm.of(weights(name))).isCloseTo(expected, within(1e-4 * expected));
    }

    @ParameterizedTest
    @Tag("real-data")
    @ValueSource(strings = {"seed0", "seed1", "seed2", "seed3"})
    void accuracy_and_loss_on_cifar_10_agree(String name) throws IOException {
        JsonNode expected = expected(name);

        Score score = Score.of(weights(name), Cifar10TestImages.images(), Progress.UNWATCHED);

        assertThat(score.images()).isEqualTo(IMAGES);
        assertThat(score.accuracy())
                .isCloseTo(expected.get("test_accuracy_10000").doubleValue(), within(2.0 / IMAGES));
        assertThat(score.loss()).isCloseTo(expected.get("test_loss_10000").doubleValue(), within(1e-4));
    }

    private static Weights weights(String name) throws IOException {
        try (InputStream in = resource(name + ".safetensors")) {
            return Safetensors.read(in.readAllBytes()).weights();
        }
    }

    private static JsonNode expected(String name) throws IOException {
        try (InputStream in = resource("expected.json")) {
            return new ObjectMapper().readTree(in).get("models").get(name);
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(ReferenceNetworksTest.class.getResourceAsStream("/reference/mlp/" + name), name);
    }
}

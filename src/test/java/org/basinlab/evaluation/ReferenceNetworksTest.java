package org.basinlab.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.basinlab.network.ArrayExamples;
import org.basinlab.network.Safetensors;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Progress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that PyTorch trained and scored, and the tolerances of their README. */
class ReferenceNetworksTest {

    private static final int IMAGES = 10_000;
    private static final int PIXELS = 3_072;
    private static final double[] MEAN = {0.4914, 0.4822, 0.4465};
    private static final double[] STD = {0.2470, 0.2435, 0.2616};

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
        Optional<Path> batch = testBatch();
        assumeTrue(batch.isPresent(), "no CIFAR-10: set BASINLAB_DATA_DIR to the folder of cifar-10-batches-bin");
        JsonNode expected = expected(name);

        Score score = Score.of(weights(name), read(batch.orElseThrow()), Progress.UNWATCHED);

        assertThat(score.images()).isEqualTo(IMAGES);
        assertThat(score.accuracy())
                .isCloseTo(expected.get("test_accuracy_10000").doubleValue(), within(2.0 / IMAGES));
        assertThat(score.loss()).isCloseTo(expected.get("test_loss_10000").doubleValue(), within(1e-4));
    }

    private static Optional<Path> testBatch() {
        return Stream.of(Optional.ofNullable(System.getenv("BASINLAB_DATA_DIR")), Optional.of("../shared/data"))
                .flatMap(Optional::stream)
                .map(folder -> Path.of(folder, "cifar-10-batches-bin", "test_batch.bin.gz"))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static ArrayExamples read(Path batch) throws IOException {
        float[][] values = new float[IMAGES][PIXELS];
        int[] labels = new int[IMAGES];
        try (InputStream in = new GZIPInputStream(Files.newInputStream(batch))) {
            for (int i = 0; i < IMAGES; i++) {
                byte[] image = in.readNBytes(1 + PIXELS);
                labels[i] = image[0];
                for (int j = 0; j < PIXELS; j++) {
                    int channel = j / 1_024;
                    values[i][j] = (float) (((image[1 + j] & 0xff) / 255.0 - MEAN[channel]) / STD[channel]);
                }
            }
        }
        return new ArrayExamples(values, labels);
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

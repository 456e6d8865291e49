package org.basinlab.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.basinlab.dataset.DataSets;
import org.basinlab.dataset.ImageSet;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.Safetensors;
import org.basinlab.network.Weights;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Points;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.VectorNorm;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What PyTorch's attacks do to networks that PyTorch trained, with the tolerances of their README. */
@Tag("real-data")
class ReferenceAttacksTest {

    private static final double THREE_IMAGES = 3e-3;
    private static final double ONE_PER_CENT = 1e-2;

    private static Optional<ImageSet> test = Optional.empty();

    @BeforeAll
    static void read_the_test_images() {
        List<Path> places = Stream.of(
                        Optional.ofNullable(System.getenv("BASINLAB_DATA_DIR")), Optional.of("../shared/data"))
                .flatMap(Optional::stream)
                .map(Path::of)
                .toList();
        DataSets sets = new DataSets(places);
        // Only where there is none: data that are there and cannot be read are a failure.
        boolean there = sets.list().stream().anyMatch(set -> set.name() == KnownDataset.CIFAR10 && set.found());
        assumeTrue(there, "no CIFAR-10: set BASINLAB_DATA_DIR to the folder of cifar-10-batches-bin");
        test = Optional.of(sets.open(KnownDataset.CIFAR10).split(Split.TEST));
    }

    @ParameterizedTest
    @ValueSource(strings = {"seed0", "seed1", "seed2", "seed3"})
    void fgsm_agrees_at_every_epsilon(String name) throws IOException {
        JsonNode expected = expected(name);
        String[] epsilons = texts(expected.get("fgsm_epsilons"));
        MetricRequest.Fgsm request = new MetricRequest.Fgsm(Points.of(epsilons), InputSpace.PIXEL);

        AttackResult found = Fgsm.of(request, weights(name), first(1_000), Progress.UNWATCHED);

        for (int i = 0; i < epsilons.length; i++) {
            assertThat(found.accuracy(i))
                    .as("at ε = %s", epsilons[i])
                    .isCloseTo(expected.get("fgsm_accuracy_first_1000").get(i).doubleValue(), within(THREE_IMAGES));
        }
        assertThat(found.checks()).allMatch(SanityFinding::passed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"seed0", "seed1", "seed2", "seed3"})
    void deepfool_agrees(String name) throws IOException {
        JsonNode expected = expected(name).get("deepfool_first_200");
        MetricRequest.DeepFool request =
                new MetricRequest.DeepFool(VectorNorm.L2, Points.of("0.1"), 50, 0.02, InputSpace.PIXEL);

        DeepFoolResult found = DeepFool.of(request, weights(name), first(200), Progress.UNWATCHED);

        assertThat(found.distances()).doesNotContain(Float.NaN);
        assertClose(found.rho(), expected.get("rho"));
        assertClose(found.mean(), expected.get("mean_l2"));
        assertClose(found.median(), expected.get("median_l2"));
        assertThat(found.atBudgets().checks()).allMatch(SanityFinding::passed);
    }

    private static void assertClose(double found, JsonNode expected) {
        assertThat(found).isCloseTo(expected.doubleValue(), within(ONE_PER_CENT * expected.doubleValue()));
    }

    private static NormalisedImages first(int count) {
        return NormalisedImages.of(
                test.orElseThrow(), DataSets.standardNormalisation(KnownDataset.CIFAR10), Optional.of(count));
    }

    private static String[] texts(JsonNode array) {
        return Stream.iterate(0, i -> i + 1)
                .limit(array.size())
                .map(i -> array.get(i).asText())
                .toArray(String[]::new);
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
        return Objects.requireNonNull(ReferenceAttacksTest.class.getResourceAsStream("/reference/mlp/" + name), name);
    }
}

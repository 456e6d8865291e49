package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.basinlab.matching.Alignment;
import org.basinlab.matching.BestOf;
import org.basinlab.matching.WeightMatching;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.TensorShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MatchCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void the_document_is_that_of_the_library_for_an_equal_seed() throws IOException {
        Path a = NetworkFiles.small(folder, 0);
        Path b = NetworkFiles.small(folder, 1);
        Alignment expected = WeightMatching.align(
                NetworkFiles.weights(NetworkFiles.SMALL, 0),
                NetworkFiles.weights(NetworkFiles.SMALL, 1),
                5,
                Progress.UNWATCHED);

        Called called = Called.with("match", a, b, "--seed", 5);

        assertThat(called.code()).as(called.err()).isZero();
        JsonNode document = JSON.readTree(called.out());
        assertThat(document.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "method", "seed", "objective", "sweeps", "l2Before", "l2After", "seconds", "permutations");
        assertThat(document.get("method").asText()).isEqualTo("weight");
        assertThat(document.get("seed").asLong()).isEqualTo(5);
        assertThat(document.get("objective").asDouble()).isEqualTo(expected.objective());
        assertThat(document.get("sweeps").asInt()).isEqualTo(expected.sweeps());
        assertThat(document.get("l2Before").asDouble()).isEqualTo(expected.l2Before());
        assertThat(document.get("l2After").asDouble()).isEqualTo(expected.l2After());
        assertThat(document.get("permutations"))
                .isEqualTo(JSON.valueToTree(expected.permutations().toMap()));
        assertThat(called.err()).contains("matched " + b + " with " + a).hasLineCount(1);
    }

    /** p[i] is the unit of B put in place i: rows of B that are chosen by p are those of A. */
    @Test
    void element_i_is_the_unit_of_b_that_goes_to_place_i() throws IOException {
        Weights a = NetworkFiles.weights(NetworkFiles.SMALL, 3);
        Map<String, int[]> mixed = new LinkedHashMap<>();
        PermutationSpec.of(NetworkFiles.SMALL)
                .sizes()
                .forEach((name, n) -> mixed.put(name, Seeds.shuffled(n, Seeds.generator(n))));
        Weights b = Permutations.of(mixed).apply(a);
        Path fileA = NetworkFiles.write(folder.resolve("a"), a, Map.of());
        Path fileB = NetworkFiles.write(folder.resolve("b"), b, Map.of());

        JsonNode permutations =
                JSON.readTree(Called.with("match", fileA, fileB).out()).get("permutations");

        TensorShape bias = NetworkFiles.SMALL.tensors().get(1);
        float[] ofA = a.tensor(bias);
        float[] ofB = b.tensor(bias);
        assertThat(ofB).isNotEqualTo(ofA);
        for (int i = 0; i < ofA.length; i++) {
            assertThat(ofB[permutations.get("P_0").get(i).asInt()]).isEqualTo(ofA[i]);
        }
    }

    @Test
    void with_out_the_document_goes_to_the_file_and_nothing_to_standard_output() throws IOException {
        Path a = NetworkFiles.small(folder, 0);
        Path file = folder.resolve("p.json");

        Called called = Called.with("match", a, NetworkFiles.small(folder, 1), "--out", file);
        Called again = Called.with("match", a, NetworkFiles.small(folder, 1), "--out", file);

        assertThat(called.code()).as(called.err()).isZero();
        assertThat(called.out()).isEmpty();
        assertThat(JSON.readTree(Files.readString(file)).get("permutations").get("P_1"))
                .hasSize(5);
        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err()).contains("must be a new file");
    }

    @Test
    void an_unknown_method_is_refused_with_the_ones_that_there_are() throws IOException {
        Path a = NetworkFiles.small(folder, 0);

        Called called = Called.with("match", a, a, "--method", "guess");

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err())
                .isEqualToNormalizingNewlines("basinlab: --method must be weight or activation or straight-through or"
                        + " best-of, was 'guess'\n");
    }

    @Test
    void the_best_of_several_is_that_of_the_library() throws IOException {
        Path a = NetworkFiles.small(folder, 0);
        Path b = NetworkFiles.small(folder, 1);
        Alignment expected = BestOf.align(
                NetworkFiles.weights(NetworkFiles.SMALL, 0),
                NetworkFiles.weights(NetworkFiles.SMALL, 1),
                3,
                5,
                Progress.UNWATCHED);

        Called called = Called.with("match", a, b, "--seed", 5, "--method", "best-of", "--k", 3, "--json");

        assertThat(called.code()).as(called.err()).isZero();
        JsonNode document = JSON.readTree(called.out());
        assertThat(document.get("method").asText()).isEqualTo("best-of-3");
        assertThat(document.get("objective").asDouble()).isEqualTo(expected.objective());
        assertThat(document.get("permutations"))
                .isEqualTo(JSON.valueToTree(expected.permutations().toMap()));
    }

    @Test
    void activations_are_those_on_training_images_of_the_data_set() throws IOException {
        Architecture.Mlp shapes = new Architecture.Mlp(KnownDataset.SYNTHETIC_SHAPES.pixels(), List.of(9, 7), 10);
        Weights original = NetworkFiles.weights(shapes, 1);
        Map<String, int[]> mixed = new LinkedHashMap<>();
        PermutationSpec.of(shapes).sizes().forEach((name, n) -> mixed.put(name, Seeds.shuffled(n, Seeds.generator(n))));
        Path a = NetworkFiles.write(folder.resolve("a"), original, Map.of());
        Path b = NetworkFiles.write(folder.resolve("b"), Permutations.of(mixed).apply(original), Map.of());

        Called called = Called.with(
                "match",
                a,
                b,
                "--method",
                "activation",
                "--dataset",
                "synthetic-shapes",
                "--statistic",
                "pearson",
                "--images",
                200);
        Called straight = Called.with(
                "match",
                a,
                b,
                "--method",
                "straight-through",
                "--dataset",
                "synthetic-shapes",
                "--images",
                200,
                "--epochs",
                1);

        assertThat(called.code()).as(called.err()).isZero();
        assertThat(JSON.readTree(called.out()).get("method").asText()).isEqualTo("activation-pearson");
        assertThat(JSON.readTree(called.out()).get("l2After").asDouble()).isZero();
        assertThat(straight.code()).as(straight.err()).isZero();
    }

    @Test
    void options_that_do_not_go_with_the_method_are_refused_in_one_line() throws IOException {
        Path a = NetworkFiles.small(folder, 0);

        assertRefused(Called.with("match", a, a, "--k", 3), "basinlab: --k goes with --method best-of, it is weight\n");
        assertRefused(
                Called.with("match", a, a, "--method", "activation"),
                "basinlab: --method activation needs --dataset, whose training images it sees\n");
        assertRefused(
                Called.with("match", a, a, "--method", "best-of", "--k", 0),
                "basinlab: --method best-of: the number of matchings to choose from must lie in [1, 10000], was 0\n");
        assertRefused(
                Called.with("match", a, a, "--method", "activation", "--dataset", "synthetic-shapes"),
                "basinlab: " + a + " must take the ");
    }

    private static void assertRefused(Called called, String line) {
        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err().replace(System.lineSeparator(), "\n")).startsWith(line);
        assertThat(called.err()).hasLineCount(1);
    }

    @Test
    void networks_of_two_architectures_are_refused_by_name() throws IOException {
        Path a = NetworkFiles.small(folder, 0);
        Weights deep = NetworkFiles.weights(new Architecture.Mlp(6, List.of(8, 5, 5), 3), 1);
        Path b = NetworkFiles.write(folder.resolve("deep"), deep, Map.of());

        Called called = Called.with("match", a, b);

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err()).contains(b + " must have the architecture of " + a + ", 6-8-5-3, has 6-8-5-5-3");
    }
}

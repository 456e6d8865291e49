package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.basinlab.dataset.DataSets;
import org.basinlab.dataset.Dataset;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.merging.MergeImages;
import org.basinlab.merging.Merged;
import org.basinlab.merging.Merging;
import org.basinlab.network.Safetensors;
import org.basinlab.network.SafetensorsFile;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Repair;
import org.basinlab.recipe.Rounds;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.StopRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergeCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final MergeStep PAIR = new MergeStep.Pair(new Matching.Weight(), 0.5);
    private static final String STANDARD =
            "{\"constants\":{\"mean\":[0.4914,0.4822,0.4465],\"std\":[0.247,0.2435,0.2616]}}";
    private static final String HALF = "{\"constants\":{\"mean\":[0.5,0.5,0.5],\"std\":[0.5,0.5,0.5]}}";

    @TempDir
    Path folder;

    private Path out() {
        return folder.resolve("merged.safetensors");
    }

    private static Weights weights(long seed) {
        return NetworkFiles.weights(NetworkFiles.SMALL, seed);
    }

    private SafetensorsFile merged() throws IOException {
        return Safetensors.read(Files.readAllBytes(out()));
    }

    private List<Object> call(int networks, Object... options) throws IOException {
        List<Object> words = new ArrayList<>(List.of("merge", "--out", out()));
        words.addAll(List.of(options));
        for (int seed = 0; seed < networks; seed++) {
            words.add(NetworkFiles.small(folder, seed));
        }
        return words;
    }

    @Test
    void a_pair_of_files_is_merged_as_a_study_merges_it() throws IOException {
        MergeStep step = new MergeStep.Pair(new Matching.Weight(), 0.3);
        Merged expected = Merging.merge(step, List.of(weights(0), weights(1)), 7, Progress.UNWATCHED);

        Called called =
                Called.with(call(2, "--share", 0.3, "--seed", 7, "--json").toArray());

        assertThat(called.code()).as(called.err()).isZero();
        assertThat(merged().weights().copy()).containsExactly(expected.weights().copy());
        JsonNode document = JSON.readTree(called.out());
        assertThat(document.get("scheme").asText()).isEqualTo("hierarchical");
        assertThat(document.get("inputs")).hasSize(2);
        assertThat(document.get("matchings").asInt()).isEqualTo(1);
        assertThat(document.get("rounds").asInt()).isEqualTo(1);
        assertThat(document.get("seconds").isDouble()).isTrue();
        assertThat(document.get("out").asText()).isEqualTo(out().toString());
        assertThat(document.get("sha256").asText()).isEqualTo(Digests.of(Files.readAllBytes(out())));
        assertThat(document.size()).isEqualTo(7);
    }

    @Test
    void a_tree_pairs_the_files_in_their_order_with_the_seeds_of_a_study() throws IOException {
        Weights left = pair(weights(0), weights(1), Seeds.derive(7, "merge", 0, 1));
        Weights right = pair(weights(2), weights(3), Seeds.derive(7, "merge", 2, 3));
        Weights root = pair(left, right, Seeds.derive(7, "merge", 0, 1, 2, 3));

        Called called = Called.with(call(4, "--seed", 7).toArray());

        assertThat(called.code()).as(called.err()).isZero();
        assertThat(called.out()).contains("merged 4 networks 6-8-5-3: hierarchical, 3 matchings, ");
        assertThat(merged().weights().copy()).containsExactly(root.copy());
    }

    private static Weights pair(Weights a, Weights b, long seed) {
        return Merging.merge(PAIR, List.of(a, b), seed, Progress.UNWATCHED).weights();
    }

    private static final Architecture.Mlp SEEING = new Architecture.Mlp(3_072, List.of(16, 8), 10);

    private List<Object> seeing(int networks, Object... options) throws IOException {
        List<Object> words = new ArrayList<>(List.of("merge", "--out", out(), "--dataset", "synthetic-shapes"));
        words.addAll(List.of("--images", 500));
        words.addAll(List.of(options));
        for (int seed = 0; seed < networks; seed++) {
            words.add(NetworkFiles.write(
                    folder.resolve("s" + seed + ".safetensors"), NetworkFiles.weights(SEEING, seed), Map.of()));
        }
        return words;
    }

    private static Optional<MergeImages> images() {
        Dataset data = new DataSets(List.of()).open(KnownDataset.SYNTHETIC_SHAPES);
        return Optional.of(new MergeImages(NormalisedImages.of(
                data.split(Split.TRAIN),
                DataSets.standardNormalisation(KnownDataset.SYNTHETIC_SHAPES),
                Optional.of(500))));
    }

    @Test
    void a_pair_is_repaired_on_the_images_that_are_named() throws IOException {
        MergeStep step = new MergeStep.Pair(new Matching.BestOf(2), 0.5, Optional.empty(), Optional.of(Repair.REPAIR));
        List<Weights> weights = List.of(NetworkFiles.weights(SEEING, 0), NetworkFiles.weights(SEEING, 1));
        Merged expected = Merging.merge(step, weights, 3, images(), Progress.UNWATCHED);

        Called called = Called.with(seeing(2, "--repair", "repair", "--matching", "best-of-2", "--seed", 3)
                .toArray());

        assertThat(called.code()).as(called.err()).isZero();
        assertThat(merged().weights().copy()).isEqualTo(expected.weights().copy());
        assertThat(merged().metadata().get("provenance"))
                .contains("\"repair\":\"repair\"", "\"images\":{\"count\":500,\"dataset\":\"synthetic-shapes\"}");
    }

    @Test
    void a_greedy_soup_says_what_is_in_it() throws IOException {
        MergeStep step = new MergeStep.GreedySoup(new Matching.None(), Optional.empty());
        List<Weights> weights = List.of(
                NetworkFiles.weights(SEEING, 0), NetworkFiles.weights(SEEING, 1), NetworkFiles.weights(SEEING, 2));
        Merged expected = Merging.merge(step, weights, 0, images(), Progress.UNWATCHED);

        Called called = Called.with(seeing(3, "--scheme", "greedy-soup").toArray());
        Called json = Called.with(
                seeing(3, "--scheme", "greedy-soup", "--json", "--force").toArray());

        List<String> members = new ArrayList<>();
        for (int k = 0; k < 3; k++) {
            if (expected.shareOfInput().get(k) > 0) {
                members.add(folder.resolve("s" + k + ".safetensors").toString());
            }
        }
        assertThat(called.code()).as(called.err()).isZero();
        assertThat(called.out()).contains("in it: " + String.join(", ", members));
        assertThat(JSON.readTree(json.out()).get("members")).hasSize(members.size());
        assertThat(merged().weights().copy()).isEqualTo(expected.weights().copy());
    }

    @Test
    void all_schemes_that_align_give_what_a_study_gives() throws IOException {
        List<Weights> weights = List.of(weights(0), weights(1), weights(2));
        Map<String, MergeStep> steps = Map.of(
                "sequential", new MergeStep.Sequential(new Matching.Weight()),
                "c2m3", new MergeStep.CycleConsistent(100, Optional.empty()));
        for (Map.Entry<String, MergeStep> step : steps.entrySet()) {
            Called called =
                    Called.with(call(3, "--scheme", step.getKey(), "--force").toArray());

            assertThat(called.code()).as(called.err()).isZero();
            assertThat(merged().weights().copy())
                    .isEqualTo(Merging.merge(step.getValue(), weights, 0, Progress.UNWATCHED)
                            .weights()
                            .copy());
        }
    }

    @Test
    void networks_with_batch_norm_need_images() throws IOException {
        Architecture normalised = new Cnn(new Extent(3, 32, 32), List.of(2), 3, Norm.BATCH, 10);
        Path a = NetworkFiles.write(folder.resolve("a"), NetworkFiles.weights(normalised, 0), Map.of());
        Path b = NetworkFiles.write(folder.resolve("b"), NetworkFiles.weights(normalised, 1), Map.of());

        Called called = Called.with("merge", "--scheme", "naive", "--out", out(), a, b);

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err()).hasLineCount(1);
    }

    @Test
    void merge_many_goes_as_many_rounds_as_it_may_and_says_when_that_was_too_few() throws IOException {
        MergeStep step = new MergeStep.Many(new Matching.Weight(), new Rounds(1), StopRule.IDENTITY);
        Merged expected = Merging.merge(step, List.of(weights(0), weights(1), weights(2)), 0, Progress.UNWATCHED);

        Called called = Called.with(call(3, "--scheme", "merge-many", "--rounds", 1, "--stop", "identity")
                .toArray());

        assertThat(called.out()).contains("merge-many, 3 matchings in 1 round");
        assertThat(called.err()).contains("MergeMany was still moving after 1 rounds");
        assertThat(merged().weights().copy()).containsExactly(expected.weights().copy());
    }

    @Test
    void a_merged_file_says_from_what_it_was_made_and_is_the_same_every_time() throws IOException {
        Object[] words = call(2, "--scheme", "reference", "--force").toArray();
        Called.with(words);
        byte[] first = Files.readAllBytes(out());

        Called.with(words);

        assertThat(Files.readAllBytes(out())).isEqualTo(first);
        assertThat(merged().metadata()).containsOnlyKeys("architecture", "provenance");
        assertThat(merged().metadata().get("architecture"))
                .isEqualTo("{\"mlp\":{\"classes\":3,\"hidden\":[8,5],\"inputs\":6}}");
        assertThat(merged().metadata().get("provenance"))
                .isEqualTo(
                        "{\"inputs\":[\"%s\",\"%s\"],\"scheme\":{\"reference\":{\"groups\":[2],\"matching\":{\"weight\":{}}}},\"seed\":0}",
                        Digests.of(Files.readAllBytes(folder.resolve("n0.safetensors"))),
                        Digests.of(Files.readAllBytes(folder.resolve("n1.safetensors"))));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).as("no temporary file is left").hasSize(3);
        }
    }

    @Test
    void a_file_without_a_normalisation_goes_with_standard_and_with_nothing_else() throws IOException {
        Path none = NetworkFiles.small(folder, 0);
        Path standard = NetworkFiles.write(folder.resolve("s"), weights(1), Map.of("normalisation", STANDARD));
        Path half = NetworkFiles.write(folder.resolve("h"), weights(2), Map.of("normalisation", HALF));

        Called same = Called.with("merge", "--scheme", "naive", "--out", out(), none, standard);
        Called differ = Called.with("merge", "--scheme", "naive", "--out", folder.resolve("x"), none, half);

        assertThat(same.code()).as(same.err()).isZero();
        assertThat(merged().metadata()).containsEntry("normalisation", STANDARD);
        assertThat(differ.code()).isEqualTo(2);
        assertThat(differ.err())
                .contains("must have one normalisation to be merged", half + " has " + HALF, none + " has none, which")
                .hasLineCount(1);
    }

    @Test
    void a_network_of_another_architecture_is_named() throws IOException {
        Path small = NetworkFiles.small(folder, 0);
        Weights wide = NetworkFiles.weights(new Architecture.Mlp(6, List.of(9, 5), 3), 1);
        Path other = NetworkFiles.write(folder.resolve("wide"), wide, Map.of());

        Called called = Called.with("merge", "--out", out(), small, other);

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err())
                .isEqualToNormalizingNewlines("basinlab: %s must have the architecture of %s, 6-8-5-3, has 6-9-5-3\n"
                        .formatted(other, small));
    }

    @Test
    void what_is_there_is_kept_unless_force_is_said_and_an_input_always() throws IOException {
        Object[] words = call(2, "--scheme", "naive").toArray();
        Files.writeString(out(), "old");
        Path input = NetworkFiles.small(folder, 0);
        byte[] before = Files.readAllBytes(input);

        Called kept = Called.with(words);
        Called overInput = Called.with("merge", "--force", "--out", input, input, NetworkFiles.small(folder, 1));

        assertThat(kept.code()).isEqualTo(2);
        assertThat(kept.err()).contains("must be a new file", "--force replaces it");
        assertThat(out()).hasContent("old");
        assertThat(overInput.code()).isEqualTo(2);
        assertThat(overInput.err()).contains("--out must be another file than the inputs");
        assertThat(input).hasBinaryContent(before);
        assertThat(Called.with(call(2, "--scheme", "naive", "--force").toArray())
                        .code())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    3 |                                   | --scheme hierarchical takes 2, 4, 8 … networks, was given 3: 2 or 4 fit
                    1 | --scheme naive                    | a merge takes 2 to 4096 networks, was given 1
                    2 | --scheme mean                     | --scheme must be hierarchical or merge-many or reference or sequential or c2m3 or greedy-soup or naive, was 'mean'
                    2 | --matching activations            | --matching must be weight, best-of-K with a number K, activation, activation-pearson or straight-through, was 'activations'
                    2 | --scheme naive --matching weight  | --matching goes with a scheme that aligns networks, the scheme is naive
                    2 | --scheme naive --share 0.5        | --share goes with --scheme hierarchical only, the scheme is naive
                    2 | --rounds 3                        | --rounds goes with --scheme merge-many only, the scheme is hierarchical
                    2 | --stop l2                         | --stop goes with --scheme merge-many only, the scheme is hierarchical
                    2 | --share 1.5                       | --share must lie in [0, 1], was 1.5
                    2 | --share NaN                       | --share must lie in [0, 1], was NaN
                    2 | --scheme merge-many --rounds 0    | --rounds must be converged or a whole number in [1, 1000], was '0'
                    2 | --scheme merge-many --rounds many | --rounds must be converged or a whole number in [1, 1000], was 'many'
                    2 | --scheme merge-many --stop never  | --stop must be l2 or identity, was 'never'
                    2 | --matching best-of-0              | --matching best-of-0: the number of matchings to choose from must lie in [1, 10000], was 0
                    2 | --matching activation             | --matching activation needs --dataset, whose training images it looks at
                    2 | --scheme merge-many --matching best-of-2 | --matching must be weight with --scheme merge-many, was 'best-of-2'
                    2 | --scheme c2m3 --matching weight   | --matching goes with a scheme that aligns pairs of networks, the scheme is c2m3
                    2 | --scheme c2m3 --iterations 0      | --iterations must lie in [1, 1000], was 0
                    2 | --iterations 3                    | --iterations goes with --scheme c2m3 only, the scheme is hierarchical
                    2 | --epochs 3                        | --epochs goes with --matching straight-through only, the matching is weight
                    2 | --repair mend                     | --repair must be repair or rescale, was 'mend'
                    2 | --repair rescale                  | --repair needs --dataset, whose training images it looks at
                    2 | --scheme greedy-soup              | --scheme greedy-soup needs --dataset, whose training images it looks at
                    2 | --images 10                       | --images goes with --dataset only
                    2 | --dataset cifar10                 | --dataset goes with --repair, --scheme greedy-soup, --matching activation or straight-through, and networks with BatchNorm: this merge looks at no images
                    2 | --repair repair --dataset cifar   | --dataset must be a data set, was 'cifar'
                    2 | --repair repair --dataset synthetic-shapes --images 1 | --images must lie in [2,
                    2 | --repair repair --dataset synthetic-shapes | must take the 3 × 32 × 32 = 3072 pixels of synthetic-shapes, takes 6 inputs
                    2 | --seed x                          | Invalid value for option '--seed'
                    """)
    void options_that_do_not_go_together_are_refused_in_one_line(int networks, String options, String message)
            throws IOException {
        Object[] given = options == null ? new Object[0] : options.split(" ");

        Called called = Called.with(call(networks, given).toArray());

        assertThat(called.code()).as(called.err()).isEqualTo(2);
        assertThat(called.err()).contains(message).hasLineCount(1);
        assertThat(called.out()).isEmpty();
        assertThat(out()).doesNotExist();
    }

    @Test
    void an_input_that_is_no_network_is_named_with_what_is_wrong() throws IOException {
        Path good = NetworkFiles.small(folder, 0);
        Path text = Files.writeString(folder.resolve("notes.txt"), "no network at all");
        Weights bad = weights(1);
        float[] values = bad.copy();
        values[50] = Float.NaN;
        Path nan = NetworkFiles.write(folder.resolve("nan"), Weights.owning(NetworkFiles.SMALL, values), Map.of());

        assertThat(Called.with("merge", "--out", out(), good, text).err())
                .startsWith("basinlab: %s: a safetensors file must have a header of 2 to 9 bytes".formatted(text));
        assertThat(Called.with("merge", "--out", out(), good, folder).err())
                .contains(folder + " must be a", "a folder");
        assertThat(Called.with("merge", "--out", out(), good, folder.resolve("no")))
                .isEqualTo(new Called(
                        2,
                        "",
                        "basinlab: %s must be a safetensors file, there is no such file%n"
                                .formatted(folder.resolve("no"))));
        assertThat(Called.with("merge", "--out", out(), good, nan).err())
                .contains(nan + " must hold finite weights, layers.0.bias holds NaN at its value 2");
        assertThat(Called.with("merge", "--out", folder.resolve("no/m"), good, good)
                        .err())
                .contains("--out must lie in a folder that exists");
        assertThat(out()).doesNotExist();
    }

    @Test
    void help_has_examples() {
        Called called = Called.with("merge", "--help");

        assertThat(called.code()).isZero();
        assertThat(called.out()).contains("Examples:", "--scheme merge-many", "--share");
    }
}

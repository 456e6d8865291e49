package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinlab.dataset.DataSets;
import org.basinlab.dataset.Dataset;
import org.basinlab.evaluation.Answers;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.evaluation.Score;
import org.basinlab.evaluation.WeightNorm;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluateCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Architecture.Mlp SHAPES = new Architecture.Mlp(3_072, List.of(12), 10);
    private static final String HALF = "{\"constants\":{\"mean\":[0.5,0.5,0.5],\"std\":[0.5,0.5,0.5]}}";
    private static final Dataset DATA = new DataSets(List.of()).open(KnownDataset.SYNTHETIC_SHAPES);

    @TempDir
    Path folder;

    private Path network(long seed, Map<String, String> metadata) throws IOException {
        return NetworkFiles.write(folder.resolve("n" + seed), weights(seed), metadata);
    }

    private static Weights weights(long seed) {
        return NetworkFiles.weights(SHAPES, seed);
    }

    private static Called call(List<Path> files, String options) {
        List<Object> words = new ArrayList<>(List.of("evaluate"));
        words.addAll(files);
        words.addAll(List.of("--dataset", "synthetic-shapes"));
        words.addAll(List.of(options.split(" ")));
        return Called.with(words.toArray());
    }

    private static Score score(long seed, Normalisation.Choice choice, int limit, Split split) {
        NormalisedImages images = NormalisedImages.of(
                DATA.split(split), DATA.resolve(new Normalisation.Named(choice)), Optional.of(limit));
        return Answers.of(weights(seed), images, Progress.UNWATCHED).score();
    }

    @Test
    void the_document_holds_for_every_file_what_the_program_measures() throws IOException {
        List<Path> files = List.of(network(1, Map.of()), network(2, Map.of()));
        Score first = score(1, Normalisation.Choice.STANDARD, 50, Split.TRAIN);

        Called called = call(
                files,
                "--json --limit 50 --split train --metric loss --metric accuracy --metric weight-norm --metric weight-norm-layer");

        assertThat(called.code()).as(called.err()).isZero();
        JsonNode document = JSON.readTree(called.out());
        assertThat(document).hasSize(2);
        JsonNode one = document.get(0);
        assertThat(one.get("file").asText()).isEqualTo(files.get(0).toString());
        assertThat(one.get("architecture").asText()).isEqualTo("3072-12-10");
        assertThat(one.get("dataset").asText()).isEqualTo("synthetic-shapes");
        assertThat(one.get("split").asText()).isEqualTo("train");
        assertThat(one.get("images").asInt()).isEqualTo(50);
        assertThat(one.size()).isEqualTo(6);
        JsonNode metrics = one.get("metrics");
        assertThat(metrics).hasSize(2 + 1 + 2);
        assertThat(metrics.get(0))
                .isEqualTo(JSON.readTree(
                        "{\"metric\":\"accuracy\",\"at\":null,\"space\":null,\"value\":%s,\"status\":\"ok\"}"
                                .formatted(first.accuracy())));
        assertThat(metrics.get(1).get("value").asDouble()).isEqualTo(first.loss());
        assertThat(metrics.get(2).get("value").asDouble()).isEqualTo(WeightNorm.of(weights(1)));
        assertThat(metrics.get(4).get("at").asInt()).isEqualTo(1);
    }

    @Test
    void a_metric_that_looks_at_other_images_says_at_how_many() throws IOException {
        Called called = call(
                List.of(network(1, Map.of())),
                "--json --metric accuracy --metric lipschitz-local --metric weight-norm");

        JsonNode one = JSON.readTree(called.out()).get(0);
        assertThat(one.get("images").asInt()).isEqualTo(2_000);
        assertThat(one.get("metrics")).allSatisfy(metric -> {
            switch (metric.get("metric").asText()) {
                case "accuracy" -> assertThat(metric.has("images")).isFalse();
                case "weight-norm" -> assertThat(metric.get("images").asInt()).isZero();
                default -> assertThat(metric.get("images").asInt()).isEqualTo(32);
            }
        });
    }

    @Test
    void a_file_is_measured_under_its_own_normalisation_unless_another_is_asked_for() throws IOException {
        Path half = network(3, Map.of("normalisation", HALF));
        double own = score(3, Normalisation.Choice.HALF, 40, Split.TEST).loss();
        double standard =
                score(3, Normalisation.Choice.STANDARD, 40, Split.TEST).loss();

        Called plain = call(List.of(half), "--json --limit 40");
        Called asked = call(List.of(half), "--json --limit 40 --normalise standard");

        assertThat(own).isNotEqualTo(standard);
        assertThat(loss(plain)).isEqualTo(own);
        assertThat(plain.err()).isEmpty();
        assertThat(loss(asked)).isEqualTo(standard);
        assertThat(asked.err())
                .startsWith("note: " + half + " is measured with --normalise standard")
                .contains("was made for mean [0.5, 0.5, 0.5]")
                .hasLineCount(1);
    }

    private static double loss(Called called) throws IOException {
        assertThat(called.code()).as(called.err()).isZero();
        return JSON.readTree(called.out()).at("/0/metrics/1/value").asDouble();
    }

    @Test
    void a_curve_is_taken_once_at_all_points_that_were_asked_for() throws IOException {
        Called called = call(
                List.of(network(4, Map.of())),
                "--json --limit 20 --metric fgsm-accuracy@0.01,0 --metric fgsm-accuracy@0:0.01:0.005 --space normalised");

        assertThat(called.code()).as(called.err()).isZero();
        JsonNode metrics = JSON.readTree(called.out()).at("/0/metrics");
        assertThat(metrics).hasSize(3);
        assertThat(metrics.findValuesAsText("at")).containsExactly("0", "0.005", "0.01");
        assertThat(metrics.findValuesAsText("space")).containsOnly("normalised");
        assertThat(metrics.get(0).get("value").asDouble())
                .isEqualTo(
                        score(4, Normalisation.Choice.STANDARD, 20, Split.TEST).accuracy());
    }

    @Test
    void of_a_family_only_what_was_asked_for_is_shown() throws IOException {
        Called called = call(List.of(network(5, Map.of())), "--limit 10 --metric deepfool-rho");

        assertThat(called.code()).as(called.err()).isZero();
        assertThat(called.out()
                        .lines()
                        .map(line -> line.replaceAll("[\\d.]+$", "x").replaceAll(" +", " ")))
                .containsExactly("metric " + folder.resolve("n") + "x", "deepfool-rho pixel x");
    }

    @Test
    void random_metrics_are_the_same_for_the_same_seed() throws IOException {
        Path file = network(6, Map.of());
        String options = "--json --limit 30 --metric gaussian-accuracy@0.3 --metric weight-noise-accuracy --seed ";

        Called once = call(List.of(file), options + 1);
        Called again = call(List.of(file), options + 1);

        assertThat(once.code()).as(once.err()).isZero();
        assertThat(again.out()).isEqualTo(once.out());
    }

    @Test
    void many_files_stand_below_each_other() throws IOException {
        List<Path> files = List.of(network(1, Map.of()), network(2, Map.of()), network(3, Map.of()));

        Called called = call(files, "--limit 10");

        assertThat(called.out().lines().findFirst().orElseThrow()).matches("file +accuracy +loss");
        assertThat(called.out()).hasLineCount(4);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --metric acuracy              | --metric must name a metric, was 'acuracy' (did you mean accuracy?); there are accuracy, loss
                    --metric accuracy@0.1         | --metric accuracy must have no points, it is one number a network
                    --metric deepfool-rho@0.1     | --metric deepfool-rho must have no points
                    --metric fgsm-accuracy@       | --metric fgsm-accuracy must have points as decimals with commas between
                    --metric fgsm-accuracy@1e9    | --metric fgsm-accuracy must have points as decimals with commas between
                    --metric fgsm-accuracy@-1     | --metric fgsm-accuracy must have points as decimals with commas between
                    --metric fgsm-accuracy@0:1    | --metric fgsm-accuracy must have points as decimals with commas between
                    --metric fgsm-accuracy@0:1:0  | a step must be positive, was 0
                    --metric fgsm-accuracy@2000   | a point must lie in [0, 1000]
                    --metric pgd-l2-accuracy --steps 0 | steps must lie in [1, 1000], was 0
                    --limit 0                     | --limit must lie in [1, 2000], the images of test of synthetic-shapes, was 0
                    --limit 2001                  | --limit must lie in [1, 2000]
                    --split validation            | --split must be test or train, was 'validation'
                    --normalise minmax            | --normalise must be standard or train or half or none, was 'minmax'
                    --space hsv                   | --space must be pixel or normalised, was 'hsv'
                    """)
    void options_that_cannot_be_are_refused_in_one_line(String options, String message) throws IOException {
        Called called = call(List.of(network(1, Map.of())), options);

        assertThat(called.code()).as(called.err()).isEqualTo(2);
        assertThat(called.err()).contains(message).hasLineCount(1);
        assertThat(called.out()).isEmpty();
    }

    @Test
    void a_network_of_another_shape_than_the_images_is_refused() throws IOException {
        Path small = NetworkFiles.small(folder, 0);
        Path few = NetworkFiles.write(
                folder.resolve("few"), NetworkFiles.weights(new Architecture.Mlp(3_072, List.of(4), 3), 1), Map.of());

        assertThat(call(List.of(small), "--json").err())
                .contains(small + " must take the 3 × 32 × 32 = 3072 pixels of synthetic-shapes, takes 6 inputs");
        assertThat(call(List.of(few), "--json").err())
                .contains(few + " must tell the 10 classes of synthetic-shapes apart, has 3 outputs");
    }

    @Test
    void a_normalisation_that_does_not_fit_the_images_is_refused() throws IOException {
        Path grey = network(7, Map.of("normalisation", "{\"constants\":{\"mean\":[0.5],\"std\":[0.5]}}"));
        Path none = network(8, Map.of("normalisation", "none of your business"));

        assertThat(call(List.of(grey), "--json").err())
                .contains(grey + " must be normalised by 3 channels to see synthetic-shapes");
        assertThat(call(List.of(none), "--json").err()).contains(none + " must state its normalisation as");
    }

    @Test
    void a_data_set_that_is_not_known_or_not_there_is_told() throws IOException {
        Path file = network(9, Map.of());
        Object[] unknown = {"evaluate", file, "--dataset", "cifar"};
        Object[] absent = {"evaluate", file, "--dataset", "cifar10", "--data-dir", folder, "--data-home", folder};

        assertThat(Called.with(unknown).code()).isEqualTo(2);
        assertThat(Called.with(unknown).err())
                .contains("--dataset must be a data set, was 'cifar' (did you mean cifar10?)");
        if (System.getenv("BASINLAB_DATA_DIR") == null) {
            assertThat(Called.with(absent).code()).isEqualTo(3);
            assertThat(Called.with(absent).err()).contains("basinlab data fetch cifar10");
        }
    }

    @Test
    void help_has_examples() {
        assertThat(Called.with("evaluate", "--help").out())
                .contains("Examples:", "--metric", "fgsm-accuracy@0:0.02:0.002");
    }
}

package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.basinlab.network.Dl4j;
import org.basinlab.network.Dl4jFile;
import org.basinlab.network.Safetensors;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.ResNet20;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on files that other programs made. */
class OtherFilesTest {

    @TempDir
    Path folder;

    private Path archive(String name, Architecture architecture, long seed) throws IOException {
        Weights weights = NetworkFiles.weights(architecture, seed);
        return Files.write(folder.resolve(name), Dl4j.write(weights, Map.of()));
    }

    @Test
    void archives_of_deeplearning4j_are_merged_into_one() throws IOException {
        Path out = folder.resolve("ab.zip");

        Called called = Called.with(
                "merge", "--out", out, archive("a.zip", NetworkFiles.SMALL, 1), NetworkFiles.small(folder, 2));

        assertThat(called.err()).isEmpty();
        assertThat(called.code()).isZero();
        Dl4jFile merged = Dl4j.read(Files.readAllBytes(out));
        assertThat(merged.weights().architecture()).isEqualTo(NetworkFiles.SMALL);
        assertThat(merged.metadata()).containsOnlyKeys("architecture", "provenance");
    }

    @Test
    void a_network_that_no_archive_can_hold_is_refused_before_anything_is_merged() throws IOException {
        ResNet20 network = new ResNet20(new Extent(3, 32, 32), 1, Norm.NONE, 3, 10);
        Path a = NetworkFiles.write(folder.resolve("a.safetensors"), NetworkFiles.weights(network, 1), Map.of());
        Path b = NetworkFiles.write(folder.resolve("b.safetensors"), NetworkFiles.weights(network, 2), Map.of());
        Path out = folder.resolve("ab.zip");

        Called called = Called.with("merge", "--scheme", "naive", "--out", out, a, b);

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err()).contains(out + ": a network must be a chain").contains("the sum of a residual stream");
        assertThat(out).doesNotExist();
    }

    @Test
    void names_of_tensors_are_taken_from_a_file() throws IOException {
        Path names = Files.writeString(folder.resolve("n.yaml"), """
                names: { "net/hidden.*": "layers.0.*", "net/middle.*": "layers.1.*", "net/out.*": "layers.2.*" }
                """);
        Map<String, String> theirs = new LinkedHashMap<>();
        theirs.put("layers.0.", "net/hidden.");
        theirs.put("layers.1.", "net/middle.");
        theirs.put("layers.2.", "net/out.");
        Path a = renamed("a.safetensors", 1, theirs);
        Path b = renamed("b.safetensors", 2, theirs);

        Called without = Called.with("match", a, b);
        Called with = Called.with("match", a, b, "--names", names);

        assertThat(without.code()).isEqualTo(2);
        assertThat(without.err()).contains("--names").contains("net/hidden.weight");
        assertThat(with.code()).isZero();
        assertThat(with.out()).contains("\"P_0\":[");
    }

    /** The same bytes but for the header, whose names keep their lengths in total by spaces at its end. */
    private Path renamed(String name, long seed, Map<String, String> theirs) throws IOException {
        byte[] file = Safetensors.write(NetworkFiles.weights(NetworkFiles.SMALL, seed), Map.of());
        int header = (file[0] & 255) | ((file[1] & 255) << 8);
        String text = new String(file, 8, header, StandardCharsets.UTF_8);
        for (Map.Entry<String, String> entry : theirs.entrySet()) {
            text = text.replace(entry.getKey(), entry.getValue());
        }
        byte[] changed = text.getBytes(StandardCharsets.UTF_8);
        return Files.write(
                folder.resolve(name),
                ByteBuffer.allocate(8 + changed.length + file.length - 8 - header)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(changed.length)
                        .put(changed)
                        .put(file, 8 + header, file.length - 8 - header)
                        .array());
    }

    @Test
    void a_names_file_that_is_wrong_is_refused_in_its_line() throws IOException {
        Path names = Files.writeString(folder.resolve("n.yaml"), "norm: instance\n");
        Path a = NetworkFiles.small(folder, 1);

        Called called = Called.with("match", a, a, "--names", names);

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err()).contains("n.yaml:1:7: norm must be none, layer, group or batch");
    }

    @Test
    void bounds_of_perceptrons_are_refused_for_other_networks() throws IOException {
        Cnn network = new Cnn(new Extent(3, 32, 32), List.of(4), 5, Norm.NONE, 10);
        Path file = NetworkFiles.write(folder.resolve("a.safetensors"), NetworkFiles.weights(network, 1), Map.of());

        Called called = Called.with("evaluate", file, "--dataset", "cifar10", "--metric", "lipschitz-local");

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err()).contains("must be a perceptron for lipschitz-local, which is not defined for cnn-4-5");
    }

    @Test
    void a_convolutional_network_in_an_archive_is_measured_like_its_safetensors_file() throws IOException {
        Cnn network = new Cnn(new Extent(3, 32, 32), List.of(4), 5, Norm.NONE, 10);
        Path file = NetworkFiles.write(folder.resolve("a.safetensors"), NetworkFiles.weights(network, 1), Map.of());

        Called called = Called.with(
                "evaluate",
                file,
                archive("a.zip", network, 1),
                "--dataset",
                "synthetic-shapes",
                "--limit",
                40,
                "--metric",
                "loss",
                "--metric",
                "weight-norm-layer",
                "--metric",
                "deepfool-l2-median",
                "--json");

        assertThat(called.code()).as(called.err()).isZero();
        JsonNode documents = new ObjectMapper().readTree(called.out());
        assertThat(documents.get(0).get("architecture").asText()).isEqualTo("cnn-4-5");
        assertThat(documents.get(0).get("metrics"))
                .hasSize(5)
                .isEqualTo(documents.get(1).get("metrics"));
    }

    @Test
    void an_archive_that_is_none_is_refused_in_one_line() throws IOException {
        Path broken = Files.write(folder.resolve("x.zip"), new byte[] {'P', 'K', 3, 4, 0, 0});

        Called called = Called.with("match", broken, broken);

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err()).contains(broken + ": a Deeplearning4j archive must ");
    }
}

package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.ResNet20;
import org.basinlab.recipe.TensorNames;
import org.basinlab.recipe.Vgg16;
import org.basinlab.recipe.Vit;
import org.junit.jupiter.api.Test;

/** Networks under the names of common PyTorch ports answer as PyTorch does ({@code make_port_answers.py}). */
class PortFilesTest {

    private static final Extent IMAGE = new Extent(3, 32, 32);
    private static final int IMAGES = 2;

    private static JsonNode answers(String network) {
        try (InputStream in = PortFilesTest.class.getResourceAsStream("/network/port_answers.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in)).path(network);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The file that a user would save, with the values of the script. */
    private static byte[] file(String network, UnaryOperator<String> rename) {
        RawSafetensors file = new RawSafetensors();
        int place = 0;
        for (JsonNode tensor : answers(network).path("tensors")) {
            String name = tensor.path("name").asText();
            if (name.endsWith("num_batches_tracked")) {
                file.counter(rename.apply(name));
                continue;
            }
            List<Integer> shape = new ArrayList<>();
            tensor.path("shape").forEach(axis -> shape.add(axis.asInt()));
            file.floats(rename.apply(name), shape, values(name, shape, place++));
        }
        return file.bytes();
    }

    private static float[] values(String name, List<Integer> shape, int place) {
        int size = shape.stream().reduce(1, Math::multiplyExact);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            double wave = Math.sin(1.7 * i + 0.9 * place + 0.3 * Math.sin(0.01 * i * i));
            if (name.endsWith("running_var")) {
                values[i] = (float) (1 + 0.5 * wave);
            } else if (shape.size() == 1) {
                values[i] = (float) ((name.endsWith("weight") ? 1 : 0) + 0.2 * wave);
            } else {
                values[i] = (float) (wave * Math.sqrt(3.0 * shape.get(0) / size));
            }
        }
        return values;
    }

    private static void requireAnswers(String network, Weights weights) {
        double[] inputs = new double[IMAGES * IMAGE.size()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (float) Math.sin(0.37 * i);
        }
        Graph graph = weights.architecture().graph();
        double[] logits = ReferencePass.run(graph, weights.copy(), inputs, IMAGES, ReferencePass.Statistics.RUNNING)[
                graph.logits()];
        JsonNode expected = answers(network).path("logits");
        assertThat(logits).hasSize(expected.size());
        for (int i = 0; i < logits.length; i++) {
            assertThat(logits[i]).as("logit %d", i).isCloseTo(expected.get(i).asDouble(), within(1e-5));
        }
    }

    @Test
    void a_resnet20_with_batch_norm_and_small_shortcuts_is_read_under_a_ports_names() {
        Weights weights = Safetensors.read(file("resnet20", name -> name)).weights();

        assertThat(weights.architecture()).isEqualTo(new ResNet20(IMAGE, 1, Norm.BATCH, 1, 10));
        requireAnswers("resnet20", weights);
    }

    @Test
    void the_same_is_read_under_another_ports_names_and_out_of_a_parallel_module() {
        byte[] plain = file("resnet20", name -> name);
        byte[] other = file(
                "resnet20",
                name -> "module." + name.replace("downsample", "shortcut").replace("fc.", "linear."));

        assertThat(Safetensors.read(other).weights().copy())
                .containsExactly(Safetensors.read(plain).weights().copy());
    }

    @Test
    void names_of_nobodys_port_are_read_with_the_users_patterns() {
        byte[] file =
                file("resnet20", name -> "net/" + name.replace("conv", "Conv_").replace("bn", "Norm_"));
        TensorNames names = new TensorNames(
                Map.of(
                        "net/Conv_1.weight", "conv1.weight",
                        "net/Norm_1.*", "norm1.*",
                        "net/fc.*", "linear.*",
                        "net/layer*", "layer*"),
                Optional.of((image, classes) -> new ResNet20(image, 1, Norm.BATCH, 1, classes)),
                Optional.empty(),
                Optional.empty());
        byte[] mended = file(
                "resnet20",
                name -> name.startsWith("layer")
                        ? "net/" + name
                        : "net/" + name.replace("conv", "Conv_").replace("bn", "Norm_"));

        Weights weights = Safetensors.read(mended, names).weights();

        requireAnswers("resnet20", weights);
        assertThatThrownBy(() -> Safetensors.read(file, names))
                .isExactlyInstanceOf(SafetensorsException.class)
                .hasMessageContaining("must hold the tensor layer1.0.conv1.weight of resnet20-bn-1-s1");
    }

    @Test
    void a_vgg16_with_one_linear_layer_and_biases_beside_batch_norm_is_read() {
        Weights weights = Safetensors.read(file("vgg16", name -> name)).weights();

        assertThat(weights.architecture()).isEqualTo(new Vgg16(IMAGE, 1.0 / 16, Norm.BATCH, 0, 10));
        requireAnswers("vgg16", weights);
    }

    @Test
    void a_vit_is_read_once_its_heads_are_said() {
        TensorNames names = new TensorNames(
                Map.of(),
                Optional.of((image, classes) -> new Vit(image, 8, 24, 2, 3, classes)),
                Optional.empty(),
                Optional.empty());

        Weights weights = Safetensors.read(file("vit", name -> name), names).weights();

        assertThat(weights.architecture()).isEqualTo(new Vit(IMAGE, 8, 24, 2, 3, 10));
        requireAnswers("vit", weights);
    }
}

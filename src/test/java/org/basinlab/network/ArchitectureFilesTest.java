package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.ResNet20;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.TensorNames;
import org.basinlab.recipe.Vgg16;
import org.basinlab.recipe.Vit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureFilesTest {

    private static final Extent IMAGE = new Extent(3, 32, 32);

    static Stream<Architecture> architectures() {
        return Stream.concat(
                Stream.of(new Architecture.Mlp(7, List.of(5, 4), 3), new Vit(new Extent(3, 8, 8), 4, 12, 2, 3, 10)),
                Stream.of(Norm.values())
                        .flatMap(norm -> Stream.of(
                                new Vgg16(IMAGE, 1.0 / 16, norm, 2, 10),
                                new Vgg16(new Extent(3, 64, 32), 1.0 / 16, norm, 0, 10),
                                new ResNet20(new Extent(3, 9, 8), 1, norm, 3, 10),
                                new ResNet20(new Extent(1, 28, 28), 1, norm, 1, 10),
                                new Cnn(new Extent(3, 12, 8), List.of(4, 6), 7, norm, 10))));
    }

    private static Map<String, String> stated(Architecture architecture) {
        return Map.of(Safetensors.ARCHITECTURE, CanonicalJson.write(architecture));
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void what_was_written_and_read_is_written_in_the_same_bytes(Architecture architecture) {
        byte[] file = Safetensors.write(GraphWeights.random(architecture, 3), stated(architecture));

        SafetensorsFile read = Safetensors.read(file);

        assertThat(read.weights().architecture()).isEqualTo(architecture);
        assertThat(Safetensors.write(read.weights(), read.metadata())).isEqualTo(file);
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void canonical_json_gives_the_architecture_back(Architecture architecture) {
        String json = CanonicalJson.write(architecture);

        assertThat(CanonicalJson.read(json, Architecture.class)).isEqualTo(architecture);
    }

    @Test
    void canonical_json_of_each_family_has_the_text_that_keys_of_tasks_are_made_of() {
        assertThat(CanonicalJson.write(new Architecture.Mlp(3072, List.of(512, 256), 10)))
                .isEqualTo("{\"mlp\":{\"classes\":10,\"hidden\":[512,256],\"inputs\":3072}}");
        assertThat(CanonicalJson.write(new Vgg16(IMAGE, 0.125, Norm.LAYER, 2, 10)))
                .isEqualTo(
                        "{\"vgg16\":{\"classes\":10,\"dense\":2,\"image\":{\"channels\":3,\"height\":32,\"width\":32},"
                                + "\"norm\":\"layer\",\"width\":0.125}}");
        assertThat(CanonicalJson.write(new ResNet20(IMAGE, 4, Norm.BATCH, 3, 10)))
                .isEqualTo("{\"resnet20\":{\"classes\":10,\"image\":{\"channels\":3,\"height\":32,\"width\":32},"
                        + "\"norm\":\"batch\",\"shortcut\":3,\"width\":4}}");
        assertThat(CanonicalJson.write(new Cnn(IMAGE, List.of(32, 64), 256, Norm.NONE, 10)))
                .isEqualTo("{\"cnn\":{\"channels\":[32,64],\"classes\":10,\"hidden\":256,"
                        + "\"image\":{\"channels\":3,\"height\":32,\"width\":32},\"norm\":\"none\"}}");
        assertThat(CanonicalJson.write(new Vit(IMAGE, 4, 192, 12, 3, 10)))
                .isEqualTo("{\"vit\":{\"classes\":10,\"depth\":12,\"heads\":3,"
                        + "\"image\":{\"channels\":3,\"height\":32,\"width\":32},\"patch\":4,\"width\":192}}");
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "BATCH"})
    void a_file_without_metadata_is_recognised_by_its_shapes(Norm norm) {
        for (Architecture architecture : List.of(
                new Vgg16(IMAGE, 1.0 / 16, norm, 2, 10),
                new ResNet20(IMAGE, 1, norm, 3, 7),
                new ResNet20(new Extent(1, 28, 28), 1, norm, 1, 10),
                new Cnn(new Extent(1, 28, 28), List.of(4, 6, 5), 7, norm, 10))) {
            byte[] file = Safetensors.write(GraphWeights.random(architecture, 3), Map.of());

            assertThat(Safetensors.read(file).weights().architecture()).isEqualTo(architecture);
        }
    }

    @Test
    void a_layer_norm_is_not_told_from_a_group_norm_by_itself() {
        byte[] file = Safetensors.write(GraphWeights.random(new ResNet20(IMAGE, 1, Norm.GROUP, 3, 10), 3), Map.of());

        assertThatThrownBy(() -> Safetensors.read(file))
                .isExactlyInstanceOf(SafetensorsException.class)
                .hasMessageContaining("norm1, whose shapes fit LayerNorm and GroupNorm");
        assertThat(Safetensors.read(file, told(Norm.GROUP)).weights().architecture())
                .isEqualTo(new ResNet20(IMAGE, 1, Norm.GROUP, 3, 10));
        assertThat(Safetensors.read(file, told(Norm.LAYER)).weights().architecture())
                .isEqualTo(new ResNet20(IMAGE, 1, Norm.LAYER, 3, 10));
    }

    private static TensorNames told(Norm norm) {
        return new TensorNames(Map.of(), Optional.empty(), Optional.of(norm), Optional.empty());
    }

    @Test
    void sizes_of_images_that_no_shape_tells_are_asked_for() {
        Extent image = new Extent(5, 16, 16);
        ResNet20 network = new ResNet20(image, 1, Norm.NONE, 3, 10);
        byte[] file = Safetensors.write(GraphWeights.random(network, 3), Map.of());

        assertThatThrownBy(() -> Safetensors.read(file))
                .hasMessageContaining("the size of its images of 5 channels")
                .hasMessageContaining("--names");
        assertThat(Safetensors.read(
                                file, new TensorNames(Map.of(), Optional.empty(), Optional.empty(), Optional.of(image)))
                        .weights()
                        .architecture())
                .isEqualTo(network);
    }

    @Test
    void metadata_that_state_another_network_than_the_tensors_are_refused() {
        Architecture stated = new ResNet20(IMAGE, 2, Norm.NONE, 3, 10);
        byte[] file =
                Safetensors.write(GraphWeights.random(new ResNet20(IMAGE, 1, Norm.NONE, 3, 10), 3), stated(stated));

        assertThatThrownBy(() -> Safetensors.read(file))
                .isExactlyInstanceOf(SafetensorsException.class)
                .hasMessageContaining(
                        "must give conv1.weight the shape [32, 3, 3, 3] for resnet20-2, gives [16, 3, 3, 3]");
    }

    @Test
    void a_claim_of_a_huge_network_allocates_nothing_and_is_refused() {
        String huge = "{\"cnn\":{\"channels\":[4096,4096],\"classes\":10,\"hidden\":8192,"
                + "\"image\":{\"channels\":3,\"height\":1000,\"width\":1000},\"norm\":\"none\"}}";
        byte[] file = Safetensors.write(
                Weights.owning(new Architecture.Mlp(2, List.of(2), 2), new float[12]),
                Map.of(Safetensors.ARCHITECTURE, huge));

        assertThat(Safetensors.read(file).weights().architecture().label()).isEqualTo("2-2-2");
    }

    @Test
    void shortcuts_without_weights_are_refused_by_name() {
        byte[] file = new RawSafetensors()
                .floats("conv1.weight", 16, 3, 3, 3)
                .floats("layer1.0.conv1.weight", 16, 16, 3, 3)
                .bytes();

        assertThatThrownBy(() -> Safetensors.read(file)).hasMessageContaining("option A of the paper");
    }

    @Test
    void a_vits_heads_are_asked_for() {
        byte[] file =
                Safetensors.write(GraphWeights.random(new Vit(new Extent(3, 8, 8), 4, 12, 2, 3, 10), 3), Map.of());

        assertThatThrownBy(() -> Safetensors.read(file)).hasMessageContaining("number of heads");
    }

    @Test
    void nothing_known_is_refused_with_what_was_found_and_what_is_known() {
        byte[] file = new RawSafetensors().floats("encoder.weight", 4, 4).bytes();

        assertThatThrownBy(() -> Safetensors.read(file))
                .isExactlyInstanceOf(SafetensorsException.class)
                .hasMessageContaining("a perceptron, vgg16, resnet20, vit, cnn")
                .hasMessageContaining("[encoder.weight]");
    }

    @Test
    void two_tensors_for_one_place_are_refused() {
        byte[] file = Safetensors.write(GraphWeights.random(new ResNet20(IMAGE, 1, Norm.NONE, 3, 10), 3), Map.of());
        TensorNames names = new TensorNames(
                Map.of("conv1.weight", "linear.bias"), Optional.empty(), Optional.empty(), Optional.empty());

        assertThatThrownBy(() -> Safetensors.read(file, names))
                .isExactlyInstanceOf(SafetensorsException.class)
                .hasMessageContaining("must hold one tensor for linear.bias");
    }

    @Test
    void perceptrons_are_read_under_the_names_of_other_programs() {
        for (String name : List.of("layer%d.", "fc%d.", "%d.", "net.%d.")) {
            RawSafetensors file = new RawSafetensors();
            for (int i = 0; i < 2; i++) {
                file.floats(name.formatted(2 * i + 1) + "weight", i == 0 ? 4 : 3, i == 0 ? 6 : 4);
                file.floats(name.formatted(2 * i + 1) + "bias", i == 0 ? 4 : 3);
            }

            assertThat(Safetensors.read(file.bytes()).weights().architecture())
                    .as(name)
                    .isEqualTo(new Architecture.Mlp(6, List.of(4), 3));
        }
    }

    @Test
    void files_whose_header_is_damaged_are_read_or_refused_in_one_line() {
        RandomGenerator random = Seeds.generator(17);
        int refused = 0;
        for (Architecture architecture : architectures().toList()) {
            byte[] whole = Safetensors.write(GraphWeights.random(architecture, 3), Map.of());
            int header = (whole[0] & 255) | ((whole[1] & 255) << 8);

            for (int i = 0; i < 40; i++) {
                byte[] mutant = whole.clone();
                for (int change = 0; change < 3; change++) {
                    mutant[Long.BYTES + random.nextInt(header)] =
                            (byte) "0123456789.\",[]abn".charAt(random.nextInt(18));
                }
                try {
                    Safetensors.read(mutant);
                } catch (SafetensorsException e) {
                    refused++;
                    assertThat(e.getMessage()).hasSizeLessThan(400).doesNotContain("\n");
                }
            }
        }

        assertThat(refused).isGreaterThan(500);
    }
}

package org.basinlab.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.ResNet20;
import org.basinlab.recipe.Vgg16;
import org.basinlab.recipe.Vit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkReaderTest {

    private static final Extent IMAGE = new Extent(3, 32, 32);

    private static String text(String dataset, String network, String rest) {
        return """
                study: networks
                dataset: { name: %s }
                network: %s
                training:
                  seeds: { from: 0, count: 8 }
                  epochs: 2
                  batch: 50
                  optimiser: { adam: { learningRate: 0.001 } }
                merge: [{ scheme: hierarchical, stages: 1 }]
                %s
                """.formatted(dataset, network, rest);
    }

    private static Architecture network(String network) {
        Study study = StudyFile.read(text("cifar10", network, ""), "s.yaml");
        assertThat(CanonicalJson.read(CanonicalJson.write(study), Study.class)).isEqualTo(study);
        return study.arms().get(0).network();
    }

    private static String refusal(String text) {
        SpecificationException refused =
                catchThrowableOfType(SpecificationException.class, () -> StudyFile.read(text, "s.yaml"));
        assertThat(refused).as(text).isNotNull();
        return refused.getMessage();
    }

    @Test
    void what_is_left_open_has_the_values_of_the_papers() {
        assertThat(network("{ vgg16: {} }")).isEqualTo(new Vgg16(IMAGE, 1, Norm.LAYER, 2, 10));
        assertThat(network("{ resnet20: {} }")).isEqualTo(new ResNet20(IMAGE, 1, Norm.LAYER, 3, 10));
        assertThat(network("{ cnn: {} }")).isEqualTo(new Cnn(IMAGE, List.of(32, 64, 128), 256, Norm.NONE, 10));
        assertThat(network("{ vit: {} }")).isEqualTo(new Vit(IMAGE, 4, 192, 12, 3, 10));
    }

    @Test
    void every_setting_reaches_the_network() {
        assertThat(network("{ vgg16: { width: 0.125, norm: batch, dense: 0 } }"))
                .isEqualTo(new Vgg16(IMAGE, 0.125, Norm.BATCH, 0, 10));
        assertThat(network("{ resnet20: { width: 4, norm: group, shortcut: 1 } }"))
                .isEqualTo(new ResNet20(IMAGE, 4, Norm.GROUP, 1, 10));
        assertThat(network("{ cnn: { channels: [8, 16], hidden: 32, norm: layer } }"))
                .isEqualTo(new Cnn(IMAGE, List.of(8, 16), 32, Norm.LAYER, 10));
        assertThat(network("{ vit: { patch: 8, width: 64, depth: 2, heads: 4 } }"))
                .isEqualTo(new Vit(IMAGE, 8, 64, 2, 4, 10));
    }

    @Test
    void a_perceptron_keeps_its_text() {
        assertThat(CanonicalJson.write(network("{ mlp: { hidden: [512, 256] } }")))
                .isEqualTo("{\"mlp\":{\"classes\":10,\"hidden\":[512,256],\"inputs\":3072}}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cifar10 | { vgg16: { width: 0 } }           | s.yaml:3:28: network.vgg16.width must lie in [1/64, 8], was 0
            cifar10 | { vgg16: { width: 0.1 } }         | s.yaml:3:28: network.vgg16.width must give a whole number of channels, 64 times the width, was 0.1
            cifar10 | { vgg16: { norm: instance } }     | s.yaml:3:27: network.vgg16.norm must be none, layer, group or batch, was 'instance'
            cifar10 | { vgg16: { dense: 3 } }           | s.yaml:3:28: network.vgg16.dense must lie in [0, 2], was 3
            cifar10 | { vgg16: { hidden: 3 } }          | s.yaml:3:21: network.vgg16.hidden is not known; vgg16 has the keys width, norm, dense
            mnist   | { vgg16: {} }                     | s.yaml:3:10: network must fit the images of mnist: vgg16 takes images whose sides are multiples of 32, was 1×28×28
            cifar10 | { resnet20: { shortcut: 2 } }     | s.yaml:3:34: network.resnet20.shortcut must be 1 or 3, was 2
            cifar10 | { resnet20: { width: 65 } }       | s.yaml:3:31: network.resnet20.width must lie in [1, 64], was 65
            cifar10 | { cnn: { channels: [] } }         | s.yaml:3:29: network.cnn.channels must have 1 to 5 convolutions, had 0
            mnist   | { cnn: { channels: [1, 1, 1, 1, 1] } } | s.yaml:3:10: network must fit the images of mnist: an image of 1×28×28 cannot be halved 5 times
            cifar10 | { cnn: { channels: [4096], hidden: 8192 } } | s.yaml:3:10: network must fit the images of cifar10: channels must lie in [1, 1000000], was 1048576
            cifar10 | { cnn: { channels: [1024], hidden: 8192 } } | s.yaml:3:10: network must fit the images of cifar10: a network has at most 335544320 values, with fc1.weight it would have more
            cifar10 | { vit: { width: 64 } }            | s.yaml:3:17: network.vit must have a width that is a multiple of its heads, had 64 and 3
            cifar10 | { vit: { patch: 5 } }             | s.yaml:3:10: network must fit the images of cifar10: the image's sides must be multiples of the patch, was 3×32×32 for 5
            cifar10 | { vit: { patch: 4 }, cnn: {} }    | s.yaml:3:10: network must have one key, mlp, vgg16, resnet20, cnn or vit, had 2
            cifar10 | resnet20                          | s.yaml:3:10: network must be a mapping, was 'resnet20'
            """)
    void a_network_that_cannot_be_made_is_refused_in_its_line(String dataset, String network, String message) {
        assertThat(refusal(text(dataset, network, ""))).isEqualTo(message);
    }

    @Test
    void a_batch_that_needs_more_than_two_gib_is_refused_with_the_largest_that_does_not() {
        String text = text("cifar10", "{ resnet20: { width: 32 } }", "").replace("batch: 50", "batch: 500");

        assertThat(refusal(text))
                .startsWith("s.yaml:7:10: training.batch must be at most ")
                .contains("or resnet20-ln-32 needs more than 2 GiB, was 500");
    }

    @Test
    void a_default_batch_that_is_too_large_is_refused_too() {
        String text = text("cifar10", "{ resnet20: { width: 32 } }", "").replace("  batch: 50\n", "");

        assertThat(refusal(text))
                .contains("training must give a batch of at most ")
                .contains("the default is 500");
    }

    @Test
    void a_factor_varies_a_network() {
        Study study = StudyFile.read(
                text("cifar10", "{ resnet20: {} }", "factors: { network.resnet20.width: [1, 2, 4] }"), "s.yaml");

        assertThat(study.arms().stream().map(Arm::name)).containsExactly("main", "width=2", "width=4");
        assertThat(study.arms().stream().map(arm -> arm.network().label()))
                .containsExactly("resnet20-ln-1", "resnet20-ln-2", "resnet20-ln-4");
    }

    @Test
    void bounds_and_controls_of_perceptrons_are_refused_with_the_reason() {
        assertThat(refusal(text("cifar10", "{ cnn: {} }", "evaluate: { lipschitz: { bounds: [local] } }")))
                .isEqualTo("s.yaml:10:34: evaluate.lipschitz.bounds must be spectral alone for cnn-32-64-128-256:"
                        + " local and sampled bounds are made for perceptrons, which are linear between rectifiers");
        assertThat(refusal(text("cifar10", "{ cnn: {} }", "controls: [norm-rescaled]")))
                .isEqualTo("s.yaml:10:12: controls[0] must have perceptrons, whose rectifiers let the factors of their"
                        + " layers through: norm-rescaled is not defined for cnn-32-64-128-256");
    }

    @Test
    void of_other_networks_the_default_bound_is_the_spectral_one() {
        Study study = StudyFile.read(text("cifar10", "{ cnn: {} }", "evaluate: { lipschitz: {} }"), "s.yaml");

        assertThat(study.arms().get(0).evaluate()).hasSize(1);
    }
}

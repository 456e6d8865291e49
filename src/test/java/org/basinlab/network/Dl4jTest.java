package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.ResNet20;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Vgg16;
import org.basinlab.recipe.Vit;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Our reader and writer of archives against Deeplearning4j itself. */
class Dl4jTest {

    private static final int IMAGES = 3;

    static Stream<Architecture> architectures() {
        return Stream.of(
                new Architecture.Mlp(12, List.of(7, 5), 4),
                new Cnn(new Extent(3, 12, 8), List.of(4, 6), 7, Norm.NONE, 10),
                new Cnn(new Extent(1, 28, 28), List.of(3, 4, 5), 6, Norm.BATCH, 10),
                new Vgg16(new Extent(3, 32, 32), 1.0 / 16, Norm.BATCH, 0, 10),
                new Vgg16(new Extent(3, 32, 32), 1.0 / 16, Norm.NONE, 2, 10));
    }

    private static double[] images(Architecture architecture) {
        RandomGenerator random = Seeds.generator(5);
        double[] images = new double[IMAGES * architecture.inputs()];
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) random.nextGaussian();
        }
        return images;
    }

    private static double[] ours(Weights weights) {
        Architecture architecture = weights.architecture();
        Graph graph = architecture.graph();
        double[] logits = ReferencePass.run(
                graph, weights.copy(), images(architecture), IMAGES, ReferencePass.Statistics.RUNNING)[graph.logits()];
        int classes = architecture.classes();
        for (int image = 0; image < IMAGES; image++) {
            double sum = 0;
            for (int i = image * classes; i < (image + 1) * classes; i++) {
                logits[i] = Math.exp(logits[i]);
                sum += logits[i];
            }
            for (int i = image * classes; i < (image + 1) * classes; i++) {
                logits[i] /= sum;
            }
        }
        return logits;
    }

    private static double[] theirs(MultiLayerNetwork network, Architecture architecture) {
        INDArray rows = Nd4j.create(images(architecture), new long[] {IMAGES, architecture.inputs()}, 'c')
                .castTo(DataType.FLOAT);
        return network.output(rows).dup('c').data().asDouble();
    }

    private static void requireSame(MultiLayerNetwork network, Weights weights) {
        double[] expected = theirs(network, weights.architecture());
        double[] found = ours(weights);
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).isCloseTo(expected[i], within(2e-6));
        }
        assertThat(Arrays.stream(found).distinct().count()).isGreaterThan(IMAGES); // they say something
    }

    private static byte[] saved(MultiLayerNetwork network) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, bytes, true);
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void deeplearning4j_restores_what_was_written_and_answers_alike(Architecture architecture) throws IOException {
        Weights weights = GraphWeights.random(architecture, 3);

        byte[] archive = Dl4j.write(weights, Map.of("provenance", "ä"));

        MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(archive));
        requireSame(restored, weights);
        Dl4jFile read = Dl4j.read(archive);
        assertThat(read.weights().architecture()).isEqualTo(architecture);
        assertThat(read.weights().copy()).containsExactly(weights.copy());
        assertThat(read.metadata()).isEqualTo(Map.of("provenance", "ä"));
        assertThat(Dl4j.write(weights, Map.of("provenance", "ä"))).isEqualTo(archive);
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void what_deeplearning4j_saves_again_is_read_back(Architecture architecture) throws IOException {
        Weights weights = GraphWeights.random(architecture, 4);
        byte[] archive = Dl4j.write(weights, Map.of());
        MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(archive));

        Dl4jFile read = Dl4j.read(saved(restored));

        assertThat(read.weights().architecture()).isEqualTo(architecture);
        assertThat(read.weights().copy()).containsExactly(weights.copy());
    }

    @Test
    void a_network_of_deeplearning4j_with_activations_in_its_layers_dropout_and_logarithms_of_deviations_is_read()
            throws IOException {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .activation(Activation.RELU)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .padding(1, 1)
                        .nOut(4)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new BatchNormalization.Builder().build())
                .layer(new ActivationLayer.Builder().build())
                .layer(pool())
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .convolutionMode(ConvolutionMode.Same)
                        .nOut(5)
                        .activation(Activation.IDENTITY)
                        .hasBias(false)
                        .build())
                .layer(new BatchNormalization.Builder(true)
                        .gamma(1.5)
                        .beta(0.25)
                        .build())
                .layer(new ActivationLayer.Builder().build())
                .layer(pool())
                .layer(new DenseLayer.Builder().nOut(6).build())
                .layer(new DropoutLayer.Builder(0.5).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutionalFlat(8, 12, 2))
                .build());
        network.init();
        RandomGenerator random = Seeds.generator(9);
        network.paramTable().forEach((name, values) -> {
            for (long i = 0; i < values.length(); i++) {
                // Zeros in the middle of a network would hide what is left out.
                values.putScalar(i, values.getDouble(i) + random.nextDouble(-0.3, 0.3));
            }
        });

        Weights weights = Dl4j.read(saved(network)).weights();

        assertThat(weights.architecture()).isEqualTo(new Cnn(new Extent(2, 8, 12), List.of(4, 5), 6, Norm.BATCH, 3));
        requireSame(network, weights);
    }

    private static SubsamplingLayer pool() {
        return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX, new int[] {2, 2}, new int[] {2, 2})
                .build();
    }

    @Test
    void networks_that_a_chain_of_layers_cannot_be_are_refused_with_the_reason() {
        Extent image = new Extent(3, 32, 32);

        assertThatThrownBy(() -> Dl4j.requireWritable(new ResNet20(image, 1, Norm.NONE, 3, 10)))
                .isExactlyInstanceOf(Dl4jException.class)
                .hasMessageContaining("the sum of a residual stream");
        assertThatThrownBy(() -> Dl4j.requireWritable(new Cnn(image, List.of(4), 5, Norm.LAYER, 10)))
                .hasMessageContaining("a normalisation by layer");
        assertThatThrownBy(() -> Dl4j.requireWritable(new Vgg16(image, 1, Norm.GROUP, 2, 10)))
                .hasMessageContaining("a normalisation by group");
        assertThatThrownBy(() -> Dl4j.requireWritable(new Vit(image, 4, 24, 1, 3, 10)))
                .isExactlyInstanceOf(Dl4jException.class);
    }

    private static byte[] changed(String from, String to) throws IOException {
        Weights weights = GraphWeights.random(new Cnn(new Extent(3, 12, 8), List.of(4), 7, Norm.BATCH, 10), 3);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(Dl4j.write(weights, Map.of())));
                ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String content = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
                out.putNextEntry(new ZipEntry(entry.getName()));
                out.write(content.replace(from, to).getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void layers_that_are_not_ours_are_refused_with_what_was_found() throws IOException {
        Map<String, String> changes = Map.of(
                "\"kernelSize\":[3,3]", "\"kernelSize\":[5,5]",
                "layers.BatchNormalization", "layers.LSTM",
                "\"poolingType\":\"MAX\"", "\"poolingType\":\"AVG\"",
                "ActivationReLU", "ActivationTanH",
                "ActivationSoftmax", "ActivationSigmoid",
                "\"eps\":1.0E-5", "\"eps\":0.001",
                "\"cnn2dDataFormat\":\"NCHW\"", "\"cnn2dDataFormat\":\"NHWC\"",
                "\"nin\":3", "\"nin\":300000000",
                "FLOAT\"", "FLOAT",
                "\"confs\"", "\"vertices\"");

        for (Map.Entry<String, String> change : changes.entrySet()) {
            byte[] archive = changed(change.getKey(), change.getValue());
            assertThatThrownBy(() -> Dl4j.read(archive))
                    .as(change.toString())
                    .isExactlyInstanceOf(Dl4jException.class)
                    .hasMessageStartingWith("a Deeplearning4j archive must ")
                    .message()
                    .hasSizeLessThan(400)
                    .doesNotContain("\n");
        }
    }

    @Test
    void every_damaged_archive_is_read_or_refused() throws IOException {
        byte[] whole = changed("nothing", "nothing");
        RandomGenerator random = Seeds.generator(11);
        int refused = 0;

        for (int i = 0; i < 300; i++) {
            byte[] mutant = i % 2 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            if (i % 2 == 1) {
                mutant[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                Dl4j.read(mutant);
            } catch (Dl4jException e) {
                refused++;
            }
        }

        assertThat(refused).isGreaterThan(200);
    }

    @Test
    void a_claim_of_many_coefficients_is_refused_before_there_is_memory_for_them() throws IOException {
        String linear = "\"nin\":96,\"nout\":7";
        byte[] archive = changed(linear, "\"nin\":96,\"nout\":8192");

        assertThatThrownBy(() -> Dl4j.read(archive)).isExactlyInstanceOf(Dl4jException.class);
        assertThatThrownBy(() -> Dl4j.read(bomb()))
                .isExactlyInstanceOf(Dl4jException.class)
                .hasMessageContaining("must hold the 33579010 coefficients of its layers, its");
    }

    /** A few kilobytes that say they are a network of 134 MB, all zero. */
    private static byte[] bomb() throws IOException {
        Architecture.Mlp large = new Architecture.Mlp(4_096, List.of(8_192), 2);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry("configuration.json"));
            out.write(Dl4jLayers.of(large).getBytes(StandardCharsets.UTF_8));
        }
        assertThat(bytes.size()).isLessThan(4_096);
        return bytes.toByteArray();
    }
}

package org.basinlab.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.basinlab.assignment.LinearAssignment;
import org.basinlab.dataset.DataSets;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.ArrayExamples;
import org.basinlab.network.Examples;
import org.basinlab.network.GraphPass;
import org.basinlab.network.GraphWeights;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.Matching.Statistic;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Operation;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.ResNet20;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.TensorShape;
import org.basinlab.recipe.Vgg16;
import org.basinlab.recipe.Vit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ActivationMatchingTest {

    private static final Architecture.Mlp SMALL = new Architecture.Mlp(20, List.of(16, 12, 8), 5);

    /** Those of {@link SmallGraphs} and two in the stead of ones whose last units see nothing of the images any more. */
    static Stream<Architecture> networks() {
        return Stream.concat(
                SmallGraphs.all()
                        .filter(network ->
                                !List.of("vgg16-ln-0.0625", "resnet20-bn-1-s1").contains(network.label())),
                Stream.of(
                        new Vgg16(new Extent(3, 32, 32), 1.0 / 16, Norm.LAYER, 0, 10),
                        new ResNet20(new Extent(3, 8, 8), 1, Norm.GROUP, 1, 10)));
    }

    private static Examples images(Architecture architecture, int count) {
        return ArrayExamples.clusters(count, architecture.inputs(), architecture.classes(), 3);
    }

    private static Matching.Activation how(Statistic statistic) {
        return new Matching.Activation(statistic, Optional.empty());
    }

    @ParameterizedTest
    @MethodSource("networks")
    void a_planted_permutation_is_found_exactly(Architecture architecture) {
        Weights a = awake(GraphWeights.random(architecture, 1));
        Weights b = SmallGraphs.shuffled(architecture, 2).apply(a);

        Alignment found =
                ActivationMatching.align(a, b, images(architecture, 16), how(Statistic.PEARSON), Progress.UNWATCHED);

        assertThat(found.l2Before()).isPositive();
        assertThat(found.l2After()).isZero();
        assertThat(found.sweeps()).isEqualTo(1);
    }

    /** With biases so high that few units are silent on all images, which cannot be told apart. */
    private static Weights awake(Weights weights) {
        float[] values = weights.copy();
        for (TensorShape shape : weights.architecture().tensors()) {
            for (int i = 0; shape.name().endsWith("bias") && i < shape.size(); i++) {
                values[shape.offset() + i] += 2;
            }
        }
        return Weights.owning(weights.architecture(), values);
    }

    /** Of a perceptron: every layer's rectified outputs by plain loops in float64 over all images. */
    @ParameterizedTest
    @EnumSource(Statistic.class)
    void agrees_with_plain_sums_over_all_images(Statistic statistic) {
        Weights a = GraphWeights.random(SMALL, 4);
        Weights b = GraphWeights.random(SMALL, 5);
        Examples images = images(SMALL, 1300);

        Alignment found = ActivationMatching.align(a, b, images, how(statistic), Progress.UNWATCHED);

        double similarity = 0;
        int layer = 0;
        for (int node : List.of(2, 4, 6)) {
            double[][] ofA = outputs(a, node, images);
            double[][] gains = plainGains(ofA, outputs(b, node, images), statistic);
            int[] wanted = LinearAssignment.maximise(gains).columnOfRow();
            for (int i = 0; i < wanted.length; i++) {
                similarity += gains[i][wanted[i]];
            }
            assertThat(found.permutations().get("P_" + layer++)).isEqualTo(wanted);
        }
        assertThat(found.objective()).isCloseTo(similarity, within(1e-9));
    }

    private static double[][] outputs(Weights weights, int node, Examples images) {
        Graph graph = weights.architecture().graph();
        assertThat(graph.node(node).operation()).isInstanceOf(Operation.Activate.class);
        int[] order = new int[images.count()];
        Arrays.setAll(order, i -> i);
        double[][] rows = new double[order.length][graph.node(node).output().channels()];
        try (GraphPass pass = new GraphPass(graph, Set.of(node), order.length)) {
            pass.load(weights.copy());
            images.fill(order, 0, order.length, pass.inputs(order.length));
            pass.run(order.length);
            FloatBuffer output = pass.output(node, order.length);
            for (double[] row : rows) {
                for (int i = 0; i < row.length; i++) {
                    row[i] = output.get();
                }
            }
        }
        return rows;
    }

    private static double[][] plainGains(double[][] a, double[][] b, Statistic statistic) {
        int n = a[0].length;
        double[][] gains = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double[] x = column(a, i);
                double[] y = column(b, j);
                if (statistic == Statistic.CROSS_MOMENT) {
                    gains[i][j] = product(x, y) / a.length;
                } else {
                    double[] dx = centred(x);
                    double[] dy = centred(y);
                    double spreads = Math.sqrt(product(dx, dx) * product(dy, dy));
                    gains[i][j] = spreads > 1e-12 ? product(dx, dy) / spreads : 0;
                }
            }
        }
        return gains;
    }

    private static double[] column(double[][] rows, int column) {
        return Arrays.stream(rows).mapToDouble(row -> row[column]).toArray();
    }

    private static double[] centred(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values).map(value -> value - mean).toArray();
    }

    private static double product(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    /** Beside a mean of 4,096 a float has 1/2,048 left; squares of such numbers would have nothing left in float32. */
    @Test
    void a_correlation_is_right_where_means_are_large_beside_the_deviations() {
        int samples = 3000;
        RandomGenerator random = Seeds.generator(1);
        float[] a = new float[samples * 3];
        float[] b = new float[samples * 3];
        for (int i = 0; i < samples; i++) {
            for (int c = 0; c < 2; c++) {
                a[3 * i + c] = 4096 + (float) random.nextGaussian();
                b[3 * i + c] = 4096 + (float) (0.6 * (a[3 * i + c] - 4096) + 0.8 * random.nextGaussian());
            }
            a[3 * i + 2] = 0.1f;
            b[3 * i + 2] = 0;
        }
        double[][] wanted = plainGains(rows(a), rows(b), Statistic.PEARSON);

        double[] found;
        try (Gemm gemm = new Gemm(Comoments.CHUNK * 3, 1);
                Comoments comoments = new Comoments(3, gemm)) {
            comoments.add(
                    FloatBuffer.wrap(a, 0, 2100).slice(),
                    FloatBuffer.wrap(b, 0, 2100).slice(),
                    700);
            comoments.add(
                    FloatBuffer.wrap(a, 2100, 6900).slice(),
                    FloatBuffer.wrap(b, 2100, 6900).slice(),
                    2300);
            found = comoments.gains(Statistic.PEARSON);
        }

        assertThat(found[0]).isCloseTo(wanted[0][0], within(1e-9)).isBetween(0.55, 0.65);
        assertThat(found[4]).isCloseTo(wanted[1][1], within(1e-9));
        assertThat(found[1]).isCloseTo(wanted[0][1], within(1e-9));
        assertThat(new double[] {found[2], found[5], found[6], found[7], found[8]})
                .containsOnly(0);
    }

    private static double[][] rows(float[] values) {
        double[][] rows = new double[values.length / 3][3];
        for (int i = 0; i < values.length; i++) {
            rows[i / 3][i % 3] = values[i];
        }
        return rows;
    }

    @Test
    void dead_units_take_what_the_others_leave() {
        float[] values = GraphWeights.random(SMALL, 1).copy();
        int bias = SMALL.tensors().get(1).offset();
        for (int unit : new int[] {3, 7, 11}) {
            values[bias + unit] = -1000;
        }
        Weights a = Weights.owning(SMALL, values);
        Weights b = SmallGraphs.shuffled(SMALL, 2).apply(a);

        for (Statistic statistic : Statistic.values()) {
            Alignment found = ActivationMatching.align(a, b, images(SMALL, 300), how(statistic), Progress.UNWATCHED);

            float[] aligned =
                    found.permutations().apply(b).tensor(SMALL.tensors().get(1));
            assertThat(List.of(aligned[3], aligned[7], aligned[11])).containsOnly(-1000f);
        }
    }

    @Test
    void a_residual_stream_is_seen_after_every_block_and_a_head_where_it_comes_out() {
        ResNet20 resnet = new ResNet20(new Extent(3, 8, 8), 1, Norm.LAYER, 3, 10);
        Vit vit = new Vit(new Extent(3, 8, 8), 4, 15, 2, 3, 10);

        assertThat(ObservedNodes.of(resnet.graph()).get("P_conv1")).hasSize(4);
        assertThat(ObservedNodes.of(resnet.graph()).get("P_layer1.0.conv1")).hasSize(1);
        assertThat(kinds(resnet)).containsOnly(Operation.Activate.class);
        assertThat(kinds(vit))
                .containsOnly(Operation.Activate.class, Operation.Normalise.class, Operation.Attention.class);
    }

    private static List<Class<?>> kinds(Architecture architecture) {
        Graph graph = architecture.graph();
        List<Class<?>> kinds = new ArrayList<>();
        ObservedNodes.of(graph)
                .values()
                .forEach(nodes -> nodes.forEach(
                        node -> kinds.add(graph.node(node.node()).operation().getClass())));
        return kinds;
    }

    @Test
    void only_the_first_images_are_seen_where_so_many_are_wanted() {
        Weights a = GraphWeights.random(SMALL, 4);
        Weights b = GraphWeights.random(SMALL, 5);
        Examples images = images(SMALL, 200);
        Matching.Activation forty = new Matching.Activation(Statistic.PEARSON, Optional.of(40));

        Alignment found = ActivationMatching.align(a, b, images, forty, Progress.UNWATCHED);
        Alignment first =
                ActivationMatching.align(a, b, new Stretch(images, 0, 40), how(Statistic.PEARSON), Progress.UNWATCHED);

        assertThat(found.objective()).isEqualTo(first.objective());
        assertThat(found.permutations()).isEqualTo(first.permutations());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ActivationMatching.align(a, b, new Stretch(images, 0, 39), forty, Progress.UNWATCHED))
                .withMessage("activation matching was to see 40 images, needs at least 2 and at most all 39");
    }

    @Test
    @Tag("real-data")
    void permutations_of_the_reference_on_cifar_10_agree() {
        Examples images = cifar10();
        Weights a = ReferenceNetworks.read("seed0");
        Weights b = ReferenceNetworks.read("seed1");

        Alignment raw = ActivationMatching.align(a, b, images, how(Statistic.CROSS_MOMENT), Progress.UNWATCHED);
        Alignment pearson = ActivationMatching.align(a, b, images, how(Statistic.PEARSON), Progress.UNWATCHED);

        assertAgrees(raw, "activation_matching_first_10000_train_raw_inner_product");
        assertAgrees(pearson, "activation_matching_first_10000_train_correlation");
    }

    private static void assertAgrees(Alignment found, String name) {
        JsonNode expected = ReferenceNetworks.expected().get(name).get("permutations");
        for (int layer = 0; layer < expected.size(); layer++) {
            int[] wanted = new int[expected.get(layer).size()];
            for (int i = 0; i < wanted.length; i++) {
                wanted[i] = expected.get(layer).get(i).intValue();
            }
            assertThat(found.permutations().get("P_" + layer)).isEqualTo(wanted);
        }
    }

    private static Examples cifar10() {
        Optional<Path> folder = Stream.of(
                        Optional.ofNullable(System.getenv("BASINLAB_DATA_DIR")), Optional.of("../shared/data"))
                .flatMap(Optional::stream)
                .map(Path::of)
                .filter(place -> Files.isDirectory(place.resolve("cifar-10-batches-bin")))
                .findFirst();
        assumeTrue(folder.isPresent(), "no CIFAR-10: set BASINLAB_DATA_DIR to the folder of cifar-10-batches-bin");
        return NormalisedImages.of(
                new DataSets(List.of(folder.orElseThrow()))
                        .open(KnownDataset.CIFAR10)
                        .split(Split.TRAIN),
                DataSets.standardNormalisation(KnownDataset.CIFAR10),
                Optional.of(10_000));
    }
}

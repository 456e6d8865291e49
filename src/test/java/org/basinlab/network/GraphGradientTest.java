package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Operation;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.ResNet20;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.TensorShape;
import org.basinlab.recipe.Vgg16;
import org.basinlab.recipe.Vit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients against finite differences of plain loops in float64. */
class GraphGradientTest {

    private static final int IMAGES = 4;
    private static final double STEP = 1e-5;
    /** Values of a tensor that are looked at. */
    private static final int SAMPLES = 2;
    /** Of the largest gradient of a tensor, and of the whole network: some are nothing but rounding. */
    private static final double ROUNDING = 2e-3;

    private static final double ROUNDING_OF_ALL = 2e-5;
    /** Between a rectifier's input and 0. */
    private static final double MARGIN = 1e-5;

    static Stream<Architecture> networks() {
        return Stream.concat(
                Stream.of(Norm.values())
                        .flatMap(norm -> Stream.of(
                                new Vgg16(new Extent(2, 32, 32), 1.0 / 16, norm, 1, 5),
                                new ResNet20(new Extent(3, 9, 8), 1, norm, 3, 5),
                                new ResNet20(new Extent(1, 7, 5), 2, norm, 1, 5),
                                new Cnn(new Extent(3, 13, 8), List.of(4, 17), 7, norm, 5))),
                Stream.of(
                        new Vit(new Extent(3, 8, 8), 4, 12, 2, 3, 5),
                        new Vit(new Extent(2, 6, 4), 2, 10, 2, 1, 5)));
    }

    private static double loss(double[] logits, int[] labels) {
        double sum = 0;
        int classes = logits.length / labels.length;
        for (int image = 0; image < labels.length; image++) {
            double total = 0;
            for (int c = 0; c < classes; c++) {
                total += Math.exp(logits[image * classes + c]);
            }
            sum += Math.log(total) - logits[image * classes + labels[image]];
        }
        return sum / labels.length;
    }

    /**
     * Inputs at which no rectifier stands so near to its edge that rounding takes it to the other side: a slope would change at once
     * then.
     */
    private static double[] steadyInputs(Graph graph, float[] weights, ReferencePass.Statistics statistics) {
        for (long seed = 2; ; seed++) {
            double[] inputs = GraphNetworkTest.gaussian(IMAGES * graph.input().size(), seed);
            double[][] outputs = ReferencePass.run(graph, weights, inputs, IMAGES, statistics);
            double nearest = graph.nodes().stream()
                    .filter(node -> node.operation() instanceof Operation.Activate)
                    .flatMapToDouble(node -> Arrays.stream(outputs[node.input()]))
                    .map(Math::abs)
                    .min()
                    .orElse(1);
            if (nearest > MARGIN) {
                return inputs;
            }
        }
    }

    private static void fill(FloatBuffer batch, double[] inputs) {
        for (int i = 0; i < inputs.length; i++) {
            batch.put(i, (float) inputs[i]);
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void the_gradient_by_every_tensor_is_the_slope_of_the_loss(Architecture architecture) {
        Graph graph = architecture.graph();
        float[] weights = GraphWeights.random(architecture, 1).copy();
        double[] inputs = steadyInputs(graph, weights, ReferencePass.Statistics.BATCH);
        int[] labels = IntStream.range(0, IMAGES).map(i -> i % 5).toArray();
        try (GraphNetwork network = new GraphNetwork(graph, Set.of(), IMAGES);
                GraphLearning learning = new GraphLearning(
                        network, IMAGES, UpdateRule.of(new Optimiser.Sgd(1, 0), Optional.empty(), weights.length))) {
            network.load(FloatBuffer.wrap(weights));
            fill(network.inputs(IMAGES), inputs);

            learning.step(labels, IMAGES, 0);

            FloatBuffer gradient = learning.gradient();
            RandomGenerator random = Seeds.generator(3);
            double largest = largest(gradient, 0, weights.length);
            for (TensorShape tensor : architecture.tensors()) {
                if (!tensor.isParameter()) {
                    assertThat(largest(gradient, tensor.offset(), tensor.size())).isZero();
                    continue;
                }
                double allowed = ROUNDING * largest(gradient, tensor.offset(), tensor.size()) + ROUNDING_OF_ALL * largest;
                for (int sample = 0; sample < SAMPLES; sample++) {
                    int place = tensor.offset() + random.nextInt(tensor.size());
                    assertThat((double) gradient.get(place))
                            .as("%s, value %d", tensor.name(), place - tensor.offset())
                            .isCloseTo(slope(graph, weights, place, inputs, labels), within(allowed));
                }
            }
        }
    }

    private static double largest(FloatBuffer values, int offset, int size) {
        double largest = 0;
        for (int i = offset; i < offset + size; i++) {
            largest = Math.max(largest, Math.abs(values.get(i)));
        }
        return largest;
    }

    private static double slope(Graph graph, float[] weights, int place, double[] inputs, int[] labels) {
        float kept = weights[place];
        weights[place] = (float) (kept + STEP);
        double width = weights[place];
        double above = loss(logits(graph, weights, inputs, ReferencePass.Statistics.BATCH), labels);
        weights[place] = (float) (kept - STEP);
        width -= weights[place];
        double below = loss(logits(graph, weights, inputs, ReferencePass.Statistics.BATCH), labels);
        weights[place] = kept;
        return (above - below) / width;
    }

    private static double[] logits(
            Graph graph, float[] weights, double[] inputs, ReferencePass.Statistics statistics) {
        return ReferencePass.run(graph, weights, inputs, IMAGES, statistics)[graph.logits()];
    }

    @ParameterizedTest
    @MethodSource("networks")
    void the_gradient_by_the_inputs_is_the_slope_of_each_logit(Architecture architecture) {
        int classes = architecture.classes();
        Graph graph = architecture.graph();
        Weights weights = GraphWeights.random(architecture, 1);
        double[] inputs = steadyInputs(graph, weights.copy(), ReferencePass.Statistics.RUNNING);
        try (ForwardPass network = ForwardPass.of(weights, IMAGES);
                InputGradients gradients = new InputGradients(network, IMAGES * classes)) {
            fill(network.inputs(IMAGES), inputs);
            network.run(IMAGES);
            FloatBuffer into = gradients.outputGradients(IMAGES, classes);
            for (int i = 0; i < into.limit(); i++) {
                into.put(i, i % classes == i / (IMAGES * classes) ? 1 : 0);
            }

            FloatBuffer found = gradients.run(IMAGES, classes);

            RandomGenerator random = Seeds.generator(5);
            double allowed = ROUNDING * largest(found, 0, found.limit());
            for (int sample = 0; sample < 20; sample++) {
                int place = random.nextInt(inputs.length);
                double[] slopes = slopes(graph, weights.copy(), inputs, place, classes);
                for (int c = 0; c < classes; c++) {
                    assertThat((double) found.get(c * inputs.length + place))
                            .as("input %d, logit %d", place, c)
                            .isCloseTo(slopes[c], within(allowed));
                }
            }
        }
    }

    /** Of all logits of the image that an input belongs to. */
    private static double[] slopes(Graph graph, float[] weights, double[] inputs, int place, int classes) {
        double kept = inputs[place];
        inputs[place] = kept + STEP;
        double[] above = logits(graph, weights, inputs, ReferencePass.Statistics.RUNNING);
        inputs[place] = kept - STEP;
        double[] below = logits(graph, weights, inputs, ReferencePass.Statistics.RUNNING);
        inputs[place] = kept;
        int image = place / graph.input().size();
        return IntStream.range(image * classes, (image + 1) * classes)
                .mapToDouble(i -> (above[i] - below[i]) / (2 * STEP))
                .toArray();
    }

    static Stream<Architecture> counting() {
        return networks().filter(architecture -> architecture.graph().nodes().stream()
                .anyMatch(node -> node.operation() instanceof Operation.Normalise normalise
                        && normalise.norm() == Norm.BATCH));
    }

    @ParameterizedTest
    @MethodSource("counting")
    void a_step_moves_running_statistics_a_tenth_of_the_way_to_the_batchs(Architecture architecture) {
        Graph graph = architecture.graph();
        float[] before = GraphWeights.random(architecture, 1).copy();
        float[] after = before.clone();
        double[] inputs = GraphNetworkTest.gaussian(IMAGES * architecture.inputs(), 2);
        double[][] outputs = ReferencePass.run(graph, before, inputs, IMAGES, ReferencePass.Statistics.BATCH);
        try (GraphNetwork network = new GraphNetwork(graph, Set.of(), IMAGES);
                Learning learning = network.learning(IMAGES, new Optimiser.Sgd(1, 0), Optional.empty())) {
            network.load(FloatBuffer.wrap(before));
            fill(network.inputs(IMAGES), inputs);

            learning.step(new int[IMAGES], IMAGES, 0.1);

            network.read(after);
            for (Graph.Node node : graph.nodes()) {
                if (node.operation() instanceof Operation.Normalise normalise) {
                    requireCounted(normalise.running().orElseThrow(), node, outputs[node.input()], before, after);
                }
            }
        }
    }

    private static void requireCounted(
            Operation.Running running, Graph.Node node, double[] values, float[] before, float[] after) {
        int positions = node.output().positions();
        int channels = node.output().channels();
        for (int c = 0; c < channels; c++) {
            int channel = c;
            double[] ofChannel = IntStream.range(0, values.length)
                    .filter(i -> i / positions % channels == channel)
                    .mapToDouble(i -> values[i])
                    .toArray();
            double mean = IntStream.range(0, ofChannel.length).mapToDouble(i -> ofChannel[i]).average().orElseThrow();
            double squares = IntStream.range(0, ofChannel.length)
                    .mapToDouble(i -> (ofChannel[i] - mean) * (ofChannel[i] - mean))
                    .sum();
            double variance = squares / (ofChannel.length - 1);
            assertThat((double) after[running.mean().offset() + c])
                    .isCloseTo(0.9 * before[running.mean().offset() + c] + 0.1 * mean, within(1e-5));
            assertThat((double) after[running.variance().offset() + c])
                    .isCloseTo(
                            0.9 * before[running.variance().offset() + c] + 0.1 * variance,
                            within(1e-5 * (1 + variance)));
        }
    }
}

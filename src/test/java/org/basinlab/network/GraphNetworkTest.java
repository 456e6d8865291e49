package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.ResNet20;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Vgg16;
import org.basinlab.recipe.Vit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class GraphNetworkTest {

    private static final int IMAGES = 5;
    /** Of the largest value of a node: float32 against float64 through up to sixty operations, some ill-conditioned. */
    private static final double ROUNDING = 1e-4;

    static Stream<Architecture> networks() {
        return Stream.concat(
                Stream.of(Norm.values())
                        .flatMap(norm -> Stream.of(
                                new Vgg16(new Extent(3, 64, 32), 1.0 / 16, norm, 0, 10),
                                new Vgg16(new Extent(1, 32, 32), 1.0 / 4, norm, 2, 10),
                                new ResNet20(new Extent(3, 9, 8), 1, norm, 3, 10),
                                new ResNet20(new Extent(1, 11, 13), 2, norm, 1, 7),
                                new Cnn(new Extent(3, 13, 8), List.of(4, 17), 7, norm, 10))),
                Stream.of(
                        new Vit(new Extent(3, 8, 8), 4, 12, 2, 3, 10),
                        new Vit(new Extent(3, 12, 8), 2, 64, 1, 2, 10),
                        new Architecture.Mlp(7, List.of(5, 6), 3)));
    }

    static double[] gaussian(int count, long seed) {
        RandomGenerator random = Seeds.generator(seed);
        return IntStream.range(0, count)
                .mapToDouble(i -> (float) random.nextGaussian())
                .toArray();
    }

    private static Set<Integer> all(Graph graph) {
        return IntStream.range(0, graph.size()).boxed().collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("networks")
    void every_node_gives_what_plain_loops_give(Architecture architecture) {
        for (ReferencePass.Statistics statistics : ReferencePass.Statistics.values()) {
            Graph graph = architecture.graph();
            float[] weights = GraphWeights.random(architecture, 1).copy();
            double[] inputs = gaussian(IMAGES * architecture.inputs(), 2);
            double[][] expected = ReferencePass.run(graph, weights, inputs, IMAGES, statistics);
            try (GraphPass pass = new GraphPass(graph, all(graph), IMAGES + 2)) {
                pass.load(weights);
                FloatBuffer batch = pass.inputs(IMAGES);
                for (int i = 0; i < inputs.length; i++) {
                    batch.put(i, (float) inputs[i]);
                }

                if (statistics == ReferencePass.Statistics.BATCH) {
                    pass.runByBatch(IMAGES);
                } else {
                    pass.run(IMAGES);
                }

                for (int node = 0; node < graph.size(); node++) {
                    requireSame(graph, node, pass.output(node, IMAGES), expected[node]);
                }
            }
        }
    }

    private static void requireSame(Graph graph, int node, FloatBuffer found, double[] expected) {
        Extent extent = graph.node(node).output();
        double largest = 0;
        double difference = 0;
        assertThat(found.limit()).isEqualTo(expected.length);
        for (int i = 0; i < expected.length; i++) {
            int image = i / extent.size();
            int channel = i % extent.size() / extent.positions();
            int position = i % extent.positions();
            int place = image * extent.size() + position * extent.channels() + channel;
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(expected[i] - found.get(place)));
        }
        assertThat(difference / largest)
                .as("node %d, %s", node, graph.node(node).operation())
                .isLessThan(ROUNDING);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void logits_depend_on_what_else_is_kept_by_rounding_at_most(Architecture architecture) {
        Graph graph = architecture.graph();
        float[] weights = GraphWeights.random(architecture, 1).copy();
        int images = GraphNetwork.SLICE + 3;
        double[] inputs = gaussian(images * architecture.inputs(), 2);

        FloatBuffer all = logits(graph, all(graph), weights, inputs, images);
        FloatBuffer few = logits(graph, Set.of(), weights, inputs, images);

        assertThat(few.limit()).isEqualTo(all.limit());
        for (int i = 0; i < few.limit(); i++) {
            assertThat(few.get(i)).isCloseTo(all.get(i), within((float) ROUNDING * (1 + Math.abs(all.get(i)))));
        }
    }

    private static FloatBuffer logits(Graph graph, Set<Integer> kept, float[] weights, double[] inputs, int images) {
        try (GraphPass pass = new GraphPass(graph, kept, images)) {
            pass.load(weights);
            FloatBuffer batch = pass.inputs(images);
            for (int i = 0; i < inputs.length; i++) {
                batch.put(i, (float) inputs[i]);
            }
            pass.run(images);
            FloatBuffer copy =
                    FloatBuffer.allocate(pass.output(graph.logits(), images).limit());
            return copy.put(pass.output(graph.logits(), images)).flip();
        }
    }

    @Test
    void weights_that_are_loaded_later_are_the_ones_that_count() {
        Architecture architecture = new ResNet20(new Extent(3, 8, 8), 1, Norm.LAYER, 3, 10);
        Weights first = GraphWeights.random(architecture, 1);
        Weights second = GraphWeights.random(architecture, 2);
        double[] inputs = gaussian(3 * architecture.inputs(), 4);
        try (ForwardPass network = ForwardPass.of(first, 3)) {
            FloatBuffer batch = network.inputs(3);
            for (int i = 0; i < inputs.length; i++) {
                batch.put(i, (float) inputs[i]);
            }
            network.run(3);

            network.load(second);
            network.run(3);

            assertThat(network.snapshot().copy()).isEqualTo(second.copy());
            assertThat(network.logits(3)).isEqualTo(logits(architecture.graph(), Set.of(), second.copy(), inputs, 3));
            assertThat(network.engine().blas()).startsWith("oneDNN 3.");
            assertThat(network.engine().threads()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "ND4J")
    void an_engine_for_perceptrons_refuses_another_network_by_name(EngineKind engine) {
        Architecture architecture = new ResNet20(new Extent(3, 8, 8), 1, Norm.LAYER, 3, 10);

        assertThatThrownBy(() -> Engines.networks(engine, architecture).apply(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("engine nd4j computes perceptrons only: use engine native-blas, on the CPU");
    }

    @Test
    void an_output_that_is_not_kept_is_refused() {
        Graph graph = new Cnn(new Extent(3, 8, 8), List.of(4), 7, Norm.NONE, 10).graph();
        try (GraphPass pass = new GraphPass(graph, Set.of(2), 3)) {
            assertThatThrownBy(() -> pass.output(1, 3))
                    .hasMessageContaining("the output of node 1 is not among those kept, [2]");
        }
    }
}

package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Operation;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.ResNet20;
import org.basinlab.recipe.TensorShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BatchNormStatisticsTest {

    private static final int IMAGES = 12;

    static List<Architecture> normalised() {
        return List.of(
                new Cnn(new Extent(2, 4, 4), List.of(3, 4), 5, Norm.BATCH, 3),
                new ResNet20(new Extent(2, 4, 4), 1, Norm.BATCH, 3, 3));
    }

    private static ArrayExamples images(Architecture architecture, int count) {
        return ArrayExamples.clusters(count, architecture.inputs(), 3, 4);
    }

    @ParameterizedTest
    @MethodSource("normalised")
    void statistics_are_those_of_the_inputs_in_float64(Architecture architecture) {
        Weights weights = GraphWeights.random(architecture, 3);
        ArrayExamples examples = images(architecture, IMAGES);

        Weights found = BatchNormStatistics.estimated(weights, examples, Progress.UNWATCHED);

        Graph graph = architecture.graph();
        double[][] plain = PlainPass.runByBatch(graph, weights.copy(), inputs(examples), IMAGES);
        for (Graph.Node node : graph.nodes()) {
            if (node.operation() instanceof Operation.Normalise normalise) {
                Operation.Running running = normalise.running().orElseThrow();
                for (int c = 0; c < node.output().channels(); c++) {
                    double[] moments = moments(plain[node.input()], c, node.output());
                    assertThat((double) found.at(running.mean().offset() + c)).isCloseTo(moments[0], within(1e-5));
                    assertThat((double) found.at(running.variance().offset() + c))
                            .isCloseTo(moments[1], within(1e-5 * Math.max(1, moments[1])));
                }
            }
        }
    }

    @Test
    void only_buffers_change() {
        Architecture architecture = normalised().get(0);
        Weights weights = GraphWeights.random(architecture, 3);

        Weights found = BatchNormStatistics.estimated(weights, images(architecture, IMAGES), Progress.UNWATCHED);

        for (TensorShape tensor : architecture.tensors()) {
            if (tensor.isParameter()) {
                assertThat(found.tensor(tensor)).isEqualTo(weights.tensor(tensor));
            } else {
                assertThat(found.tensor(tensor)).isNotEqualTo(weights.tensor(tensor));
            }
        }
        assertThat(BatchNormStatistics.estimated(found, images(architecture, IMAGES), Progress.UNWATCHED)
                        .copy())
                .as("what a batch gives does not depend on the running ones")
                .isEqualTo(found.copy());
    }

    @Test
    void a_network_without_them_stays_as_it_is() {
        Weights weights = GraphWeights.random(new Cnn(new Extent(2, 4, 4), List.of(3), 5, Norm.LAYER, 3), 1);

        assertThat(BatchNormStatistics.estimated(weights, images(weights.architecture(), 1), Progress.UNWATCHED))
                .isSameAs(weights);
    }

    @Test
    void one_image_is_too_few() {
        Weights weights = GraphWeights.random(normalised().get(0), 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        BatchNormStatistics.estimated(weights, images(weights.architecture(), 1), Progress.UNWATCHED))
                .withMessage("means and variances of hidden units need at least 2 images, there is 1");
    }

    private static double[] inputs(ArrayExamples examples) {
        double[] inputs = new double[examples.count() * examples.inputs()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = examples.inputsOf(i / examples.inputs())[i % examples.inputs()];
        }
        return inputs;
    }

    /** Mean and unbiased variance of a channel. */
    private static double[] moments(double[] values, int channel, Extent extent) {
        int count = IMAGES * extent.positions();
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            int place = i / extent.positions() * extent.size() + channel * extent.positions() + i % extent.positions();
            sum += values[place];
            squares += values[place] * values[place];
        }
        double mean = sum / count;
        return new double[] {mean, (squares - count * mean * mean) / (count - 1)};
    }
}

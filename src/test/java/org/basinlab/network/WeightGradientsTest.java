package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.TensorShape;
import org.junit.jupiter.api.Test;

class WeightGradientsTest {

    private static final Architecture.Mlp SMALL = new Architecture.Mlp(7, List.of(9, 6), 4);

    @Test
    void they_are_the_differences_of_the_loss() {
        Weights weights = GraphWeights.random(SMALL, 1);
        ArrayExamples examples = ArrayExamples.clusters(12, 7, 4, 2);
        int[] order = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

        float[] gradient;
        try (WeightGradients gradients = new WeightGradients(SMALL, 12)) {
            gradients.at(GraphWeights.random(SMALL, 8), examples, order, 0, 5); // leaves nothing behind
            gradient = gradients.at(weights, examples, order, 0, 12);
        }

        for (int i = 0; i < gradient.length; i++) {
            double difference = (loss(weights, i, 1e-3f, examples) - loss(weights, i, -1e-3f, examples)) / 2e-3;
            assertThat((double) gradient[i]).as("weight %d", i).isCloseTo(difference, within(1e-3));
        }
        assertThat(gradient).hasSize(SMALL.parameterCount());
    }

    @Test
    void of_a_network_with_buffers_they_are_those_of_its_training_and_nothing_for_the_buffers() {
        Cnn cnn = new Cnn(new Extent(2, 8, 8), List.of(4, 5), 6, Norm.BATCH, 3);
        Weights weights = GraphWeights.random(cnn, 1);
        ArrayExamples examples = ArrayExamples.clusters(10, cnn.inputs(), 3, 2);
        int[] order = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

        float[] gradient;
        try (WeightGradients gradients = new WeightGradients(cnn, 10)) {
            gradient = gradients.at(weights, examples, order, 0, 10);
        }

        for (TensorShape shape : cnn.tensors()) {
            int i = shape.offset() + shape.size() / 2;
            double wanted = shape.isParameter()
                    ? (lossByBatch(weights, i, 1e-3f, examples) - lossByBatch(weights, i, -1e-3f, examples)) / 2e-3
                    : 0;
            assertThat((double) gradient[i]).as(shape.name()).isCloseTo(wanted, within(2e-3));
        }
    }

    private static double lossByBatch(Weights weights, int index, float step, Examples examples) {
        float[] values = weights.copy();
        values[index] += step;
        Graph graph = weights.architecture().graph();
        int count = examples.count();
        double[] inputs = new double[count * graph.input().size()];
        int[] labels = new int[count];
        FloatBuffer batch = FloatBuffer.allocate(inputs.length);
        for (int i = 0; i < count; i++) {
            labels[i] = examples.label(i);
            examples.fill(new int[] {i}, 0, 1, batch);
        }
        Arrays.setAll(inputs, i -> batch.get(i));
        double[] logits =
                ReferencePass.run(graph, values, inputs, count, ReferencePass.Statistics.BATCH)[graph.logits()];
        double sum = 0;
        int classes = weights.architecture().classes();
        for (int i = 0; i < count; i++) {
            double exponentials = 0;
            for (int c = 0; c < classes; c++) {
                exponentials += Math.exp(logits[i * classes + c]);
            }
            sum += Math.log(exponentials) - logits[i * classes + labels[i]];
        }
        return sum / count;
    }

    private static double loss(Weights weights, int index, float step, Examples examples) {
        float[] values = weights.copy();
        values[index] += step;
        try (ForwardPass pass = ForwardPass.of(Weights.owning(SMALL, values), examples.count())) {
            return Tally.over(pass, examples, Progress.UNWATCHED).lossSum() / examples.count();
        }
    }
}

package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Progress;
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

    private static double loss(Weights weights, int index, float step, Examples examples) {
        float[] values = weights.copy();
        values[index] += step;
        try (ForwardPass pass = ForwardPass.of(Weights.owning(SMALL, values), examples.count())) {
            return Tally.over(pass, examples, Progress.UNWATCHED).lossSum() / examples.count();
        }
    }
}

package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.basinlab.recipe.Architecture;
import org.junit.jupiter.api.Test;

class BackwardPassTest {

    private static final Architecture.Mlp NETWORK = new Architecture.Mlp(13, List.of(11, 7, 5), 4);
    /** Float32 rounding of gradients that are of the order of 0.1. */
    private static final double ROUNDING = 1e-6;

    private final ArrayExamples examples = ArrayExamples.clusters(37, 13, 4, 5);
    private final Weights weights = Initialisation.pytorchLinear(NETWORK, 3);

    private float[] gradient(int[] order, int from, int images) {
        try (ForwardPass forward = ForwardPass.of(weights, 40);
                BackwardPass backward = new BackwardPass(forward, 40)) {
            forward.take(examples, order, from, images);
            forward.run(images);
            backward.run(images);
            float[] gradient = new float[weights.size()];
            backward.gradient().get(gradient);
            return gradient;
        }
    }

    private int[] inOrder() {
        return IntStream.range(0, examples.count()).toArray();
    }

    @Test
    void the_gradient_is_the_slope_of_the_loss_by_every_weight() {
        ReferenceMlp reference = new ReferenceMlp(weights);
        double step = 1e-5;

        float[] gradient = gradient(inOrder(), 0, 37);

        for (int i = 0; i < gradient.length; i++) {
            double kept = reference.theta()[i];
            reference.theta()[i] = kept + step;
            double above = reference.loss(examples);
            reference.theta()[i] = kept - step;
            double below = reference.loss(examples);
            reference.theta()[i] = kept;
            assertThat((double) gradient[i])
                    .as("gradient[%d]", i)
                    .isCloseTo((above - below) / (2 * step), within(ROUNDING));
        }
    }

    @Test
    void a_smaller_batch_from_the_middle_has_its_own_gradient() {
        double[] expected = new double[weights.size()];
        new ReferenceMlp(weights).lossAndGradient(examples, inOrder(), 9, 17, expected);

        float[] gradient = gradient(inOrder(), 9, 17);

        for (int i = 0; i < gradient.length; i++) {
            assertThat((double) gradient[i]).as("gradient[%d]", i).isCloseTo(expected[i], within(ROUNDING));
        }
    }

    @Test
    void a_gradient_replaces_the_one_before() {
        try (ForwardPass forward = ForwardPass.of(weights, 40);
                BackwardPass backward = new BackwardPass(forward, 40)) {
            float[] first = new float[weights.size()];
            float[] second = new float[weights.size()];
            forward.take(examples, inOrder(), 0, 37);
            forward.run(37);

            backward.run(37);
            backward.gradient().get(first);
            backward.run(37);
            backward.gradient().get(second);

            assertThat(second).containsExactly(first);
        }
    }

    @Test
    void a_batch_above_its_memory_is_refused() {
        try (ForwardPass forward = ForwardPass.of(weights, 40);
                BackwardPass backward = new BackwardPass(forward, 10)) {
            assertThatThrownBy(() -> backward.run(11)).hasMessage("a batch must have 1 to 10 images, had 11");
        }
    }
}

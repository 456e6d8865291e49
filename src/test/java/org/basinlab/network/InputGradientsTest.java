package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.basinlab.recipe.Architecture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputGradientsTest {

    private static final int INPUTS = 13;
    private static final int CLASSES = 4;
    private static final int IMAGES = 9;
    private static final Architecture.Mlp NETWORK = new Architecture.Mlp(INPUTS, List.of(11, 7), CLASSES);
    private static final double STEP = 1e-5;
    /** Float32 inputs in the differences, and float32 gradients. */
    private static final double ROUNDING = 1e-4;

    private final ArrayExamples examples = ArrayExamples.clusters(IMAGES, INPUTS, CLASSES, 5);
    private final Weights weights = Initialisation.pytorch(NETWORK, 3);
    private final ReferenceMlp reference = new ReferenceMlp(weights);
    private final int[] inOrder = IntStream.range(0, IMAGES).toArray();
    private final int[] labels = IntStream.range(0, IMAGES).map(examples::label).toArray();

    private ForwardPass run(EngineKind engine) {
        ForwardPass network = Engines.networks(engine, NETWORK).apply(IMAGES);
        network.load(weights);
        network.take(examples, inOrder, 0, IMAGES);
        network.run(IMAGES);
        return network;
    }

    private double loss(int image) {
        double[] gradient = new double[weights.size()];
        return reference.lossAndGradient(examples, new int[] {image}, 0, 1, gradient);
    }

    @ParameterizedTest
    @EnumSource
    void the_gradient_of_an_images_loss_is_its_slope_by_every_input_but_for_its_length(EngineKind engine) {
        try (ForwardPass network = run(engine);
                InputGradients gradients = new InputGradients(network, IMAGES)) {
            FloatBuffer found = gradients.ofLoss(labels, IMAGES);

            for (int image = 0; image < IMAGES; image++) {
                float[] inputs = examples.inputsOf(image);
                double others = -Math.expm1(-loss(image));
                double factor = Math.scalb(1.0, -Math.getExponent(others));
                for (int j = 0; j < INPUTS; j++) {
                    float kept = inputs[j];
                    inputs[j] = (float) (kept + STEP);
                    double above = loss(image);
                    double width = inputs[j];
                    inputs[j] = (float) (kept - STEP);
                    width -= inputs[j];
                    double below = loss(image);
                    inputs[j] = kept;
                    assertThat(found.get(image * INPUTS + j) / factor)
                            .as("image %d, input %d", image, j)
                            .isCloseTo((above - below) / width, within(ROUNDING));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void every_block_has_the_slopes_of_its_own_logit(EngineKind engine) {
        try (ForwardPass network = run(engine);
                InputGradients gradients = new InputGradients(network, IMAGES * CLASSES)) {
            FloatBuffer into = gradients.outputGradients(IMAGES, CLASSES);
            for (int block = 0; block < CLASSES; block++) {
                for (int value = 0; value < IMAGES * CLASSES; value++) {
                    into.put(block * IMAGES * CLASSES + value, value % CLASSES == block ? 1 : 0);
                }
            }

            FloatBuffer found = gradients.run(IMAGES, CLASSES);

            for (int row = 0; row < IMAGES * CLASSES; row++) {
                float[] inputs = examples.inputsOf(row % IMAGES);
                for (int j = 0; j < INPUTS; j++) {
                    float kept = inputs[j];
                    inputs[j] = (float) (kept + STEP);
                    double width = inputs[j];
                    double above = reference.logits(examples, row % IMAGES)[row / IMAGES];
                    inputs[j] = (float) (kept - STEP);
                    width -= inputs[j];
                    double below = reference.logits(examples, row % IMAGES)[row / IMAGES];
                    inputs[j] = kept;
                    assertThat((double) found.get(row * INPUTS + j))
                            .isCloseTo((above - below) / width, within(ROUNDING));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_first_layer_and_the_rest_are_the_network(EngineKind engine) {
        Engine started = Engines.started(engine);
        try (ForwardPass network = run(engine);
                Segment first = Segment.first(started, weights, IMAGES);
                Segment rest = Segment.afterFirst(started, weights, IMAGES)) {
            examples.fill(inOrder, 0, IMAGES, first.inputs(IMAGES));
            first.run(IMAGES);
            FloatBuffer between = rest.inputs(IMAGES);
            for (int i = 0; i < IMAGES * first.outputs(); i++) {
                between.put(i, Math.max(0, first.outputs(IMAGES).get(i)));
            }
            rest.run(IMAGES);

            for (int i = 0; i < IMAGES * CLASSES; i++) {
                assertThat((double) rest.outputs(IMAGES).get(i))
                        .isCloseTo(network.logits(IMAGES).get(i), within(1e-6));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_linear_map_multiplies_by_its_matrix(EngineKind engine) {
        float[] matrix = {1, 2, 3, 4, 5, 6};

        try (Segment map = Segment.linear(Engines.started(engine), matrix, 3, 2, 2)) {
            map.inputs(2).put(0, new float[] {1, 0, 0, 1, 1, -1});
            map.run(2);
            float[] found = new float[4];
            map.outputs(2).get(0, found);

            assertThat(found).containsExactly(1, 4, 0, 3);
        }
    }

    @Test
    void near_certainty_the_gradient_by_the_labels_logit_is_not_lost() {
        FloatBuffer logits = FloatBuffer.wrap(new float[] {60, 0, 1, 0});
        FloatBuffer gradient = FloatBuffer.allocate(CLASSES);

        CrossEntropy.directionOfEach(logits, new int[] {0}, 1, gradient);

        assertDirection(gradient, 1 / (2 + Math.E), Math.E / (2 + Math.E), 1 / (2 + Math.E));
    }

    @ParameterizedTest
    @ValueSource(floats = {80, 100, 120, 600, 700, 800, 1e5f})
    void however_sure_a_network_is_its_gradient_has_a_direction(float sure) {
        FloatBuffer logits = FloatBuffer.wrap(new float[] {sure + 30, 0, 30, 28});
        FloatBuffer gradient = FloatBuffer.allocate(CLASSES);

        CrossEntropy.directionOfEach(logits, new int[] {0}, 1, gradient);

        double sum = Math.exp(-30) + 1 + Math.exp(-2);
        assertDirection(gradient, Math.exp(-30) / sum, 1 / sum, Math.exp(-2) / sum);
    }

    @Test
    void a_network_that_is_not_sure_gets_the_gradient_itself_times_a_power_of_two() {
        FloatBuffer logits = FloatBuffer.wrap(new float[] {0, 1, 2, 3});
        FloatBuffer gradient = FloatBuffer.allocate(CLASSES);

        CrossEntropy.directionOfEach(logits, new int[] {3}, 1, gradient);

        double sum = 1 + Math.exp(1) + Math.exp(2) + Math.exp(3);
        for (int c = 0; c < 3; c++) {
            assertThat((double) gradient.get(c))
                    .isCloseTo(4 * Math.exp(c) / sum, within(1e-6)); // they have 0.36 of all
        }
    }

    /** Of class 0: what the others have of what it lost. */
    private static void assertDirection(FloatBuffer gradient, double... others) {
        assertThat((double) gradient.get(0)).isBetween(-2.0, -1.0);
        for (int c = 1; c < CLASSES; c++) {
            double expected = others[c - 1];
            assertThat((double) gradient.get(c) / -gradient.get(0)).isCloseTo(expected, within(1e-6 * expected));
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_does_not_fit_is_refused(EngineKind engine) {
        try (ForwardPass network = run(engine);
                InputGradients gradients = new InputGradients(network, IMAGES)) {
            assertThatThrownBy(() -> gradients.run(5, 2))
                    .hasMessage("images times blocks must lie in [1, 9], was 5 times 2");
            assertThatThrownBy(() -> gradients.ofLoss(labels, IMAGES + 1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new InputGradients(network, 0)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}

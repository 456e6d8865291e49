package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Optimiser;
import org.bytedeco.openblas.global.openblas;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LearnerTest {

    private static final Architecture.Mlp NETWORK = new Architecture.Mlp(13, List.of(11, 7, 5), 4);
    /** Float32 rounding of gradients that are of the order of 0.1, and of weights of that order. */
    private static final double ROUNDING = 1e-6;
    /** At rate 1 the step is the gradient. */
    private static final Optimiser PLAIN = new Optimiser.Sgd(1, 0);

    private final ArrayExamples examples = ArrayExamples.clusters(37, 13, 4, 5);
    private final Weights weights = Initialisation.pytorch(NETWORK, 3);

    private double[] gradient(EngineKind engine, int from, int images) {
        try (ForwardPass network = Engines.networks(engine, NETWORK).apply(40);
                Learner learner = new Learner(network, 40, PLAIN, Optional.empty())) {
            network.load(weights);
            learner.step(examples, inOrder(), from, images, 1);
            Weights after = network.snapshot();
            return IntStream.range(0, weights.size())
                    .mapToDouble(i -> (double) weights.at(i) - after.at(i))
                    .toArray();
        }
    }

    private int[] inOrder() {
        return IntStream.range(0, examples.count()).toArray();
    }

    @ParameterizedTest
    @EnumSource
    void the_gradient_is_the_slope_of_the_loss_by_every_weight(EngineKind engine) {
        ReferenceMlp reference = new ReferenceMlp(weights);
        double step = 1e-5;

        double[] gradient = gradient(engine, 0, 37);

        for (int i = 0; i < gradient.length; i++) {
            double kept = reference.theta()[i];
            reference.theta()[i] = kept + step;
            double above = reference.loss(examples);
            reference.theta()[i] = kept - step;
            double below = reference.loss(examples);
            reference.theta()[i] = kept;
            assertThat(gradient[i]).as("gradient[%d]", i).isCloseTo((above - below) / (2 * step), within(ROUNDING));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_smaller_batch_from_the_middle_has_its_own_gradient(EngineKind engine) {
        double[] expected = new double[weights.size()];
        new ReferenceMlp(weights).lossAndGradient(examples, inOrder(), 9, 17, expected);

        double[] gradient = gradient(engine, 9, 17);

        assertThat(gradient).containsExactly(expected, within(ROUNDING));
    }

    @ParameterizedTest
    @EnumSource
    void loss_and_hits_are_counted_over_steps_and_from_where_one_says(EngineKind engine) {
        try (ForwardPass network = Engines.networks(engine, NETWORK).apply(40);
                Learner learner = new Learner(network, 40, PLAIN, Optional.empty())) {
            network.load(weights);
            learner.step(examples, inOrder(), 0, 30, 1e-30); // too small a rate to change anything
            learner.step(examples, inOrder(), 30, 7, 1e-30);
            Tally seen = learner.seen();
            Tally forward = Tally.over(network, examples, fraction -> {});

            assertThat(seen.images()).isEqualTo(37);
            assertThat(seen.correct()).isEqualTo(forward.correct());
            assertThat(seen.loss()).isCloseTo(forward.loss(), within(1e-6));

            learner.countFrom(new Tally(100, 3, 5));
            learner.step(examples, inOrder(), 0, 37, 1e-30);

            assertThat(learner.seen().images()).isEqualTo(42);
            assertThat(learner.seen().correct()).isEqualTo(3 + forward.correct());
            assertThat(learner.seen().lossSum()).isCloseTo(100 + seen.lossSum(), within(1e-4));
            assertThat(openblas.blas_get_num_threads()).isOne(); // ND4J would set as many as there are cores
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_loss_that_is_not_finite_is_told_with_its_step(EngineKind engine) {
        try (ForwardPass network = Engines.networks(engine, NETWORK).apply(40);
                Learner learner = new Learner(network, 40, PLAIN, Optional.empty())) {
            network.load(weights);

            assertThatThrownBy(() -> {
                        learner.step(examples, inOrder(), 0, 37, 1e-3);
                        learner.step(examples, inOrder(), 0, 37, 3e38);
                        learner.step(examples, inOrder(), 0, 37, 1);
                        learner.step(examples, inOrder(), 0, 37, 1);
                        learner.seen();
                    })
                    .isInstanceOfSatisfying(
                            LossNotFinite.class, e -> assertThat(e.step()).isEqualTo(3));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_batch_above_its_memory_is_refused(EngineKind engine) {
        try (ForwardPass network = Engines.networks(engine, NETWORK).apply(40);
                Learner learner = new Learner(network, 10, PLAIN, Optional.empty())) {
            assertThatThrownBy(() -> learner.step(examples, inOrder(), 0, 11, 1))
                    .hasMessage("a batch must have 1 to 10 images, had 11");
        }
    }
}

package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Penalty;
import org.basinlab.recipe.ResNet20;
import org.basinlab.recipe.Vit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GraphLearningTest {

    private static final int CLASSES = 4;
    private static final int COUNT = 40;
    private static final int BATCH = 16;
    private static final double RATE = 0.02;

    static Stream<Architecture> networks() {
        return Stream.concat(
                Stream.of(Norm.values())
                        .flatMap(norm -> Stream.of(
                                new ResNet20(new Extent(3, 9, 8), 1, norm, 3, CLASSES),
                                new Cnn(new Extent(3, 9, 8), List.of(8, 16), 12, norm, CLASSES))),
                Stream.of(new Vit(new Extent(3, 8, 8), 4, 12, 2, 3, CLASSES)));
    }

    private static ArrayExamples examples(Architecture architecture) {
        return ArrayExamples.clusters(COUNT, architecture.inputs(), CLASSES, 5);
    }

    /** Batches of 16, 16 and 8, in turn. */
    private static void train(Learner learner, Examples examples, int from, int to) {
        int[] order = IntStream.range(0, COUNT).toArray();
        for (int step = from; step < to; step++) {
            int start = step % 3 * BATCH;
            learner.step(examples, order, start, Math.min(BATCH, COUNT - start), RATE);
        }
    }

    private static Weights train(Architecture architecture, Optimiser optimiser, int steps) {
        try (ForwardPass network = ForwardPass.of(Initialisation.pytorch(architecture, 1), BATCH);
                Learner learner = new Learner(network, BATCH, optimiser, Optional.of(new Penalty(0, 1e-4)))) {
            train(learner, examples(architecture), 0, steps);
            return network.snapshot();
        }
    }

    private static final Optimiser SGD = new Optimiser.Sgd(RATE, 0.9);

    @ParameterizedTest
    @MethodSource("networks")
    void a_training_learns(Architecture architecture) {
        Weights trained = train(architecture, SGD, 60);

        assertThat(loss(trained)).isLessThan(0.5 * loss(Initialisation.pytorch(architecture, 1)));
    }

    private static double loss(Weights weights) {
        try (ForwardPass network = ForwardPass.of(weights, COUNT)) {
            return Tally.over(network, examples(weights.architecture()), share -> {}).loss();
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void the_same_training_gives_the_same_bits_in_two_threads_at_once(Architecture architecture) {
        Weights alone = train(architecture, SGD, 5);

        CompletableFuture<Weights> first = CompletableFuture.supplyAsync(() -> train(architecture, SGD, 5));
        CompletableFuture<Weights> second = CompletableFuture.supplyAsync(() -> train(architecture, SGD, 5));

        assertThat(first.join().copy()).isEqualTo(alone.copy());
        assertThat(second.join().copy()).isEqualTo(alone.copy());
    }

    @ParameterizedTest
    @MethodSource("networks")
    void a_resumed_training_ends_in_the_bits_of_an_undisturbed_one(Architecture architecture) {
        Optimiser optimiser = Optimiser.Adam.withDefaults(1e-3);
        Weights undisturbed = train(architecture, optimiser, 7);
        Weights halfway;
        List<float[]> memory;
        int updates;
        try (ForwardPass network = ForwardPass.of(Initialisation.pytorch(architecture, 1), BATCH);
                Learner learner = new Learner(network, BATCH, optimiser, Optional.of(new Penalty(0, 1e-4)))) {
            train(learner, examples(architecture), 0, 4);
            halfway = network.snapshot();
            memory = learner.memory();
            updates = learner.updates();
        }

        try (ForwardPass network = ForwardPass.of(halfway, BATCH);
                Learner learner = new Learner(network, BATCH, optimiser, Optional.of(new Penalty(0, 1e-4)))) {
            learner.resume(updates, memory);
            train(learner, examples(architecture), 4, 7);

            assertThat(network.snapshot().copy()).isEqualTo(undisturbed.copy());
        }
    }

    @Test
    void a_loss_that_is_not_finite_stops_the_training() {
        Architecture architecture = new Cnn(new Extent(3, 9, 8), List.of(8), 12, Norm.NONE, CLASSES);
        float[] weights = Initialisation.pytorch(architecture, 1).copy();
        weights[weights.length - 1] = Float.NaN;
        try (ForwardPass network = ForwardPass.of(Weights.owning(architecture, weights), BATCH);
                Learner learner = new Learner(network, BATCH, SGD, Optional.empty())) {
            assertThatThrownBy(() -> train(learner, examples(architecture), 0, 1)).isInstanceOf(LossNotFinite.class);
        }
    }

    @Test
    void a_batch_with_one_value_of_a_channel_has_no_statistics() {
        Architecture small = new Cnn(new Extent(3, 4, 2), List.of(4), 7, Norm.BATCH, CLASSES);
        try (ForwardPass network = ForwardPass.of(Initialisation.pytorch(small, 1), BATCH);
                Learner learner = new Learner(network, BATCH, SGD, Optional.empty())) {
            assertThatThrownBy(() -> learner.step(examples(small), new int[] {0}, 0, 1, RATE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("norm2.weight needs more than one value of each channel in a batch");
        }
    }
}

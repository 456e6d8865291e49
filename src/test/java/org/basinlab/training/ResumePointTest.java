package org.basinlab.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.basinlab.network.ArrayExamples;
import org.basinlab.network.EngineKind;
import org.basinlab.network.Engines;
import org.basinlab.network.Initialisation;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Augmentation;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Penalty;
import org.basinlab.recipe.Schedule;
import org.basinlab.recipe.TrainingRecipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ResumePointTest {

    private static final Architecture.Mlp NETWORK = new Architecture.Mlp(20, List.of(16, 12), 5);
    private static final ArrayExamples TEST = ArrayExamples.clusters(90, 20, 5, 2);
    /** Others in every epoch; five batches, the last of 30. */
    private static final TrainingExamples TRAIN = epoch -> ArrayExamples.clusters(230, 20, 5, epoch);

    private static final int STEPS_OF_EPOCH = 5;
    private static final int EPOCHS = 3;
    /** At the start and in the middle of epochs, before and after their ends, and before the last step. */
    private static final List<Long> INTERRUPTIONS = List.of(1L, 4L, 5L, 6L, 8L, 14L);

    private static final Optimiser ADAM = Optimiser.Adam.withDefaults(0.01);
    private static final Optimiser SGD = new Optimiser.Sgd(0.05, 0.9, true);

    /** Keeps the points after every step as bytes, and all snapshots; stops after a step if it is told to. */
    private static final class Recorder implements TrainingWatch {

        private final Map<Long, byte[]> points = new TreeMap<>();
        private final Map<Long, Weights> snapshots = new TreeMap<>();
        private final long stopAfter;

        Recorder(long stopAfter) {
            this.stopAfter = stopAfter;
        }

        @Override
        public boolean wantsResumePoint() {
            return true;
        }

        @Override
        public void resumePoint(ResumePoint point) {
            points.put(point.step(), point.bytes());
        }

        @Override
        public void snapshot(long step, Weights weights) {
            snapshots.put(step, weights);
        }

        @Override
        public void at(double fraction) {
            if (points.containsKey(stopAfter)) {
                throw new CancellationException("drained");
            }
        }
    }

    private static TrainingRecipe recipe(Optimiser optimiser) {
        return new TrainingRecipe(EPOCHS, 50, optimiser, Schedule.COSINE, Augmentation.NONE)
                .withPenalty(new Penalty(1e-4, 1e-3))
                .withSnapshotEvery(4);
    }

    private static TrainedNetwork train(
            EngineKind engine, TrainingRecipe recipe, Optional<ResumePoint> resume, TrainingWatch watch) {
        return new Trainer(Engines.networks(engine, NETWORK), recipe)
                .train(TRAIN, TEST, 9, Optional.empty(), resume, watch);
    }

    static Stream<Arguments> enginesAndOptimisers() {
        return Stream.of(EngineKind.values())
                .flatMap(engine -> Stream.of(SGD, ADAM).map(optimiser -> Arguments.of(engine, optimiser)));
    }

    @ParameterizedTest
    @MethodSource("enginesAndOptimisers")
    void a_training_that_is_stopped_after_any_step_and_resumed_ends_as_an_undisturbed_one(
            EngineKind engine, Optimiser optimiser) {
        TrainingRecipe recipe = recipe(optimiser);
        Recorder whole = new Recorder(-1);
        TrainedNetwork expected = train(engine, recipe, Optional.empty(), whole);
        TrainedNetwork unwatched = train(engine, recipe, Optional.empty(), TrainingWatch.of(fraction -> {}));

        assertThat(bits(unwatched.weights())).isEqualTo(bits(expected.weights()));
        assertThat(whole.points.keySet())
                .hasSize(STEPS_OF_EPOCH * EPOCHS - 1)
                .contains(1L, 14L)
                .doesNotContain(15L);
        for (long step : INTERRUPTIONS) {
            Recorder stopped = new Recorder(step);
            assertThatThrownBy(() -> train(engine, recipe, Optional.empty(), stopped))
                    .isInstanceOf(CancellationException.class);

            Recorder rest = new Recorder(-1);
            TrainedNetwork resumed =
                    train(engine, recipe, Optional.of(ResumePoint.read(stopped.points.get(step))), rest);

            assertThat(bits(resumed.weights())).as("after step %d", step).isEqualTo(bits(expected.weights()));
            assertThat(resumed.epochs()).isEqualTo(expected.epochs());
            rest.points.forEach((later, point) -> assertThat(point).isEqualTo(whole.points.get(later)));
            rest.snapshots.forEach(
                    (later, weights) -> assertThat(bits(weights)).isEqualTo(bits(whole.snapshots.get(later))));
        }
    }

    @ParameterizedTest
    @MethodSource("enginesAndOptimisers")
    void snapshots_are_the_networks_along_the_way(EngineKind engine, Optimiser optimiser) {
        Recorder recorder = new Recorder(-1);

        TrainedNetwork trained = train(engine, recipe(optimiser), Optional.empty(), recorder);

        assertThat(recorder.snapshots.keySet()).containsExactly(4L, 8L, 12L);
        recorder.snapshots.forEach((step, weights) -> assertThat(
                        ResumePoint.read(recorder.points.get(step)).arrays().get(0))
                .containsExactly(weights.copy()));
        assertThat(bits(recorder.snapshots.get(12L))).isNotEqualTo(bits(trained.weights()));
    }

    @Test
    void the_last_step_gives_no_snapshot_besides_the_result() {
        TrainingRecipe recipe = recipe(SGD).withSnapshotEvery(5);
        Recorder recorder = new Recorder(-1);

        train(EngineKind.NATIVE_BLAS, recipe, Optional.empty(), recorder);

        assertThat(recorder.snapshots.keySet()).containsExactly(5L, 10L);
    }

    @Test
    void a_training_starts_from_the_weights_that_its_recipe_names() {
        Weights start = Initialisation.pytorch(NETWORK, 77);
        TrainingRecipe recipe = recipe(new Optimiser.Sgd(1e-30, 0)).startingFrom("0".repeat(64));
        Trainer trainer = new Trainer(NETWORK, recipe);

        TrainedNetwork trained =
                trainer.train(TRAIN, TEST, 9, Optional.of(start), Optional.empty(), TrainingWatch.of(fraction -> {}));

        assertThat(trained.weights().copy()).containsExactly(start.copy());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trainer.train(TRAIN.ofEpoch(1), TEST, 9, fraction -> {}))
                .withMessage("the recipe starts from network " + "0".repeat(64) + ", whose weights are missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Trainer(NETWORK, recipe(SGD))
                        .train(TRAIN, TEST, 9, Optional.of(start), Optional.empty(), TrainingWatch.of(fraction -> {})))
                .withMessageStartingWith("the recipe starts from weights drawn by its seed");
    }

    @Test
    void a_point_of_another_training_is_refused_with_the_difference() {
        ResumePoint point = pointOf(EngineKind.NATIVE_BLAS, recipe(SGD), 9);

        assertRefused(point, EngineKind.NATIVE_BLAS, recipe(ADAM), 9, "must be of recipe ");
        assertRefused(point, EngineKind.NATIVE_BLAS, recipe(SGD), 10, "must be of seed 10, was of 9");
        assertRefused(point, EngineKind.ND4J, recipe(SGD), 9, "must be of engine nd4j ");
    }

    @Test
    void bytes_that_are_damaged_cut_short_or_something_else_are_refused() {
        byte[] bytes = pointOf(EngineKind.NATIVE_BLAS, recipe(SGD), 9).bytes();

        for (int at = 8; at < bytes.length; at += 97) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 1;
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ResumePoint.read(damaged))
                    .withMessage("the resume point is damaged: its SHA-256 does not fit its bytes");
        }
        for (int length : List.of(0, 7, 43, 44, 100, bytes.length - 1)) {
            assertThatIllegalArgumentException().isThrownBy(() -> ResumePoint.read(Arrays.copyOf(bytes, length)));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ResumePoint.read(new byte[1_000]))
                .withMessage("a resume point must begin with BLRESUME, these bytes do not");
        assertThat(ResumePoint.read(bytes).bytes()).isEqualTo(bytes);
    }

    private static ResumePoint pointOf(EngineKind engine, TrainingRecipe recipe, long seed) {
        Recorder recorder = new Recorder(-1);
        new Trainer(Engines.networks(engine, NETWORK), recipe)
                .train(TRAIN, TEST, seed, Optional.empty(), Optional.empty(), recorder);
        return ResumePoint.read(recorder.points.get(7L));
    }

    private static void assertRefused(
            ResumePoint point, EngineKind engine, TrainingRecipe recipe, long seed, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Trainer(Engines.networks(engine, NETWORK), recipe)
                        .train(TRAIN, TEST, seed, Optional.empty(), Optional.of(point), new Recorder(-1)))
                .withMessageContaining(why);
    }

    private static List<Integer> bits(Weights weights) {
        float[] values = weights.copy();
        Integer[] bits = new Integer[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return List.of(bits);
    }
}

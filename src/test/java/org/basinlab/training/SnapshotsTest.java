package org.basinlab.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.basinlab.network.ArrayExamples;
import org.basinlab.network.EngineKind;
import org.basinlab.network.Engines;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Augmentation;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Schedule;
import org.basinlab.recipe.TrainingRecipe;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SnapshotsTest {

    private static final Architecture.Mlp NETWORK = new Architecture.Mlp(20, List.of(16, 12), 5);
    private static final ArrayExamples TRAIN = ArrayExamples.clusters(230, 20, 5, 1);
    private static final ArrayExamples TEST = ArrayExamples.clusters(90, 20, 5, 2);

    private static final class Watch implements TrainingWatch {

        private final List<Long> steps = new ArrayList<>();
        private final List<Weights> networks = new ArrayList<>();

        @Override
        public void at(double fraction) {}

        @Override
        public void snapshot(long step, Weights weights) {
            steps.add(step);
            networks.add(weights);
        }
    }

    private static Trainer trainer(EngineKind engine, Optimiser optimiser, int epochs, int every) {
        TrainingRecipe recipe = new TrainingRecipe(epochs, 50, optimiser, Schedule.CONSTANT, Augmentation.NONE);
        return new Trainer(Engines.networks(engine, NETWORK), recipe.withSnapshotEvery(every));
    }

    @ParameterizedTest
    @EnumSource(EngineKind.class)
    void every_so_many_steps_the_network_is_shown_but_for_the_last(EngineKind engine) {
        Watch watch = new Watch();

        trainer(engine, new Optimiser.Sgd(0.05, 0.9), 3, 5)
                .train(TrainingExamples.same(TRAIN), TEST, 1, Optional.empty(), Optional.empty(), watch);

        assertThat(watch.steps).containsExactly(5L, 10L);
        TrainedNetwork first = trainer(engine, new Optimiser.Sgd(0.05, 0.9), 1, 5)
                .train(TrainingExamples.same(TRAIN), TEST, 1, Optional.empty(), Optional.empty(), new Watch());
        assertThat(watch.networks.get(0).copy()).isEqualTo(first.weights().copy());
    }

    @ParameterizedTest
    @EnumSource(EngineKind.class)
    void a_network_that_is_not_finite_is_never_shown(EngineKind engine) {
        Watch watch = new Watch();
        Trainer trainer = trainer(engine, new Optimiser.Sgd(100, 0.99), 20, 1);

        assertThatThrownBy(() ->
                        trainer.train(TrainingExamples.same(TRAIN), TEST, 1, Optional.empty(), Optional.empty(), watch))
                .isInstanceOf(TrainingDiverged.class);

        assertThat(watch.networks).isNotEmpty().allMatch(Weights::isFinite);
    }
}

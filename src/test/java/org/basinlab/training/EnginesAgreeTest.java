package org.basinlab.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.basinlab.network.ArrayExamples;
import org.basinlab.network.EngineKind;
import org.basinlab.network.Engines;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Augmentation;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Penalty;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Schedule;
import org.basinlab.recipe.TrainingRecipe;
import org.basinlab.recipe.WarmUp;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole trainings of 200 steps on both engines, against plain float64 loops. */
class EnginesAgreeTest {

    private static final Architecture.Mlp NETWORK = new Architecture.Mlp(20, List.of(16, 12), 5);
    private static final ArrayExamples TRAIN = ArrayExamples.clusters(230, 20, 5, 1);
    private static final ArrayExamples TEST = ArrayExamples.clusters(90, 20, 5, 2);
    /** Five batches an epoch, the last of 30. */
    private static final int EPOCHS = 40;

    private static final double DRIFT = 1e-4;

    static Stream<TrainingRecipe> recipes() {
        Optimiser.Adam adam = Optimiser.Adam.withDefaults(0.002);
        return Stream.of(
                recipe(new Optimiser.Sgd(0.05, 0.9), Schedule.COSINE),
                recipe(new Optimiser.Sgd(0.02, 0.9, true), new Schedule.MultiStep(List.of(20, 30), 0.3))
                        .withPenalty(new Penalty(1e-4, 1e-3)),
                recipe(new Optimiser.Sgd(0.1, 0), Schedule.CONSTANT).withPenalty(new Penalty(1e-3, 0)),
                recipe(adam, Schedule.COSINE),
                recipe(new Optimiser.Adam(0.01, 0, 0.5, 0.1), Schedule.CONSTANT).withPenalty(new Penalty(0, 1e-2)),
                recipe(new Optimiser.Adam(0.05, 0, 0.5, 1), Schedule.CONSTANT).withWarmUp(new WarmUp(10, 0)),
                recipe(new Optimiser.AdamW(adam, 0.1), new Schedule.Cosine(Schedule.Tick.STEP))
                        .withWarmUp(new WarmUp(3, 0.1)));
    }

    private static TrainingRecipe recipe(Optimiser optimiser, Schedule schedule) {
        return new TrainingRecipe(EPOCHS, 50, optimiser, schedule, Augmentation.NONE);
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void losses_of_both_engines_and_of_float64_agree_over_two_hundred_steps(TrainingRecipe recipe) {
        List<double[]> expected = ReferenceTraining.losses(NETWORK, recipe, TRAIN, TEST, 4);

        List<EpochScore> blas = train(EngineKind.NATIVE_BLAS, recipe);
        List<EpochScore> nd4j = train(EngineKind.ND4J, recipe);

        for (int i = 0; i < EPOCHS; i++) {
            for (EpochScore score : List.of(blas.get(i), nd4j.get(i))) {
                assertThat(score.epoch()).isEqualTo(i + 1);
                assertThat(score.trainLoss()).isCloseTo(expected.get(i)[0], within(DRIFT));
                assertThat(score.testLoss()).isCloseTo(expected.get(i)[1], within(DRIFT));
            }
            assertThat(nd4j.get(i).trainLoss()).isCloseTo(blas.get(i).trainLoss(), within(DRIFT));
            assertThat(nd4j.get(i).testLoss()).isCloseTo(blas.get(i).testLoss(), within(DRIFT));
            double twoImages = 2.0 / 90;
            assertThat(nd4j.get(i).testAccuracy()).isCloseTo(blas.get(i).testAccuracy(), within(twoImages));
        }
    }

    private static List<EpochScore> train(EngineKind engine, TrainingRecipe recipe) {
        return new Trainer(Engines.networks(engine, NETWORK), recipe)
                .train(TRAIN, TEST, 4, Progress.UNWATCHED)
                .epochs();
    }
}

package org.basinlab.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinlab.evaluation.Answers;
import org.basinlab.evaluation.Score;
import org.basinlab.matching.ReferenceNetworks;
import org.basinlab.network.ArrayExamples;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Augmentation;
import org.basinlab.recipe.ControlStep;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Penalty;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Schedule;
import org.basinlab.recipe.TensorShape;
import org.basinlab.recipe.TrainingRecipe;
import org.basinlab.training.Trainer;
import org.basinlab.training.TrainingExamples;
import org.basinlab.training.TrainingWatch;
import org.junit.jupiter.api.Test;

class ControlsTest {

    private static final Architecture.Mlp NETWORK = new Architecture.Mlp(20, List.of(16, 12), 5);
    private static final ArrayExamples TRAIN = ArrayExamples.clusters(1_000, 20, 5, 1);
    private static final ArrayExamples IMAGES = ArrayExamples.clusters(2_000, 20, 5, 2);
    private static final ControlData DATA = new ControlData(TrainingExamples.same(TRAIN), IMAGES, IMAGES);
    private static final TrainingRecipe RECIPE =
            new TrainingRecipe(6, 20, Optimiser.Adam.withDefaults(0.003), Schedule.CONSTANT, Augmentation.NONE);
    private static final long SEED = 5;
    private static final Weights LEAF = train(RECIPE, SEED);
    private static final String DIFFERENCE = "control-accuracy-difference";

    private static Weights train(TrainingRecipe recipe, long seed) {
        return new Trainer(NETWORK, recipe)
                .train(TRAIN, IMAGES, seed, Progress.UNWATCHED)
                .weights();
    }

    private static double accuracy(Weights weights) {
        return Score.of(weights, IMAGES, Progress.UNWATCHED).accuracy();
    }

    /** Less accurate than the leaf. */
    private static Weights target(int epochs) {
        return train(
                new TrainingRecipe(
                        epochs, 20, Optimiser.Adam.withDefaults(0.001), Schedule.CONSTANT, Augmentation.NONE),
                77);
    }

    private static ControlNetwork make(ControlStep step, Weights... inputs) {
        return Controls.make(step, List.of(inputs), 3, Optional.of(DATA), Progress.UNWATCHED);
    }

    private static void assertEqualAccuracy(ControlNetwork control, Weights target) {
        double difference = accuracy(control.weights()) - accuracy(target);
        assertThat(control.facts().get(DIFFERENCE)).isEqualTo(difference);
        assertThat(Math.abs(difference)).isLessThanOrEqualTo(ControlStep.EQUAL_ACCURACY);
    }

    @Test
    void an_early_stop_is_the_leaf_after_some_of_its_steps() {
        Weights target = target(2);

        ControlNetwork control = make(new ControlStep.EarlyStop(NETWORK, RECIPE, SEED), target);

        assertEqualAccuracy(control, target);
        long step = Math.round(control.facts().get("control-step"));
        assertThat(control.weights().copy()).isEqualTo(afterSteps(step).copy());
    }

    /** The network that a training with snapshots shows after so many steps. */
    private static Weights afterSteps(long step) {
        List<Weights> shown = new ArrayList<>();
        TrainingWatch watch = new TrainingWatch() {
            @Override
            public void at(double fraction) {}

            @Override
            public void snapshot(long at, Weights weights) {
                shown.add(weights);
            }
        };
        new Trainer(NETWORK, RECIPE.withSnapshotEvery(1))
                .train(TrainingExamples.same(TRAIN), IMAGES, SEED, Optional.empty(), Optional.empty(), watch);
        return shown.get((int) step - 1);
    }

    @Test
    void a_target_above_all_steps_gets_the_best_of_them() {
        TrainingRecipe shorter =
                new TrainingRecipe(1, 100, Optimiser.Adam.withDefaults(0.001), Schedule.CONSTANT, Augmentation.NONE);

        ControlNetwork control = make(new ControlStep.EarlyStop(NETWORK, shorter, SEED), LEAF);

        assertThat(control.facts().get(DIFFERENCE)).isNegative();
        assertThat(control.facts().get("control-step")).isEqualTo(10); // the last
        assertThat(control.weights().copy()).isEqualTo(train(shorter, SEED).copy());
    }

    @Test
    void an_early_stop_of_a_network_too_large_to_be_looked_at_on_its_way_is_refused() {
        Architecture.Mlp large = new Architecture.Mlp(20, List.of(8_192, 8_192, 8_192, 6_000), 5);
        ControlStep step = new ControlStep.EarlyStop(large, RECIPE, SEED);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> make(step, LEAF))
                .withMessage("equal-accuracy-early-stop needs a network whose resume points fit into 2 GiB,"
                        + " and 20-8192-8192-8192-6000-5 with its optimiser's memory does not");
    }

    @Test
    void noise_brings_the_leaf_to_the_accuracy_of_the_target() {
        Weights target = target(2);

        ControlNetwork control = make(new ControlStep.WeightNoise(), target, LEAF);

        assertEqualAccuracy(control, target);
        double noise = control.facts().get("control-noise");
        assertThat(noise).isPositive();
        for (TensorShape shape : NETWORK.tensors()) {
            double squares = 0;
            for (int i = shape.offset(); i < shape.offset() + shape.size(); i++) {
                squares += Math.pow(control.weights().at(i) - LEAF.at(i), 2);
            }
            double expected = noise * Tensors.norm(LEAF, shape);
            assertThat(Math.sqrt(squares)).isBetween(0.2 * expected, 2.5 * expected); // few values, much chance
        }
    }

    @Test
    void a_leaf_that_is_below_the_target_gets_no_noise() {
        Weights poor = target(1);

        ControlNetwork control = make(new ControlStep.WeightNoise(), LEAF, poor);

        assertThat(control.weights().copy()).isEqualTo(poor.copy());
        assertThat(control.facts())
                .isEqualTo(Map.of(DIFFERENCE, accuracy(poor) - accuracy(LEAF), "control-noise", 0.0));
    }

    @Test
    void of_the_l2_path_the_network_of_equal_accuracy_is_taken() {
        Weights weak = train(RECIPE.withPenalty(new Penalty(0, 0.01)), SEED);
        Weights strong = train(RECIPE.withPenalty(new Penalty(0, 0.1)), SEED);

        ControlNetwork control = make(path(0), strong, LEAF, weak, strong);

        assertThat(control.weights().copy()).isEqualTo(strong.copy());
        assertThat(control.facts()).isEqualTo(Map.of(DIFFERENCE, 0.0, "control-coefficient", 0.1));
    }

    @Test
    void further_trainings_come_nearer_to_a_target_between_two_coefficients() {
        Weights target = train(RECIPE.withPenalty(new Penalty(0, 0.05)), 123);
        Weights weak = train(RECIPE.withPenalty(new Penalty(0, 0.01)), SEED);
        Weights strong = train(RECIPE.withPenalty(new Penalty(0, 0.1)), SEED);
        Map<String, Double> before = make(path(0), target, LEAF, weak, strong).facts();

        ControlNetwork control = make(path(6), target, LEAF, weak, strong);

        double coefficient = control.facts().get("control-coefficient");
        assertThat(Math.abs(control.facts().get(DIFFERENCE))).isLessThan(Math.abs(before.get(DIFFERENCE)));
        assertThat(coefficient).isBetween(0.01, 0.1);
        assertThat(control.weights().copy())
                .isEqualTo(train(RECIPE.withPenalty(new Penalty(0, coefficient)), SEED)
                        .copy());
    }

    @Test
    void a_training_that_diverges_counts_as_too_weak_and_not_as_a_fault() {
        TrainingRecipe wild = new TrainingRecipe(2, 20, new Optimiser.Sgd(30, 0), Schedule.CONSTANT, Augmentation.NONE);
        ControlStep step = new ControlStep.L2Path(NETWORK, wild, SEED, List.of(1.0), 2);
        Weights none = Weights.owning(NETWORK, new float[NETWORK.parameterCount()]);

        ControlNetwork control = make(step, none, LEAF, LEAF);

        assertThat(control.weights().copy()).isEqualTo(LEAF.copy());
        assertThat(control.facts().get(DIFFERENCE)).isPositive();
    }

    private static ControlStep path(int refinements) {
        return new ControlStep.L2Path(NETWORK, RECIPE, SEED, List.of(0.01, 0.1), refinements);
    }

    @Test
    void rescaling_gives_every_matrix_the_norm_of_the_target_and_changes_no_answer() {
        for (int seed = 0; seed < 5; seed++) {
            Weights leaf = ReferenceNetworks.random(NETWORK, seed);
            Weights target = ReferenceNetworks.random(NETWORK, seed + 100);

            ControlNetwork control = make(new ControlStep.NormRescaled(), target, leaf);

            for (int i = 0; i < NETWORK.tensors().size(); i += 2) {
                TensorShape matrix = NETWORK.tensors().get(i);
                double norm = Tensors.norm(target, matrix);
                assertThat(Tensors.norm(control.weights(), matrix)).isCloseTo(norm, within(1e-6 * norm));
            }
            assertThat(Answers.of(control.weights(), IMAGES, Progress.UNWATCHED).correct())
                    .isEqualTo(Answers.of(leaf, IMAGES, Progress.UNWATCHED).correct());
            assertThat(control.facts()).isEmpty();
        }
    }

    @Test
    void matched_noise_has_the_norms_of_the_target_and_its_cosines_with_the_leaf() {
        Weights target = target(3);

        ControlNetwork control = make(new ControlStep.NoiseMatched(), target, LEAF);

        for (TensorShape shape : NETWORK.tensors()) {
            double norm = Tensors.norm(target, shape);
            assertThat(Tensors.norm(control.weights(), shape)).isCloseTo(norm, within(1e-5 * norm));
            assertThat(cosine(control.weights(), shape)).isCloseTo(cosine(target, shape), within(1e-5));
        }
        assertThat(control.weights().copy()).isNotEqualTo(target.copy());
    }

    private static double cosine(Weights weights, TensorShape shape) {
        return Tensors.inner(weights, LEAF, shape) / (Tensors.norm(weights, shape) * Tensors.norm(LEAF, shape));
    }

    @Test
    void matched_noise_takes_tensors_of_zeros_as_they_come() {
        Weights zeros = Weights.owning(NETWORK, new float[NETWORK.parameterCount()]);

        ControlNetwork ofZeroTarget = make(new ControlStep.NoiseMatched(), zeros, LEAF);
        ControlNetwork ofZeroLeaf = make(new ControlStep.NoiseMatched(), LEAF, zeros);

        assertThat(ofZeroTarget.weights().copy()).containsOnly(0);
        for (TensorShape shape : NETWORK.tensors()) {
            assertThat(Tensors.norm(ofZeroLeaf.weights(), shape)).isCloseTo(Tensors.norm(LEAF, shape), within(1e-5));
        }
    }

    @Test
    void equal_arguments_give_equal_networks() {
        Weights target = target(2);
        ControlStep early = new ControlStep.EarlyStop(NETWORK, RECIPE, SEED);

        assertThat(make(early, target).weights().copy())
                .isEqualTo(make(early, target).weights().copy());
        assertThat(make(new ControlStep.WeightNoise(), target, LEAF).weights().copy())
                .isEqualTo(make(new ControlStep.WeightNoise(), target, LEAF)
                        .weights()
                        .copy());
    }

    @Test
    void progress_rises_to_one() {
        Weights target = target(2);
        for (ControlStep step : List.of(new ControlStep.WeightNoise(), path(2))) {
            List<Weights> inputs = step instanceof ControlStep.L2Path
                    ? List.of(target, LEAF, target(1), target(1))
                    : List.of(target, LEAF);
            List<Double> told = new ArrayList<>();

            Controls.make(step, inputs, 3, Optional.of(DATA), told::add);

            assertThat(told).isSorted().startsWith(0.0).endsWith(1.0);
        }
    }

    @Test
    void wrong_inputs_and_missing_data_are_refused() {
        ControlStep noise = new ControlStep.WeightNoise();
        Weights other = ReferenceNetworks.random(new Architecture.Mlp(20, List.of(9), 5), 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> make(noise, LEAF))
                .withMessage("equal-accuracy-weight-noise takes 2 networks, was given 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> make(noise, LEAF, other))
                .withMessageContaining("20-9-5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Controls.make(noise, List.of(LEAF, LEAF), 1, Optional.empty(), Progress.UNWATCHED))
                .withMessageContaining("no images");
    }
}

package org.basinlab.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.basinlab.network.ArrayExamples;
import org.basinlab.network.Examples;
import org.basinlab.network.FreshProcess;
import org.basinlab.network.Numerics;
import org.basinlab.network.Safetensors;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Augmentation;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Schedule;
import org.basinlab.recipe.TrainingRecipe;
import org.junit.jupiter.api.Test;

class TrainerTest {

    private static final Architecture.Mlp NETWORK = new Architecture.Mlp(20, List.of(16, 12), 5);
    private static final ArrayExamples TRAIN = ArrayExamples.clusters(230, 20, 5, 1);
    private static final ArrayExamples TEST = ArrayExamples.clusters(90, 20, 5, 2);
    /** Five batches an epoch, the last of 30: 50 steps. */
    private static final int BATCH = 50;
    /** What {@link #digest} of seed 9 gives by kernel of OpenBLAS 0.3.31, each of which rounds in its own order. */
    private static final Map<String, String> GOLDEN = Map.of(
            "COOPERLAKE", "004a04d5b5918475d560938596d49d1c5d49260e959e229070582adfd88c0f79",
            "SKYLAKEX", "004a04d5b5918475d560938596d49d1c5d49260e959e229070582adfd88c0f79",
            "HASWELL", "5a22a22c9ef7f0f920bb22e5217e6089bb357f047161ce00f5e3d16850e4c47d",
            "ZEN", "5a22a22c9ef7f0f920bb22e5217e6089bb357f047161ce00f5e3d16850e4c47d",
            "SANDYBRIDGE", "0800c44e981363e2d56d691dca67e56dc67ac2d151e485675b6bd01ff0384b20",
            "NEHALEM", "0800c44e981363e2d56d691dca67e56dc67ac2d151e485675b6bd01ff0384b20",
            "PRESCOTT", "b6687634b889d2223ce20251f71ece80f51cc2ebc00096642928bbb53c1befdf");

    /** Prints the digest of the network that {@link #digest} gives. */
    static final class Probe {
        public static void main(String[] arguments) {
            System.out.println(digest(9));
        }
    }

    private static TrainingRecipe recipe(Optimiser optimiser, int epochs) {
        return new TrainingRecipe(epochs, BATCH, optimiser, Schedule.COSINE, Augmentation.NONE);
    }

    private static TrainedNetwork train(TrainingRecipe recipe, long seed) {
        return new Trainer(NETWORK, recipe).train(TRAIN, TEST, seed, Progress.UNWATCHED);
    }

    /** Of two networks, one for each optimiser. */
    private static String digest(long seed) {
        StringBuilder digests = new StringBuilder();
        for (Optimiser optimiser : List.of(Optimiser.Adam.withDefaults(0.01), new Optimiser.Sgd(0.05, 0.9))) {
            // Not the cosine schedule: Java promises its last bit only for one platform.
            TrainingRecipe recipe = new TrainingRecipe(3, BATCH, optimiser, Schedule.CONSTANT, Augmentation.NONE);
            digests.append(Digests.of(Safetensors.write(train(recipe, seed).weights(), Map.of())));
        }
        return Digests.of(digests.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_network_learns_what_can_be_learnt() {
        List<EpochScore> epochs =
                train(recipe(Optimiser.Adam.withDefaults(0.01), 20), 4).epochs();

        assertThat(epochs.get(0).trainLoss()).isGreaterThan(1);
        assertThat(epochs.get(19).trainAccuracy()).isGreaterThan(0.8);
        assertThat(epochs.get(19).testAccuracy()).isGreaterThan(0.6);
    }

    @Test
    void one_seed_gives_the_same_bytes_again_and_in_two_threads_at_once() {
        String once = digest(9);

        CompletableFuture<String> left = CompletableFuture.supplyAsync(() -> digest(9));
        CompletableFuture<String> right = CompletableFuture.supplyAsync(() -> digest(9));

        assertThat(List.of(left.join(), right.join(), digest(9))).containsOnly(once);
        assertThat(digest(10)).isNotEqualTo(once);
    }

    @Test
    void one_seed_gives_the_same_bytes_in_another_process() throws IOException, InterruptedException {
        assertThat(FreshProcess.run(Probe.class, entry -> true)).isEqualTo(digest(9));
    }

    @Test
    void training_gives_the_bytes_that_it_always_gave_on_this_kernel() {
        String kernel = Numerics.prepare().kernel();
        assumeTrue(GOLDEN.containsKey(kernel), "no digest is known for the BLAS kernel " + kernel);

        assertThat(digest(9))
                .as("if the change is meant, raise the numeric version of TaskSpec.Kind.TRAIN")
                .isEqualTo(GOLDEN.get(kernel));
    }

    @Test
    void progress_never_falls_and_ends_at_one() {
        List<Double> told = new ArrayList<>();

        new Trainer(NETWORK, recipe(new Optimiser.Sgd(0.1, 0), 3)).train(TRAIN, TEST, 1, told::add);

        assertThat(told).hasSize(3 * (5 + 1)).isSorted().allMatch(fraction -> fraction > 0 && fraction <= 1);
        assertThat(told.get(told.size() - 1)).isCloseTo(1, within(1e-12));
    }

    @Test
    void training_stops_when_its_progress_says_so() {
        List<Double> told = new ArrayList<>();
        Progress stopping = fraction -> {
            told.add(fraction);
            if (told.size() == 3) {
                throw new CancellationException("the study was cancelled");
            }
        };
        Trainer trainer = new Trainer(NETWORK, recipe(new Optimiser.Sgd(0.1, 0), 3));

        assertThatThrownBy(() -> trainer.train(TRAIN, TEST, 1, stopping))
                .isInstanceOf(CancellationException.class)
                .hasMessage("the study was cancelled");
        assertThat(told).hasSize(3);
    }

    @Test
    void a_loss_that_is_no_number_ends_the_training_at_its_step() {
        Examples broken = constant(Float.NaN);
        Trainer trainer = new Trainer(NETWORK, recipe(Optimiser.Adam.withDefaults(0.001), 2));

        assertThatThrownBy(() -> trainer.train(broken, TEST, 1, Progress.UNWATCHED))
                .isInstanceOf(TrainingDiverged.class)
                .hasMessage("loss became NaN in epoch 1, step 1; a smaller learning rate may help");
    }

    @Test
    void too_large_a_learning_rate_ends_in_the_step_that_it_names() {
        Trainer trainer = new Trainer(NETWORK, recipe(new Optimiser.Sgd(100, 0.99), 20));

        assertThatThrownBy(() -> trainer.train(TRAIN, TEST, 1, Progress.UNWATCHED))
                .isInstanceOfSatisfying(TrainingDiverged.class, diverged -> {
                    assertThat(diverged.epoch()).isBetween(1, 20);
                    assertThat(diverged.step()).isBetween(1, 5);
                    assertThat(diverged)
                            .hasMessageContaining("in epoch %d, step %d;".formatted(diverged.epoch(), diverged.step()));
                });
    }

    @Test
    void a_weight_that_becomes_infinite_in_the_last_step_is_found() {
        Examples huge = constant(5e37f);
        TrainingRecipe oneStep =
                new TrainingRecipe(1, 40, new Optimiser.Sgd(100, 0), Schedule.CONSTANT, Augmentation.NONE);

        assertThatThrownBy(() -> new Trainer(NETWORK, oneStep).train(huge, TEST, 1, Progress.UNWATCHED))
                .isInstanceOf(TrainingDiverged.class)
                .hasMessageMatching("a weight became -?(Infinity|NaN) in epoch 1, step 1; .*");
    }

    private static Examples constant(float value) {
        return new Examples() {
            @Override
            public int count() {
                return 40;
            }

            @Override
            public int inputs() {
                return 20;
            }

            @Override
            public int label(int index) {
                return index % 5;
            }

            @Override
            public void fill(int[] order, int from, int count, FloatBuffer into) {
                float[] row = new float[count * 20];
                Arrays.fill(row, value);
                into.put(row);
            }
        };
    }
}

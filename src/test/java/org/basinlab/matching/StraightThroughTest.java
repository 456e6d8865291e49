package org.basinlab.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.basinlab.network.ArrayExamples;
import org.basinlab.network.Examples;
import org.basinlab.network.ForwardPass;
import org.basinlab.network.GraphWeights;
import org.basinlab.network.Learner;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StraightThroughTest {

    private static final Architecture.Mlp NETWORK = new Architecture.Mlp(20, List.of(24, 16), 5);
    private static final Examples TRAIN = ArrayExamples.clusters(600, 20, 5, 1);
    private static final Examples HELD_OUT = ArrayExamples.clusters(200, 20, 5, 2);
    private static final Matching.StraightThrough HOW = new Matching.StraightThrough(3, 100, 0.1, 0.9);

    private static Weights trained(long seed) {
        try (ForwardPass pass = ForwardPass.of(GraphWeights.random(NETWORK, seed), 50);
                Learner learner = new Learner(pass, 50, new Optimiser.Sgd(0.05, 0.9), Optional.empty())) {
            for (int epoch = 0; epoch < 5; epoch++) {
                int[] order = Seeds.shuffled(TRAIN.count(), Seeds.generator(seed + epoch));
                for (int from = 0; from < order.length; from += 50) {
                    learner.step(TRAIN, order, from, 50, 0.05);
                }
            }
            return pass.snapshot();
        }
    }

    private static double midpointLoss(Weights a, Weights b, Permutations permutations) {
        return midpointLoss(a, b, permutations, HELD_OUT);
    }

    private static double midpointLoss(Weights a, Weights b, Permutations permutations, Examples images) {
        float[] values = permutations.apply(b).copy();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (((double) a.at(i) + values[i]) / 2);
        }
        try (MidpointLoss loss = new MidpointLoss(a.architecture(), images)) {
            return loss.of(Weights.owning(a.architecture(), values));
        }
    }

    @Test
    void the_midpoint_is_never_worse_than_that_of_weight_matching_and_sometimes_better() {
        int better = 0;
        for (long seed = 0; seed < 4; seed++) {
            Weights a = trained(10 * seed);
            Weights b = trained(10 * seed + 5);

            Alignment found = StraightThrough.align(a, b, TRAIN, HELD_OUT, HOW, seed, Progress.UNWATCHED);

            Alignment start = WeightMatching.align(a, b, seed, Progress.UNWATCHED);
            double loss = midpointLoss(a, b, found.permutations());
            double before = midpointLoss(a, b, start.permutations());
            assertThat(loss).isLessThanOrEqualTo(before);
            assertThat(found.sweeps()).isGreaterThan(18);
            better += loss < before ? 1 : 0;
        }
        assertThat(better).isPositive();
    }

    /** BatchNorms too: their loss is that by the statistics of each batch. */
    @ParameterizedTest
    @EnumSource(
            value = Norm.class,
            names = {"LAYER", "BATCH"})
    void networks_of_convolutions_are_led_by_their_loss_too(Norm norm) {
        Cnn cnn = new Cnn(new Extent(3, 8, 8), List.of(6, 8), 12, norm, 5);
        Weights a = GraphWeights.random(cnn, 1);
        Weights b = GraphWeights.random(cnn, 2);
        Examples images = ArrayExamples.clusters(150, cnn.inputs(), 5, 1);
        Matching.StraightThrough how = new Matching.StraightThrough(4, 50, 0.5, 0.9);
        List<String> said = new ArrayList<>();
        Progress progress = new Progress() {
            @Override
            public void at(double fraction) {
                assertThat(fraction).isBetween(0.0, 1.0);
            }

            @Override
            public void says(String line) {
                said.add(line);
            }
        };

        Alignment found = Alignments.align(how, a, b, Optional.of(images), 3, progress);

        Alignment start = WeightMatching.align(a, b, 3, Progress.UNWATCHED);
        Examples heldOut = new Stretch(images, 135, 15);
        assertThat(midpointLoss(a, b, found.permutations(), heldOut))
                .isLessThanOrEqualTo(midpointLoss(a, b, start.permutations(), heldOut));
        assertThat(said).hasSize(4).allMatch(line -> line.startsWith("straight-through epoch "));
    }

    @Test
    void a_permuted_copy_is_led_back() {
        Weights a = trained(1);
        Weights b = SmallGraphs.shuffled(NETWORK, 2).apply(a);

        Alignment found = StraightThrough.align(a, b, TRAIN, HELD_OUT, HOW, 3, Progress.UNWATCHED);

        assertThat(midpointLoss(a, b, found.permutations()))
                .isLessThanOrEqualTo(midpointLoss(
                        a, a, WeightMatching.align(a, a, 1, Progress.UNWATCHED).permutations()));
    }

    @Test
    void equal_seeds_give_equal_permutations_and_no_memory_is_left() {
        Weights a = trained(1);
        Weights b = trained(2);
        Alignment first = StraightThrough.align(a, b, TRAIN, HELD_OUT, HOW, 3, Progress.UNWATCHED);
        long before = Pointer.totalBytes();

        Alignment second = StraightThrough.align(a, b, TRAIN, HELD_OUT, HOW, 3, Progress.UNWATCHED);
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> StraightThrough.align(a, b, TRAIN, HELD_OUT, HOW, 3, fraction -> {
                    throw new CancellationException();
                }));

        assertThat(second.permutations()).isEqualTo(first.permutations());
        assertThat(Pointer.totalBytes()).isLessThanOrEqualTo(before);
    }

    @Test
    void every_matching_is_reached_by_its_description() {
        Weights a = trained(1);
        Weights b = trained(2);
        Optional<Examples> images = Optional.of(TRAIN);

        Alignment straight = Alignments.align(HOW, a, b, images, 3, Progress.UNWATCHED);
        Alignment none = Alignments.align(new Matching.None(), a, b, Optional.empty(), 3, Progress.UNWATCHED);
        Alignment weight = Alignments.align(new Matching.Weight(), a, b, Optional.empty(), 3, Progress.UNWATCHED);
        Alignment best = Alignments.align(new Matching.BestOf(3), a, b, Optional.empty(), 3, Progress.UNWATCHED);
        Alignment activation =
                Alignments.align(Matching.Activation.withDefaults(), a, b, images, 3, Progress.UNWATCHED);

        assertThat(straight.permutations())
                .isEqualTo(StraightThrough.align(
                                a,
                                b,
                                new Stretch(TRAIN, 0, 540),
                                new Stretch(TRAIN, 540, 60),
                                HOW,
                                3,
                                Progress.UNWATCHED)
                        .permutations());
        assertThat(none.permutations().isIdentity()).isTrue();
        assertThat(none.l2After()).isEqualTo(none.l2Before());
        assertThat(weight.permutations())
                .isEqualTo(WeightMatching.align(a, b, 3, Progress.UNWATCHED).permutations());
        assertThat(best.permutations())
                .isEqualTo(BestOf.align(a, b, 3, 3, Progress.UNWATCHED).permutations());
        assertThat(activation.l2After()).isLessThan(activation.l2Before());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Alignments.align(HOW, a, b, Optional.empty(), 3, Progress.UNWATCHED))
                .withMessage("a matching by straight-through needs images, had none");
    }
}

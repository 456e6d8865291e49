package org.basinlab.merging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.basinlab.evaluation.Score;
import org.basinlab.matching.WeightMatching;
import org.basinlab.network.ArrayExamples;
import org.basinlab.network.Examples;
import org.basinlab.network.GraphWeights;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Repair;
import org.basinlab.recipe.Seeds;
import org.junit.jupiter.api.Test;

class SchemesTest {

    private static final Matching WEIGHT = new Matching.Weight();
    private static final Architecture.Mlp SMALL = new Architecture.Mlp(8, List.of(12, 9), 4);
    private static final ArrayExamples IMAGES = ArrayExamples.clusters(400, 8, 4, 3);

    private static List<Weights> inputs(int count) {
        return IntStream.range(0, count)
                .mapToObj(seed -> GraphWeights.random(SMALL, seed))
                .toList();
    }

    private static Merged merge(MergeStep step, List<Weights> inputs) {
        return Merging.merge(step, inputs, 5, Optional.of(new MergeImages(IMAGES)), Progress.UNWATCHED);
    }

    private static float[] mean(List<Weights> networks) {
        float[] mean = new float[networks.get(0).size()];
        for (int i = 0; i < mean.length; i++) {
            double sum = 0;
            for (Weights network : networks) {
                sum += network.at(i);
            }
            mean[i] = (float) (sum / networks.size());
        }
        return mean;
    }

    @Test
    void in_a_sequence_each_is_aligned_with_the_one_before_as_that_is_then() {
        List<Weights> inputs = inputs(5);
        List<Weights> aligned = new ArrayList<>(inputs.subList(0, 1));
        List<Permutations> permutations = new ArrayList<>();
        for (int k = 1; k < 5; k++) {
            Permutations found = WeightMatching.align(
                            aligned.get(k - 1),
                            inputs.get(k),
                            Seeds.derive(5, "sequential-matching", k),
                            Progress.UNWATCHED)
                    .permutations();
            permutations.add(found);
            aligned.add(found.apply(inputs.get(k)));
        }

        Merged merged = merge(new MergeStep.Sequential(WEIGHT), inputs);

        assertThat(merged.weights().copy()).isEqualTo(mean(aligned));
        assertThat(merged.permutationOfInput().subList(1, 5)).isEqualTo(permutations);
        assertThat(merged.permutationOfInput().get(0).isIdentity()).isTrue();
        assertThat(merged.report().matchings()).isEqualTo(4);
        assertThat(merged.shareOfInput()).containsOnly(0.2);
        assertThat(merged.report().l2After()).isLessThan(merged.report().l2Before());
    }

    @Test
    void a_sequence_of_permutations_of_one_network_is_that_network() {
        Weights network = GraphWeights.random(SMALL, 1);
        Permutations order = WeightMatching.align(GraphWeights.random(SMALL, 2), network, 1, Progress.UNWATCHED)
                .permutations();
        Weights once = order.apply(network);
        Weights twice = order.then(order).apply(network);

        Merged merged = merge(new MergeStep.Sequential(WEIGHT), List.of(network, once, twice));

        assertThat(merged.weights().copy()).isEqualTo(network.copy());
    }

    /** Networks near one another, of falling quality: noise of several sizes on one that knows the images. */
    private static List<Weights> soupInputs() {
        List<Weights> networks = new ArrayList<>();
        Weights good = knowing();
        double[] noise = {0.05, 0.02, 1.5, 0.03, 0.5};
        for (int k = 0; k < noise.length; k++) {
            var random = Seeds.generator(k + 40);
            float[] values = good.copy();
            for (int i = 0; i < values.length; i++) {
                values[i] += (float) (noise[k] * random.nextGaussian());
            }
            networks.add(Weights.owning(SMALL, values));
        }
        return networks;
    }

    /** The classes' mean images in its first layer, handed on by the second. */
    private static Weights knowing() {
        float[] values = new float[SMALL.parameterCount()];
        float[][] centres = centres();
        for (int c = 0; c < 4; c++) {
            System.arraycopy(centres[c], 0, values, c * 8, 8);
            values[12 * 8 + 12 + c * 12 + c] = 1;
            values[12 * 8 + 12 + 9 * 12 + 9 + c * 9 + c] = 1;
        }
        return Weights.owning(SMALL, values);
    }

    private static float[][] centres() {
        float[][] sums = new float[4][8];
        int[] counts = new int[4];
        for (int i = 0; i < IMAGES.count(); i++) {
            FloatBuffer one = FloatBuffer.allocate(8);
            IMAGES.fill(new int[] {i}, 0, 1, one);
            counts[IMAGES.label(i)]++;
            for (int j = 0; j < 8; j++) {
                sums[IMAGES.label(i)][j] += one.get(j);
            }
        }
        for (int c = 0; c < 4; c++) {
            for (int j = 0; j < 8; j++) {
                sums[c][j] /= counts[c];
            }
        }
        return sums;
    }

    @Test
    void a_greedy_soup_keeps_what_does_not_lower_the_accuracy_on_the_last_tenth() {
        List<Weights> inputs = soupInputs();
        Examples heldOut = new MergeImages(IMAGES).heldOut();
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4));
        order.sort(Comparator.comparing((Integer k) -> -accuracy(inputs.get(k), heldOut)));
        List<Weights> members = new ArrayList<>();
        double best = 0;
        for (int k : order) {
            members.add(inputs.get(k));
            double with = accuracy(Weights.owning(SMALL, mean(members)), heldOut);
            if (with >= best) {
                best = with;
            } else {
                members.remove(members.size() - 1);
            }
        }

        Merged merged = merge(new MergeStep.GreedySoup(new Matching.None(), Optional.empty()), inputs);

        assertThat(members).hasSizeBetween(2, 4);
        float[] expected = mean(members);
        for (int i = 0; i < expected.length; i++) {
            assertThat(merged.weights().at(i)).isCloseTo(expected[i], within(1e-6f));
        }
        for (int k = 0; k < 5; k++) {
            assertThat(merged.shareOfInput().get(k))
                    .isEqualTo(members.contains(inputs.get(k)) ? 1.0 / members.size() : 0);
        }
        assertThat(merged.members()).isEqualTo(members.size());
        assertThat(merged.report().matchings()).isZero();
    }

    private static double accuracy(Weights network, Examples images) {
        return Score.of(network, images, Progress.UNWATCHED).accuracy();
    }

    @Test
    void the_last_tenth_is_held_out_and_the_rest_is_fitted() {
        MergeImages images = new MergeImages(IMAGES);
        FloatBuffer one = FloatBuffer.allocate(8);
        FloatBuffer same = FloatBuffer.allocate(8);

        images.heldOut().fill(new int[] {7, 3}, 1, 1, one);
        IMAGES.fill(new int[] {363}, 0, 1, same);

        assertThat(one.flip()).isEqualTo(same.flip());
        assertThat(images.heldOut().count()).isEqualTo(40);
        assertThat(images.fitted().count()).isEqualTo(360);
        assertThat(images.heldOut().label(3)).isEqualTo(IMAGES.label(363));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MergeImages(ArrayExamples.clusters(9, 8, 4, 1)).heldOut())
                .withMessage("a merge that selects holds a tenth of its images out and needs at least 10, there are 9");
    }

    @Test
    void networks_of_a_soup_may_be_aligned_with_the_best_one() {
        List<Weights> inputs = new ArrayList<>(soupInputs());
        Permutations order = WeightMatching.align(GraphWeights.random(SMALL, 2), inputs.get(3), 1, Progress.UNWATCHED)
                .permutations();
        inputs.set(3, order.apply(inputs.get(3)));

        Merged plain = merge(new MergeStep.GreedySoup(new Matching.None(), Optional.empty()), soupInputs());
        Merged aligned = merge(new MergeStep.GreedySoup(WEIGHT, Optional.empty()), inputs);

        assertThat(aligned.report().matchings()).isEqualTo(4);
        assertThat(aligned.shareOfInput()).isEqualTo(plain.shareOfInput());
        assertThat(aligned.report().l2After())
                .isLessThanOrEqualTo(plain.report().l2After());
    }

    @Test
    void every_scheme_gives_equal_bytes_for_equal_inputs_with_every_repair() {
        List<Weights> inputs = inputs(4);
        Optional<MergeImages> images = Optional.of(new MergeImages(IMAGES));
        for (Repair repair : Repair.values()) {
            Optional<Repair> with = Optional.of(repair);
            for (MergeScheme scheme : List.of(
                    new MergeScheme.Sequential(WEIGHT, List.of(4), with, Optional.empty()),
                    new MergeScheme.GreedySoup(WEIGHT, List.of(4), with, Optional.empty()),
                    new MergeScheme.Reference(WEIGHT, List.of(4), with, Optional.empty()),
                    new MergeScheme.Naive(List.of(4), with, Optional.empty()))) {
                List<Double> fractions = new ArrayList<>();

                SchemeMerge once = SchemeMerge.of(scheme, inputs, 3, images, fractions::add);

                assertThat(SchemeMerge.of(scheme, inputs, 3, images, Progress.UNWATCHED)
                                .weights()
                                .copy())
                        .isEqualTo(once.weights().copy());
                assertThat(fractions).isSorted().startsWith(0.0).endsWith(1.0);
            }
        }
    }
}

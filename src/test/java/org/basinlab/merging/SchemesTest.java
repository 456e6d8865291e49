package org.basinlab.merging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.basinlab.evaluation.Score;
import org.basinlab.matching.CycleConsistent;
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

    /** Networks near one another: noise of several sizes on one that knows the images. */
    private static List<Weights> soupInputs(int population) {
        List<Weights> networks = new ArrayList<>();
        Weights good = knowing();
        double[] noise = {0.6, 0.1, 2.5, 0.2, 1.5};
        for (int k = 0; k < noise.length; k++) {
            var random = Seeds.generator(100 * population + k);
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

    private static List<Integer> order(List<Weights> networks, Examples heldOut) {
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4));
        order.sort(Comparator.comparing((Integer k) -> -accuracy(networks.get(k), heldOut)));
        return order;
    }

    /** Which networks are kept, by the plain algorithm; rising. */
    private static List<Integer> kept(List<Weights> networks, List<Integer> order, Examples heldOut) {
        List<Integer> members = new ArrayList<>();
        double best = 0;
        for (int k : order) {
            members.add(k);
            double with = accuracy(Weights.owning(SMALL, mean(chosen(networks, members))), heldOut);
            if (with >= best) {
                best = with;
            } else {
                members.remove(Integer.valueOf(k));
            }
        }
        return members.stream().sorted().toList();
    }

    private static List<Weights> chosen(List<Weights> networks, List<Integer> members) {
        return members.stream().sorted().map(networks::get).toList();
    }

    @Test
    void a_greedy_soup_keeps_what_does_not_lower_the_accuracy_on_the_last_tenth() {
        Examples heldOut = new MergeImages(IMAGES).heldOut();
        List<Integer> sizes = new ArrayList<>();
        for (int population = 0; population < 12; population++) {
            List<Weights> inputs = soupInputs(population);
            List<Integer> members = kept(inputs, order(inputs, heldOut), heldOut);

            Merged merged = merge(new MergeStep.GreedySoup(new Matching.None(), Optional.empty()), inputs);

            assertThat(merged.weights().copy()).isEqualTo(mean(chosen(inputs, members)));
            for (int k = 0; k < 5; k++) {
                assertThat(merged.shareOfInput().get(k)).isEqualTo(members.contains(k) ? 1.0 / members.size() : 0);
            }
            assertThat(merged.members()).isEqualTo(members.size());
            assertThat(merged.report().matchings()).isZero();
            sizes.add(members.size());
        }
        assertThat(sizes).as("some are made of some").contains(2);
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
        Examples heldOut = new MergeImages(IMAGES).heldOut();
        List<Weights> inputs = soupInputs(1);
        List<Integer> order = order(inputs, heldOut);
        Weights best = inputs.get(order.get(0));
        List<Weights> aligned = new ArrayList<>();
        for (int k = 0; k < 5; k++) {
            Weights network = inputs.get(k);
            long seed = Seeds.derive(5, "soup-matching", k);
            aligned.add(
                    k == order.get(0)
                            ? network
                            : WeightMatching.align(best, network, seed, Progress.UNWATCHED)
                                    .permutations()
                                    .apply(network));
        }
        List<Integer> members = kept(aligned, order, heldOut);

        Merged merged = merge(new MergeStep.GreedySoup(WEIGHT, Optional.empty()), inputs);

        assertThat(merged.weights().copy()).isEqualTo(mean(chosen(aligned, members)));
        assertThat(merged.report().matchings()).isEqualTo(4);
    }

    @Test
    void networks_that_are_aligned_at_once_are_moved_as_they_agree() {
        List<Weights> inputs = inputs(4);
        CycleConsistent.Agreement agreement = CycleConsistent.align(inputs, 100, 5, Progress.UNWATCHED);
        List<Weights> aligned = IntStream.range(0, 4)
                .mapToObj(k -> agreement.permutations().get(k).apply(inputs.get(k)))
                .toList();

        Merged merged = merge(new MergeStep.CycleConsistent(100, Optional.empty()), inputs);
        Merged first = merge(new MergeStep.CycleConsistent(1, Optional.empty()), inputs);

        assertThat(merged.permutationOfInput()).isEqualTo(agreement.permutations());
        assertThat(merged.weights().copy()).isEqualTo(mean(aligned));
        assertThat(merged.report().rounds()).isEqualTo(agreement.iterations());
        assertThat(merged.report().converged()).isTrue();
        assertThat(merged.report().l2After()).isLessThan(merged.report().l2Before());
        assertThat(first.report().converged()).isFalse();
    }

    @Test
    void every_scheme_gives_equal_bytes_for_equal_inputs_with_every_repair() {
        List<Weights> inputs = inputs(4);
        Optional<MergeImages> images = Optional.of(new MergeImages(IMAGES));
        for (Repair repair : Repair.values()) {
            Optional<Repair> with = Optional.of(repair);
            for (MergeScheme scheme : List.of(
                    new MergeScheme.Sequential(WEIGHT, List.of(4), with, Optional.empty()),
                    new MergeScheme.CycleConsistent(List.of(4), 100, with, Optional.empty()),
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

package org.basinlab.merging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.basinlab.matching.Alignment;
import org.basinlab.matching.ReferenceNetworks;
import org.basinlab.matching.WeightMatching;
import org.basinlab.network.FunctionCheck;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Rounds;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.StopRule;
import org.basinlab.recipe.TensorShape;
import org.junit.jupiter.api.Test;

class MergingTest {

    private static final Matching WEIGHT = new Matching.Weight();
    private static final MergeStep HALF = new MergeStep.Pair(WEIGHT, 0.5);
    private static final MergeStep MANY = new MergeStep.Many(WEIGHT, Rounds.CONVERGED, StopRule.L2);
    private static final MergeStep REFERENCE = new MergeStep.Reference(WEIGHT);
    private static final MergeStep MEAN = new MergeStep.Mean();
    private static final Architecture.Mlp TINY = new Architecture.Mlp(1, List.of(2), 2);
    private static final Architecture.Mlp SMALL = new Architecture.Mlp(20, List.of(16, 12, 8), 5);

    /** Units (1 → 1, 3) and (10 → 2, 4). */
    private static final Weights A = tiny(1, 10, 0, 0, 1, 2, 3, 4, 0, 0);

    /** Units (12 → 4, 4) and (3 → 1, 3): A's second unit first. */
    private static final Weights B = tiny(12, 3, 0, 0, 4, 1, 4, 3, 0, 0);

    /** Units (11 → 2, 4) and (2 → 1, 3): A's second unit first. */
    private static final Weights C = tiny(11, 2, 0, 0, 2, 1, 4, 3, 0, 0);

    /** Units (12 → 3, 4) and (1 → 1, 3): A's second unit first. */
    private static final Weights D = tiny(12, 1, 0, 0, 3, 1, 4, 3, 0, 0);

    @Test
    void a_pair_is_the_mean_of_the_first_and_the_permuted_second() {
        Merged merged = merge(HALF, List.of(A, B), 1);

        assertThat(merged.weights().copy()).containsExactly(2, 11, 0, 0, 1, 3, 3, 4, 0, 0);
        assertThat(merged.permutationOfInput().get(0).isIdentity()).isTrue();
        assertThat(merged.permutationOfInput().get(1).get("P_0")).containsExactly(1, 0);
        assertThat(merged.report().l2Before()).isCloseTo(Math.sqrt(121 + 49 + 9 + 1 + 1 + 1), within(1e-12));
        assertThat(merged.report().l2After()).isCloseTo(Math.sqrt(4 + 4 + 4), within(1e-12));
        assertThat(merged.report().matchings()).isEqualTo(1);
    }

    @Test
    void the_share_is_the_weight_of_the_second() {
        assertThat(merge(new MergeStep.Pair(WEIGHT, 0), List.of(A, B), 1)
                        .weights()
                        .copy())
                .containsExactly(A.copy());
        assertThat(merge(new MergeStep.Pair(WEIGHT, 1), List.of(A, B), 1)
                        .weights()
                        .copy())
                .containsExactly(3, 12, 0, 0, 1, 4, 3, 4, 0, 0);
        assertThat(merge(new MergeStep.Pair(WEIGHT, 0.25), List.of(A, B), 1)
                        .weights()
                        .copy())
                .containsExactly(1.5f, 10.5f, 0, 0, 1, 2.5f, 3, 4, 0, 0);
    }

    @Test
    void all_are_aligned_with_the_reference_and_averaged() {
        Merged merged = merge(REFERENCE, List.of(A, B, C), 1);

        assertThat(merged.weights().copy()).containsExactly(2, 11, 0, 0, 1, 8f / 3, 3, 4, 0, 0);
        assertThat(merged.permutationOfInput())
                .extracting(Permutations::isIdentity)
                .containsExactly(true, false, false);
        assertThat(merged.report().matchings()).isEqualTo(2);
    }

    @Test
    void merge_many_agrees_with_a_case_by_hand() {
        for (long seed = 0; seed < 8; seed++) {
            Merged merged = merge(MANY, List.of(A, B, C, D), seed);

            // Three of four agree from the start, so in every order of visits A is the one that moves, in round 1.
            assertThat(merged.weights().copy()).containsExactly(11.25f, 1.75f, 0, 0, 2.75f, 1, 4, 3, 0, 0);
            assertThat(merged.permutationOfInput())
                    .extracting(Permutations::isIdentity)
                    .containsExactly(false, true, true, true);
            assertThat(merged.report().converged()).isTrue();
            assertThat(merged.report().rounds()).isEqualTo(2);
            assertThat(merged.report().matchings()).isEqualTo(8);
            // Distances of the pairs, squared: πA–B 12, πA–C 2, πA–D 5, B–C 6, B–D 5, C–D 3.
            assertThat(merged.report().l2After()).isCloseTo(Math.sqrt(33 / 6.0), within(1e-12));
        }
    }

    @Test
    void tied_pairings_may_be_exchanged_without_counting_as_progress() {
        Weights equalUnits = tiny(1, 1, 0, 0, 2, 2, 3, 3, 0, 0);

        Merged merged = merge(MANY, List.of(equalUnits, A), 1);

        assertThat(merged.report().rounds()).isEqualTo(1);
        assertThat(merged.report().l2After()).isEqualTo(merged.report().l2Before());
    }

    @Test
    void the_plain_mean_of_trained_networks_has_the_norm_of_the_reference() {
        List<Weights> inputs = Stream.of("seed0", "seed1", "seed2", "seed3")
                .map(ReferenceNetworks::read)
                .toList();

        Merged merged = merge(MEAN, inputs, 1);

        double norm = 0;
        for (TensorShape shape : ReferenceNetworks.TRAINED.tensors()) {
            double squares = 0;
            for (float value : merged.weights().tensor(shape)) {
                squares += (double) value * value;
            }
            norm += Math.sqrt(squares);
        }
        double expected =
                ReferenceNetworks.expected().at("/naive_mean_of_4/weight_norm").doubleValue();
        assertThat(norm).isCloseTo(expected, within(1e-4 * expected));
        assertThat(merged.permutationOfInput()).hasSize(4).allMatch(Permutations::isIdentity);
        assertThat(merged.report().matchings()).isZero();
        assertThat(merged.report().l2After()).isEqualTo(merged.report().l2Before());
    }

    @Test
    void a_mean_is_added_in_float64() {
        float[] large = new float[TINY.parameterCount()];
        float[] one = new float[TINY.parameterCount()];
        Arrays.fill(large, 0x1p24f);
        Arrays.fill(one, 1);
        Weights up = Weights.owning(TINY, large);
        Weights unit = Weights.owning(TINY, one);

        Merged merged = merge(MEAN, List.of(up, unit, unit, unit), 1);

        assertThat(merged.weights().copy()).containsOnly((float) ((0x1p24 + 3) / 4));
    }

    @Test
    void a_network_merged_with_itself_is_given_back() {
        Weights network = ReferenceNetworks.read("seed0");

        for (MergeStep step : List.of(HALF, MANY, REFERENCE, MEAN, new MergeStep.Pair(WEIGHT, 0.3))) {
            assertThat(merge(step, List.of(network, network), 4).weights().copy())
                    .isEqualTo(network.copy());
        }
    }

    @Test
    void permutations_of_one_network_merge_into_it() {
        Weights network = ReferenceNetworks.read("seed0");
        Weights permuted = ReferenceNetworks.read("seed0-permuted");

        Merged pair = merge(HALF, List.of(network, permuted), 4);
        Merged many = merge(MANY, List.of(network, permuted), 4);
        Merged reference = merge(REFERENCE, List.of(network, permuted, permuted), 4);

        assertThat(pair.weights().copy()).isEqualTo(network.copy());
        assertThat(reference.weights().copy()).isEqualTo(network.copy());
        FunctionCheck.of(network, 3).requireSame(many.weights());
        assertThat(many.report().l2After()).isZero();
    }

    @Test
    void a_pair_takes_the_permutations_of_weight_matching_with_its_seed() {
        Weights a = ReferenceNetworks.read("seed0");
        Weights b = ReferenceNetworks.read("seed1");
        Alignment alignment = WeightMatching.align(a, b, 9, Progress.UNWATCHED);

        Merged merged = merge(HALF, List.of(a, b), 9);

        Weights permuted = alignment.permutations().apply(b);
        assertThat(merged.permutationOfInput().get(1)).isEqualTo(alignment.permutations());
        assertThat(merged.report().sweeps()).isEqualTo(alignment.sweeps());
        assertThat(merged.report().l2After()).isCloseTo(alignment.l2After(), within(1e-9));
        for (int i = 0; i < a.size(); i++) {
            assertThat(merged.weights().at(i)).isEqualTo((float) (0.5 * a.at(i) + 0.5 * permuted.at(i)));
        }
    }

    @Test
    void merge_many_brings_the_networks_nearer_round_by_round() {
        List<Weights> inputs = population(5);
        List<Double> spreads = new ArrayList<>();
        for (int rounds = 1; rounds <= 8; rounds++) {
            MergeStep step = new MergeStep.Many(WEIGHT, new Rounds(rounds), StopRule.L2);

            spreads.add(-merge(step, inputs, 7).report().l2After());
        }
        MergeReport whole = merge(MANY, inputs, 7).report();
        spreads.add(-whole.l2After());

        assertThat(spreads).isSorted();
        assertThat(whole.l2After()).isLessThan(whole.l2Before());
        assertThat(whole.converged()).isTrue();
        assertThat(whole.matchings()).isEqualTo(5 * whole.rounds());
    }

    @Test
    void merge_many_reports_permutations_that_lead_from_inputs_to_the_mean() {
        List<Weights> inputs = population(4);

        Merged merged = merge(MANY, inputs, 3);

        float[] again = new float[SMALL.parameterCount()];
        double[] sum = new double[again.length];
        for (int k = 0; k < inputs.size(); k++) {
            Weights permuted = merged.permutationOfInput().get(k).apply(inputs.get(k));
            for (int i = 0; i < sum.length; i++) {
                sum[i] += permuted.at(i);
            }
        }
        for (int i = 0; i < sum.length; i++) {
            again[i] = (float) (sum[i] / inputs.size());
        }
        assertThat(merged.weights().copy()).isEqualTo(again);
    }

    @Test
    void a_limit_of_rounds_ends_merge_many_before_it_converged() {
        List<Weights> inputs = population(5);

        MergeReport report = merge(new MergeStep.Many(WEIGHT, new Rounds(1), StopRule.L2), inputs, 7)
                .report();

        assertThat(report.rounds()).isEqualTo(1);
        assertThat(report.matchings()).isEqualTo(5);
        assertThat(report.converged()).isFalse();
    }

    @Test
    void the_identity_rule_ends_after_a_round_that_moved_nothing() {
        List<Weights> inputs = population(4);
        MergeStep step = new MergeStep.Many(WEIGHT, Rounds.CONVERGED, StopRule.IDENTITY);

        Merged merged = merge(step, inputs, 7);

        MergeStep oneLess =
                new MergeStep.Many(WEIGHT, new Rounds(merged.report().rounds() - 1), StopRule.IDENTITY);
        assertThat(merged.report().converged()).isTrue();
        assertThat(merge(oneLess, inputs, 7).permutationOfInput()).isEqualTo(merged.permutationOfInput());
    }

    @Test
    void equal_seeds_give_equal_networks_and_other_seeds_may_not() {
        List<Weights> inputs = population(4);

        for (MergeStep step : List.of(MANY, REFERENCE)) {
            float[] once = merge(step, inputs, 11).weights().copy();

            assertThat(merge(step, inputs, 11).weights().copy()).isEqualTo(once);
            assertThat(merge(step, inputs, 12).weights().copy()).isNotEqualTo(once);
        }
    }

    @Test
    void a_cancelled_merge_stops_in_every_scheme() {
        List<Weights> inputs = population(2);
        for (MergeStep step : List.of(HALF, MANY, REFERENCE, MEAN)) {
            assertThatExceptionOfType(CancellationException.class)
                    .isThrownBy(() -> Merging.merge(step, inputs, 1, fraction -> {
                        if (fraction > 0.1) {
                            throw new CancellationException();
                        }
                    }));
        }
    }

    @Test
    void progress_rises_to_one() {
        for (MergeStep step : List.of(HALF, MANY, REFERENCE, MEAN)) {
            List<Double> fractions = new ArrayList<>();

            Merging.merge(step, population(2), 1, fractions::add);

            assertThat(fractions).isSorted().startsWith(0.0).endsWith(1.0);
        }
    }

    @Test
    void inputs_that_cannot_be_merged_are_refused_by_name() {
        Weights other = ReferenceNetworks.random(SMALL, 1);
        float[] values = A.copy();
        values[4] = Float.NaN;
        Weights broken = Weights.owning(TINY, values);

        assertThat(refusal(MEAN, List.of(A, other)))
                .hasValue("networks must have one architecture to be merged: network 1 is 1-2-2, network 2 is"
                        + " 20-16-12-8-5");
        assertThat(refusal(REFERENCE, List.of(A, broken, B, C)))
                .hasValue("weights must be finite to be merged, but network 2 of 4 holds a NaN in layers.1.weight");
        assertThat(refusal(HALF, List.of(A, B, C))).hasValue("a pair takes exactly 2 networks, was given 3");
        assertThat(refusal(MANY, List.of(A))).hasValue("a merge takes at least 2 networks, was given 1");
    }

    @Test
    void the_list_of_permutations_cannot_be_changed() {
        List<Permutations> list = new ArrayList<>();
        Merged merged = new Merged(A, list, List.of(), new MergeReport(0, 1, 0, 0, 0, true));

        list.add(Permutations.identity(PermutationSpec.of(TINY)));

        assertThat(merged.permutationOfInput()).isEmpty();
    }

    private static Optional<String> refusal(MergeStep step, List<Weights> inputs) {
        Throwable thrown = catchThrowable(() -> merge(step, inputs, 1));
        assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
        return Optional.ofNullable(thrown.getMessage());
    }

    private static Merged merge(MergeStep step, List<Weights> inputs, long seed) {
        return Merging.merge(step, inputs, seed, Progress.UNWATCHED);
    }

    private static Weights tiny(float... values) {
        return Weights.owning(TINY, values);
    }

    /** Networks with something in common, each in an order of its own. */
    private static List<Weights> population(int count) {
        Weights common = ReferenceNetworks.random(SMALL, 1000);
        List<Weights> networks = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            float[] values = ReferenceNetworks.random(SMALL, k).copy();
            for (int i = 0; i < values.length; i++) {
                values[i] = 0.7f * values[i] + 0.7f * common.at(i);
            }
            networks.add(shuffled(k + 10).apply(Weights.owning(SMALL, values)));
        }
        return networks;
    }

    private static Permutations shuffled(long seed) {
        RandomGenerator random = Seeds.generator(seed);
        Map<String, int[]> byName = new LinkedHashMap<>();
        PermutationSpec.of(SMALL).sizes().forEach((name, size) -> byName.put(name, Seeds.shuffled(size, random)));
        return Permutations.of(byName);
    }
}

package org.basinlab.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.StreamSupport;
import org.basinlab.network.FunctionCheck;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class WeightMatchingTest {

    private static final Architecture.Mlp SMALL = new Architecture.Mlp(20, List.of(16, 12, 8), 5);

    @Test
    void recovers_the_permutation_of_a_permuted_network_exactly() {
        Weights original = ReferenceNetworks.read("seed0");
        Weights permuted = ReferenceNetworks.read("seed0-permuted");
        JsonNode applied = ReferenceNetworks.expected().at("/seed0_permuted/permutations_applied");

        Alignment found = WeightMatching.align(original, permuted, 1, Progress.UNWATCHED);

        assertThat(found.l2After()).isZero();
        assertThat(found.l2Before()).isGreaterThan(10);
        assertThat(permutationsOf(applied).then(found.permutations()).isIdentity())
                .isTrue();
        assertThat(found.permutations().apply(permuted).copy()).isEqualTo(original.copy());
    }

    @Test
    void trained_networks_come_as_near_as_in_the_reference() {
        Weights a = ReferenceNetworks.read("seed0");
        Weights b = ReferenceNetworks.read("seed1");
        JsonNode expected = ReferenceNetworks.expected().get("weight_matching_seed0_seed1");
        double[] range = StreamSupport.stream(
                        expected.get("l2_after_30_random_orders").spliterator(), false)
                .mapToDouble(JsonNode::doubleValue)
                .toArray();

        for (long seed = 0; seed < 10; seed++) {
            Alignment found = WeightMatching.align(a, b, seed, Progress.UNWATCHED);

            assertThat(found.l2Before()).isCloseTo(expected.get("l2_before").doubleValue(), within(1e-6));
            assertThat(found.l2After()).isBetween(range[0] - 0.02, range[range.length - 1] + 0.02);
            assertThat(found.sweeps()).isBetween(3, 15);
        }
    }

    @Test
    void agrees_with_the_plain_algorithm_that_makes_every_product_anew() {
        Weights trained = ReferenceNetworks.read("seed2");
        for (long seed = 0; seed < 3; seed++) {
            assertAgreesWithPlain(trained, ReferenceNetworks.read("seed3"), seed);
        }
        for (long seed = 0; seed < 20; seed++) {
            assertAgreesWithPlain(
                    ReferenceNetworks.random(SMALL, seed), ReferenceNetworks.random(SMALL, 100 + seed), seed);
        }
    }

    private static void assertAgreesWithPlain(Weights a, Weights b, long seed) {
        PlainWeightMatching plain = new PlainWeightMatching(a, b);

        Permutations wanted = plain.run(seed);
        Alignment found = WeightMatching.align(a, b, seed, Progress.UNWATCHED);

        assertThat(found.permutations()).isEqualTo(wanted);
        assertThat(found.sweeps()).isEqualTo(plain.sweeps);
    }

    @Test
    void a_network_matched_with_itself_stays_as_it_is() {
        Weights weights = ReferenceNetworks.read("seed1");

        Alignment found = WeightMatching.align(weights, weights, 5, Progress.UNWATCHED);

        assertThat(found.permutations().isIdentity()).isTrue();
        assertThat(found.l2Before()).isZero();
        assertThat(found.sweeps()).isEqualTo(1);
    }

    @Test
    void the_function_of_the_permuted_network_is_that_of_the_original() {
        Weights b = ReferenceNetworks.read("seed1");

        Alignment found = WeightMatching.align(ReferenceNetworks.read("seed0"), b, 5, Progress.UNWATCHED);

        FunctionCheck.of(b, 1).requireSame(found.permutations().apply(b));
        assertThat(found.permutations().isIdentity()).isFalse();
    }

    @Test
    void the_objective_never_falls_from_sweep_to_sweep() {
        List<Weights> a = List.of(ReferenceNetworks.read("seed0"));
        Weights b = ReferenceNetworks.read("seed1");
        List<Double> objectives = new ArrayList<>();
        List<Double> distances = new ArrayList<>();

        for (int sweeps = 0; sweeps <= 8; sweeps++) {
            Alignment found = WeightMatching.alignWithMean(a, b, 3, Progress.UNWATCHED, sweeps);
            objectives.add(found.objective());
            distances.add(-found.l2After());
        }

        assertThat(objectives).isSorted();
        assertThat(distances).isSorted();
        assertThat(objectives.get(8)).isGreaterThan(objectives.get(0) + 10);
    }

    @Test
    void objective_and_distances_tell_of_the_same_networks() {
        Weights a = ReferenceNetworks.random(SMALL, 1);
        Weights b = ReferenceNetworks.random(SMALL, 2);

        Alignment found = WeightMatching.align(a, b, 3, Progress.UNWATCHED);

        double squares = inner(a, a) + inner(b, b);
        assertThat(found.objective()).isCloseTo(inner(a, found.permutations().apply(b)), within(1e-9));
        assertThat(found.l2After() * found.l2After()).isCloseTo(squares - 2 * found.objective(), within(1e-9));
        assertThat(found.l2Before() * found.l2Before()).isCloseTo(squares - 2 * inner(a, b), within(1e-9));
    }

    @Test
    void the_mean_of_several_is_a_target_that_is_never_rounded() {
        Weights b = ReferenceNetworks.random(SMALL, 2);
        float[] up = b.copy();
        float[] down = b.copy();
        for (int i = 0; i < up.length; i++) {
            up[i] = Math.nextUp(up[i]);
        }
        double expected = 0;
        for (int i = 0; i < up.length; i++) {
            double half = ((double) up[i] - down[i]) / 2;
            expected += half * half;
        }
        List<Weights> others = List.of(Weights.owning(SMALL, up), Weights.owning(SMALL, down));

        Alignment found = WeightMatching.alignWithMean(others, b, 3, Progress.UNWATCHED);

        assertThat(found.permutations().isIdentity()).isTrue();
        assertThat(found.l2After())
                .isCloseTo(Math.sqrt(expected), within(1e-18))
                .isPositive();
    }

    @Test
    void dead_units_and_other_ties_do_not_keep_it_busy() {
        float[] values = ReferenceNetworks.random(SMALL, 1).copy();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.rint(values[i] * 4) == 0 ? 0 : 1000;
        }
        Weights a = Weights.owning(SMALL, values);
        Weights zero = Weights.owning(SMALL, new float[SMALL.parameterCount()]);

        assertThat(WeightMatching.align(a, zero, 1, Progress.UNWATCHED).sweeps())
                .isEqualTo(1);
        assertThat(WeightMatching.align(a, ReferenceNetworks.random(SMALL, 4), 1, Progress.UNWATCHED)
                        .sweeps())
                .isLessThan(50);
    }

    @Test
    void equal_seeds_give_equal_permutations() {
        Weights a = ReferenceNetworks.random(SMALL, 1);
        Weights b = ReferenceNetworks.random(SMALL, 2);

        Alignment first = WeightMatching.align(a, b, 3, Progress.UNWATCHED);
        Alignment second = WeightMatching.align(a, b, 3, Progress.UNWATCHED);

        assertThat(first.permutations()).isEqualTo(second.permutations());
        assertThat(first.objective()).isEqualTo(second.objective());
    }

    @Test
    void a_cancelled_matching_stops_at_the_next_visit_and_leaves_no_memory_behind() {
        Weights a = ReferenceNetworks.random(SMALL, 1);
        Weights b = ReferenceNetworks.random(SMALL, 2);
        WeightMatching.align(a, b, 3, Progress.UNWATCHED);
        long before = Pointer.totalBytes();
        AtomicInteger calls = new AtomicInteger();

        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> WeightMatching.align(a, b, 3, fraction -> {
                    if (calls.incrementAndGet() == 3) {
                        throw new CancellationException();
                    }
                }));
        WeightMatching.align(a, b, 3, Progress.UNWATCHED);

        assertThat(calls).hasValue(3);
        assertThat(Pointer.totalBytes()).isLessThanOrEqualTo(before);
    }

    @Test
    void progress_never_falls_and_stays_below_one() {
        List<Double> fractions = new ArrayList<>();

        WeightMatching.align(ReferenceNetworks.random(SMALL, 1), ReferenceNetworks.random(SMALL, 2), 3, fractions::add);

        assertThat(fractions).isSorted().hasSizeGreaterThan(5).allMatch(fraction -> fraction >= 0 && fraction < 1);
    }

    @Test
    void networks_of_two_architectures_are_refused() {
        Weights a = ReferenceNetworks.random(SMALL, 1);
        Weights b = ReferenceNetworks.random(new Architecture.Mlp(20, List.of(16, 12), 5), 2);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> WeightMatching.align(a, b, 1, Progress.UNWATCHED))
                .withMessage("networks must have one architecture to be aligned, were 20-16-12-8-5 and 20-16-12-5");
    }

    @Test
    void weights_that_are_not_finite_are_refused() {
        Weights a = ReferenceNetworks.random(SMALL, 1);
        float[] values = a.copy();
        values[5] = Float.NaN;
        Weights b = Weights.owning(SMALL, values);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> WeightMatching.align(a, b, 1, Progress.UNWATCHED))
                .withMessageContaining("must be finite");
        assertThatIllegalArgumentException().isThrownBy(() -> WeightMatching.align(b, a, 1, Progress.UNWATCHED));
    }

    @Test
    void a_random_permutation_of_a_random_network_is_found_whatever_the_seed() {
        for (long seed = 0; seed < 10; seed++) {
            Weights a = ReferenceNetworks.random(SMALL, seed);
            Weights b = shuffled(seed + 50).apply(a);

            Alignment found = WeightMatching.align(a, b, seed, Progress.UNWATCHED);

            assertThat(found.l2After()).isZero();
        }
    }

    private static Permutations shuffled(long seed) {
        RandomGenerator random = Seeds.generator(seed);
        Map<String, int[]> byName = new LinkedHashMap<>();
        PermutationSpec.of(SMALL).sizes().forEach((name, size) -> byName.put(name, Seeds.shuffled(size, random)));
        return Permutations.of(byName);
    }

    private static Permutations permutationsOf(JsonNode vectors) {
        Map<String, int[]> byName = new LinkedHashMap<>();
        for (JsonNode vector : vectors) {
            int[] p = StreamSupport.stream(vector.spliterator(), false)
                    .mapToInt(JsonNode::intValue)
                    .toArray();
            byName.put("P_" + byName.size(), p);
        }
        return Permutations.of(byName);
    }

    private static double inner(Weights a, Weights b) {
        double sum = 0;
        for (int i = 0; i < a.size(); i++) {
            sum += (double) a.at(i) * b.at(i);
        }
        return sum;
    }
}

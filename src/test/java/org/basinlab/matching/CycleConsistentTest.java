package org.basinlab.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.basinlab.assignment.LinearAssignment;
import org.basinlab.network.GraphWeights;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CycleConsistentTest {

    private static final Architecture.Mlp SMALL = new Architecture.Mlp(20, List.of(16, 12), 5);

    static Stream<Architecture> networks() {
        return SmallGraphs.all();
    }

    private static List<Weights> random(Architecture architecture, int count) {
        List<Weights> networks = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            networks.add(GraphWeights.random(architecture, 30 + k));
        }
        return networks;
    }

    private static double pairs(List<Weights> networks, List<Permutations> permutations) {
        double sum = 0;
        for (int i = 0; i < networks.size(); i++) {
            for (int j = 0; j < i; j++) {
                Weights one = permutations.get(i).apply(networks.get(i));
                sum += Sums.of(List.of(permutations.get(j).apply(networks.get(j))), one)
                        .inner();
            }
        }
        return sum;
    }

    /** At t = 1 all orders are permutations, so the polynomial has to give what the permuted networks give. */
    @ParameterizedTest
    @MethodSource("networks")
    void the_polynomial_is_the_objective_at_both_ends_and_its_slope_that_of_the_gradient(Architecture architecture) {
        List<Weights> networks = random(architecture, 3);
        SoftOrders orders = new SoftOrders(networks, 1);
        List<Permutations> start = orders.nearest();
        double unordered = unordered(networks);

        Quartic way = orders.search();
        double slope = slope(orders, 3);
        orders.advance(1);

        assertThat(start).allMatch(Permutations::isIdentity);
        assertThat(way.at(0) + unordered).isCloseTo(pairs(networks, start), within(1e-8));
        assertThat(way.at(1) + unordered).isCloseTo(pairs(networks, orders.nearest()), within(1e-8));
        assertThat(way.c1()).isCloseTo(slope, within(1e-8)).isPositive();
        assertThat(orders.search().c0()).isCloseTo(way.at(1), within(1e-8));
    }

    /** What no permutation orders gives the same always. */
    private static double unordered(List<Weights> networks) {
        PermutationSpec spec = PermutationSpec.of(networks.get(0).architecture());
        double sum = 0;
        for (PermutationSpec.PermutedTensor tensor : spec.tensors()) {
            if (tensor.shape().isParameter() && tensor.axes().stream().allMatch(Optional::isEmpty)) {
                for (int element = 0; element < tensor.shape().size(); element++) {
                    int at = tensor.shape().offset() + element;
                    for (int i = 0; i < networks.size(); i++) {
                        for (int j = 0; j < i; j++) {
                            sum += (double) networks.get(i).at(at)
                                    * networks.get(j).at(at);
                        }
                    }
                }
            }
        }
        return sum;
    }

    /** ⟨gradient, where it leads − where it is⟩. */
    private static double slope(SoftOrders orders, int count) {
        double[][][] gradients = orders.gradients();
        double slope = 0;
        for (int network = 0; network < count; network++) {
            for (int layer = 0; layer < gradients[network].length; layer++) {
                double[] gradient = gradients[network][layer];
                int units = (int) Math.sqrt(gradient.length);
                double here = 0;
                for (int cell = 0; cell < gradient.length; cell++) {
                    here += gradient[cell] * orders.order(network, layer)[cell];
                }
                double best = LinearAssignment.maximise(gradient, units).cost();
                slope += best - here;
            }
        }
        return slope;
    }

    /** Any value on the way: that of a network whose soft orders are there, found by going there and looking anew. */
    @ParameterizedTest
    @MethodSource("networks")
    void the_polynomial_is_the_objective_all_along_from_soft_orders_too(Architecture architecture) {
        List<Weights> networks = random(architecture, 3);
        SoftOrders orders = new SoftOrders(networks, 0);

        for (double t : new double[] {0.3, 0.6, 0.45}) {
            Quartic way = orders.search();
            orders.advance(t);

            Quartic next = orders.search();
            assertThat(next.c0()).isCloseTo(way.at(t), within(1e-8));
            assertThat(next.c1()).isCloseTo(slope(orders, 3), within(1e-7));
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void the_relaxed_objective_never_falls(Architecture architecture) {
        SoftOrders orders = new SoftOrders(random(architecture, 3), 2);
        List<Double> values = new ArrayList<>();

        for (int i = 0; i < 6; i++) {
            Quartic way = orders.search();
            values.add(way.c0());
            orders.advance(way.greatest());
        }

        for (int i = 1; i < values.size(); i++) {
            assertThat(values.get(i)).isGreaterThanOrEqualTo(values.get(i - 1) - 1e-9);
        }
        assertThat(values.get(5)).isGreaterThan(values.get(0));
    }

    @Test
    void the_greatest_value_of_a_polynomial_is_found() {
        for (double[] c : new double[][] {
            {0, 1, 0, 0, 0},
            {0, -1, 0, 0, 0},
            {1, 0, 0, 0, 0},
            {0, 1, -1, 0, 0},
            {0, -2, 9, -12, 5},
            {0, 1, -8, 15, -8},
            {2, 0, -1, 0, 1}
        }) {
            Quartic polynomial = new Quartic(c[0], c[1], c[2], c[3], c[4]);
            double greatest = Double.NEGATIVE_INFINITY;
            for (int i = 0; i <= 10_000; i++) {
                greatest = Math.max(greatest, polynomial.at(i / 10_000.0));
            }

            double t = polynomial.greatest();

            assertThat(t).isBetween(0.0, 1.0);
            assertThat(polynomial.at(t)).isCloseTo(greatest, within(1e-7)).isGreaterThanOrEqualTo(greatest - 1e-12);
        }
    }

    @Test
    void from_one_network_to_another_by_way_of_a_third_is_the_same_as_directly() {
        List<Weights> networks = Stream.of("seed0", "seed1", "seed2", "seed3")
                .map(ReferenceNetworks::read)
                .toList();

        CycleConsistent.Agreement found = CycleConsistent.align(networks, 100, 1, Progress.UNWATCHED);

        List<Permutations> back =
                found.permutations().stream().map(CycleConsistentTest::inverse).toList();
        assertThat(found.permutations().get(0).isIdentity()).isTrue();
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                for (int k = 0; k < 4; k++) {
                    Permutations direct = found.permutations().get(i).then(back.get(j));
                    Permutations first = found.permutations().get(i).then(back.get(k));
                    Permutations second = found.permutations().get(k).then(back.get(j));
                    assertThat(first.then(second)).isEqualTo(direct);
                }
            }
        }
        assertThat(found.objective()).isCloseTo(pairs(networks, found.permutations()), within(1e-9));
        assertThat(found.objective()).isGreaterThan(star(networks) + 1);
    }

    /** All aligned with the first by weight matching. */
    private static double star(List<Weights> networks) {
        List<Permutations> permutations = new ArrayList<>();
        for (Weights network : networks) {
            permutations.add(WeightMatching.align(networks.get(0), network, 1, Progress.UNWATCHED)
                    .permutations());
        }
        return pairs(networks, permutations);
    }

    private static Permutations inverse(Permutations permutations) {
        Map<String, int[]> byName = new LinkedHashMap<>();
        permutations.toMap().forEach((name, vector) -> {
            int[] inverse = new int[vector.length];
            for (int i = 0; i < vector.length; i++) {
                inverse[vector[i]] = i;
            }
            byName.put(name, inverse);
        });
        return Permutations.of(byName);
    }

    @Test
    void permuted_copies_of_one_network_are_all_led_back() {
        Weights original = ReferenceNetworks.read("seed0");
        List<Weights> networks = new ArrayList<>(List.of(original));
        for (long seed = 1; seed < 4; seed++) {
            networks.add(SmallGraphs.shuffled(ReferenceNetworks.TRAINED, seed).apply(original));
        }

        CycleConsistent.Agreement found = CycleConsistent.align(networks, 200, 1, Progress.UNWATCHED);

        for (int i = 0; i < networks.size(); i++) {
            Weights back = found.permutations().get(i).apply(networks.get(i));
            assertThat(Sums.of(List.of(original), back).distance()).isZero();
        }
    }

    @Test
    void equal_seeds_agree_and_progress_never_falls() {
        List<Weights> networks = random(SMALL, 4);
        List<Double> fractions = new ArrayList<>();

        CycleConsistent.Agreement first = CycleConsistent.align(networks, 50, 3, fractions::add);
        CycleConsistent.Agreement second = CycleConsistent.align(networks, 50, 3, Progress.UNWATCHED);

        assertThat(second).isEqualTo(first);
        assertThat(first.iterations()).isBetween(2, 50);
        assertThat(fractions).isSorted().allMatch(fraction -> fraction >= 0 && fraction < 1);
    }

    @Test
    void one_network_and_no_iteration_are_refused() {
        List<Weights> networks = random(SMALL, 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> CycleConsistent.align(networks, 5, 1, Progress.UNWATCHED))
                .withMessage("there must be at least 2 networks and 1 iteration, were 1 and 5");
    }
}

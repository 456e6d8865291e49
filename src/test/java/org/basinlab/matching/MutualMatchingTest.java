package org.basinlab.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class MutualMatchingTest {

    private static final Architecture.Mlp SMALL = new Architecture.Mlp(20, List.of(16, 12, 8), 5);

    /** Hidden layers wider than the input: no product of pairs is kept. */
    private static final Architecture.Mlp WIDE = new Architecture.Mlp(7, List.of(30, 41), 3);

    private static final Architecture.Mlp SHALLOW = new Architecture.Mlp(40, List.of(24), 30);

    @Test
    void every_matching_of_many_rounds_is_that_of_the_plain_algorithm() {
        for (Architecture.Mlp architecture : List.of(SMALL, WIDE, SHALLOW)) {
            for (long seed = 0; seed < 4; seed++) {
                assertAgreesWithPlain(random(architecture, 3 + (int) seed % 2, seed), seed, 8, Long.MAX_VALUE);
            }
        }
    }

    @Test
    void every_matching_is_that_of_the_plain_algorithm_where_nothing_is_kept() {
        for (Architecture.Mlp architecture : List.of(SMALL, WIDE, SHALLOW)) {
            assertAgreesWithPlain(random(architecture, 4, 9), 2, 4, 0);
        }
    }

    @Test
    void trained_networks_are_moved_as_by_the_plain_algorithm() {
        List<Weights> trained = Stream.of("seed0", "seed1", "seed2")
                .map(ReferenceNetworks::read)
                .toList();

        assertAgreesWithPlain(trained, 5, 2, Long.MAX_VALUE);
    }

    /** Plain: the networks are permuted, their mean is made anew, and every matching starts from nothing. */
    private static void assertAgreesWithPlain(List<Weights> originals, long seed, int rounds, long mostBytes) {
        List<Weights> plain = new ArrayList<>(originals);
        try (MutualMatching matching = new MutualMatching(originals, mostBytes)) {
            for (int round = 0; round < rounds; round++) {
                for (int k : Seeds.shuffled(plain.size(), Seeds.generator(Seeds.derive(seed, "order", round)))) {
                    long own = Seeds.derive(seed, "matching", round, k);
                    List<Weights> others = new ArrayList<>(plain);
                    Weights before = others.remove(k);
                    PlainWeightMatching wanted = new PlainWeightMatching(others, before);
                    Permutations moved = wanted.run(own);
                    plain.set(k, moved.apply(before));

                    MutualMatching.Move found = matching.align(k, own, Progress.UNWATCHED);

                    assertThat(matching.permutations(k).apply(originals.get(k)).copy())
                            .isEqualTo(plain.get(k).copy());
                    assertThat(found.sweeps()).isEqualTo(wanted.sweeps);
                    assertThat(found.moved()).isEqualTo(!moved.isIdentity());
                    double gain = Sums.of(others, plain.get(k)).inner()
                            - Sums.of(others, before).inner();
                    assertThat(found.gain()).isCloseTo(gain, within(1e-11));
                }
            }
        }
    }

    @Test
    void a_network_that_already_stands_best_gains_exactly_nothing() {
        List<Weights> networks = random(SMALL, 3, 1);
        try (MutualMatching matching = new MutualMatching(networks)) {
            MutualMatching.Move last = matching.align(0, 1, Progress.UNWATCHED);
            while (last.moved()) {
                last = matching.align(0, 1, Progress.UNWATCHED);
            }

            assertThat(last).isEqualTo(new MutualMatching.Move(1, false, 0));
        }
    }

    @Test
    void a_permuted_copy_is_led_back_exactly() {
        Weights original = ReferenceNetworks.random(SMALL, 3);
        RandomGenerator random = Seeds.generator(4);
        Map<String, int[]> byName = new LinkedHashMap<>();
        PermutationSpec.of(SMALL).sizes().forEach((name, size) -> byName.put(name, Seeds.shuffled(size, random)));
        Weights permuted = Permutations.of(byName).apply(original);

        try (MutualMatching matching = new MutualMatching(List.of(original, permuted))) {
            matching.align(1, 5, Progress.UNWATCHED);

            assertThat(matching.permutations(1).apply(permuted).copy()).isEqualTo(original.copy());
        }
    }

    @Test
    void memory_is_given_back_when_closed_also_after_a_cancelled_matching() {
        List<Weights> networks = random(SMALL, 3, 1);
        try (MutualMatching warm = new MutualMatching(networks)) {
            warm.align(0, 1, Progress.UNWATCHED);
        }
        long before = Pointer.totalBytes();

        try (MutualMatching matching = new MutualMatching(networks)) {
            assertThatExceptionOfType(CancellationException.class)
                    .isThrownBy(() -> matching.align(1, 1, fraction -> {
                        throw new CancellationException();
                    }));
        }

        assertThat(Pointer.totalBytes()).isLessThanOrEqualTo(before);
    }

    @Test
    void networks_that_cannot_be_aligned_are_refused() {
        Weights network = ReferenceNetworks.random(SMALL, 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MutualMatching(List.of(network)))
                .withMessage("a matching takes at least 2 networks, was given 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MutualMatching(List.of(network, ReferenceNetworks.random(WIDE, 1))))
                .withMessage("networks must have one architecture to be aligned, were 20-16-12-8-5 and 7-30-41-3");
    }

    private static List<Weights> random(Architecture architecture, int count, long seed) {
        List<Weights> networks = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            networks.add(ReferenceNetworks.random(architecture, 1000 * seed + k));
        }
        return networks;
    }
}

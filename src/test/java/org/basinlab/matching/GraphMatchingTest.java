package org.basinlab.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.basinlab.network.GraphWeights;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.TensorShape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GraphMatchingTest {

    static Stream<Architecture> networks() {
        return SmallGraphs.all();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void agrees_with_the_plain_algorithm_element_by_element(Architecture architecture) {
        Weights a = GraphWeights.random(architecture, 1);
        Weights b = GraphWeights.random(architecture, 2);
        PlainSpecMatching plain = new PlainSpecMatching(List.of(a), b);

        Permutations wanted = plain.run(3);
        Alignment found = WeightMatching.align(a, b, 3, Progress.UNWATCHED);

        assertThat(found.permutations()).isEqualTo(wanted);
        assertThat(found.sweeps()).isEqualTo(plain.sweeps);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void every_matching_of_merge_many_is_that_of_the_plain_algorithm(Architecture architecture) {
        List<Weights> originals = new ArrayList<>();
        for (int k = 0; k < 3; k++) {
            originals.add(GraphWeights.random(architecture, 10 + k));
        }
        List<Weights> plain = new ArrayList<>(originals);
        try (MutualMatching matching = new MutualMatching(originals)) {
            for (int step = 0; step < 5; step++) {
                int k = step % 3;
                List<Weights> others = new ArrayList<>(plain);
                Weights before = others.remove(k);
                Permutations moved = new PlainSpecMatching(others, before).run(Seeds.derive(4, "matching", step));
                plain.set(k, moved.apply(before));

                matching.align(k, Seeds.derive(4, "matching", step), Progress.UNWATCHED);

                assertThat(matching.permutations(k).apply(originals.get(k)).copy())
                        .isEqualTo(plain.get(k).copy());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void a_planted_permutation_is_found_exactly(Architecture architecture) {
        Weights a = GraphWeights.random(architecture, 5);
        Weights b = SmallGraphs.shuffled(architecture, 6).apply(a);

        Alignment found = BestOf.align(a, b, 5, 7, Progress.UNWATCHED);

        assertThat(found.l2Before()).isPositive();
        assertThat(found.l2After()).isZero();
        assertThat(found.permutations().apply(b).copy()).isEqualTo(a.copy());
    }

    @ParameterizedTest
    @MethodSource("networks")
    void the_objective_is_that_of_parameters_alone_and_never_falls_from_sweep_to_sweep(Architecture architecture) {
        Weights a = GraphWeights.random(architecture, 8);
        Weights b = GraphWeights.random(architecture, 9);
        List<Double> objectives = new ArrayList<>();

        for (int sweeps = 0; sweeps < 5; sweeps++) {
            Alignment found = WeightMatching.alignWithMean(List.of(a), b, 1, Progress.UNWATCHED, sweeps);
            objectives.add(found.objective());
            assertThat(found.objective())
                    .isCloseTo(inner(a, found.permutations().apply(b)), within(1e-9));
        }

        assertThat(objectives).isSorted();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void buffers_have_no_say_in_an_alignment(Architecture architecture) {
        Weights a = GraphWeights.random(architecture, 8);
        Weights b = GraphWeights.random(architecture, 9);
        float[] values = b.copy();
        for (TensorShape shape : architecture.tensors()) {
            for (int i = 0; !shape.isParameter() && i < shape.size(); i++) {
                values[shape.offset() + i] = 1000 - i;
            }
        }

        Alignment found = WeightMatching.align(a, b, 1, Progress.UNWATCHED);
        Alignment other = WeightMatching.align(a, Weights.owning(architecture, values), 1, Progress.UNWATCHED);

        assertThat(other.permutations()).isEqualTo(found.permutations());
        assertThat(other.l2After()).isEqualTo(found.l2After());
    }

    private static double inner(Weights a, Weights b) {
        double sum = 0;
        for (TensorShape shape : a.architecture().tensors()) {
            for (int i = shape.offset(); shape.isParameter() && i < shape.offset() + shape.size(); i++) {
                sum += (double) a.at(i) * b.at(i);
            }
        }
        return sum;
    }
}

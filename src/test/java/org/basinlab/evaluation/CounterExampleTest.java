package org.basinlab.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.basinlab.evaluation.CounterExample.Swap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CounterExampleTest {

    /** Of a midpoint rule of 400 × 400 squares: boundaries of a few units of length cross about a hundredth of them. */
    private static final double OF_SQUARES = 0.01;

    /** Triangles beside the axes: one of side 1 and the slope, one of side 1 and its square. */
    @Test
    void both_networks_answer_without_a_mistake_but_for_the_slivers_that_the_slope_leaves() {
        double slivers = (0.01 + 0.01 * 0.01) / 2 / 4;
        for (Swap swap : Swap.values()) {
            List<Double> accuracies = CounterExample.accuracies(swap, 2);

            assertThat(accuracies).allSatisfy(accuracy -> assertThat(accuracy).isCloseTo(1 - slivers, within(1e-12)));
        }
    }

    @Test
    void swapped_units_compute_the_same() {
        for (Swap swap : Swap.values()) {
            CounterExample.Toy swapped = CounterExample.B.swapped(swap);
            for (double x = -1; x <= 1; x += 0.25) {
                assertThat(swapped.output(x, -x * 0.3)).isEqualTo(CounterExample.B.output(x, -x * 0.3));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Swap.class)
    void areas_agree_with_many_points(Swap swap) {
        for (double lambda : new double[] {0.1, 0.3, 0.5, 0.9}) {
            CounterExample.Toy toy = CounterExample.A.towards(CounterExample.B.swapped(swap), lambda);
            int side = 400;
            int right = 0;
            for (int i = 0; i < side * side; i++) {
                double x1 = -1 + (i / side + 0.5) * 2 / side;
                double x2 = -1 + (i % side + 0.5) * 2 / side;
                right += (toy.output(x1, x2) >= 0) == (x1 <= 0 && x2 >= 0) ? 1 : 0;
            }

            assertThat(toy.accuracy()).isCloseTo((double) right / (side * side), within(OF_SQUARES));
        }
    }

    @Test
    void on_every_way_a_network_names_nothing_somewhere() {
        for (Swap swap : Swap.values()) {
            assertThat(CounterExample.barrier(CounterExample.accuracies(swap, 101)))
                    .isCloseTo(0.9987375 - 0.75, within(1e-9));
        }
    }
}

package org.basinlab.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.basinlab.recipe.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WarmAssignmentTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 20, 64})
    void every_total_of_a_sequence_is_the_optimum_of_the_solver_that_starts_from_nothing(int n) {
        RandomGenerator random = Seeds.generator(n);
        WarmAssignment warm = new WarmAssignment(n);
        double[] cost = filled(n, cell -> random.nextDouble(-4, 6));
        for (int step = 0; step < 120; step++) {
            change(cost, step, random);

            Assignment found = warm.minimise(cost);

            assertThat(found.cost())
                    .as("step %d", step)
                    .isCloseTo(LinearAssignment.minimise(cost, n).cost(), within(tolerance(cost)));
            assertIsBijectionOf(found, cost, n);
        }
    }

    /** Small noise, a few rows, a few columns, low rank, ties, all equal, other magnitudes, or another matrix. */
    private static void change(double[] cost, int step, RandomGenerator random) {
        int n = (int) Math.sqrt(cost.length);
        int line = random.nextInt(n);
        switch (step % 9) {
            case 0 -> Arrays.setAll(cost, cell -> cost[cell] + 1e-3 * random.nextGaussian());
            case 1 -> Arrays.setAll(cost, cell -> cell / n == line ? random.nextDouble(-9, 9) : cost[cell]);
            case 2 -> Arrays.setAll(cost, cell -> cell % n == line ? random.nextDouble(-9, 9) : cost[cell]);
            case 3 -> {
                double[] u = random.doubles(n, -2, 2).toArray();
                double[] v = random.doubles(n, -2, 2).toArray();
                Arrays.setAll(cost, cell -> cost[cell] + u[cell / n] * v[cell % n]);
            }
            case 4 -> Arrays.setAll(cost, cell -> Math.rint(cost[cell]));
            case 5 -> Arrays.setAll(cost, cell -> -cost[cell]);
            case 6 -> Arrays.setAll(cost, cell -> cost[cell] * (step % 2 == 0 ? 1e12 : 1e-12));
            case 7 -> Arrays.fill(cost, step % 2 == 0 ? 0 : 0.1);
            default -> Arrays.setAll(cost, cell -> random.nextDouble(-4, 6));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 130})
    void a_unique_optimum_is_found_whatever_came_before(int n) {
        RandomGenerator random = Seeds.generator(n);
        WarmAssignment warm = new WarmAssignment(n);
        double[] gain = filled(n, cell -> random.nextGaussian());
        for (int step = 0; step < 60; step++) {
            double strength = Math.pow(10, -(step % 6));
            Arrays.setAll(gain, cell -> gain[cell] + strength * random.nextGaussian());

            Assignment found = warm.maximise(gain);

            assertThat(found.columnOfRow())
                    .isEqualTo(LinearAssignment.maximise(gain, n).columnOfRow());
        }
    }

    @Test
    void agrees_with_the_best_of_all_pairings_of_five() {
        RandomGenerator random = Seeds.generator(5);
        WarmAssignment warm = new WarmAssignment(5);
        double[] cost = filled(5, cell -> random.nextInt(-3, 4));
        for (int step = 0; step < 300; step++) {
            cost[random.nextInt(25)] = random.nextInt(-3, 4);

            assertThat(warm.minimise(cost).cost()).isEqualTo(cheapest(cost, 5, 0, 0));
        }
    }

    @Test
    void directions_and_magnitudes_may_change_between_two_matrices() {
        double most = Double.MAX_VALUE;
        WarmAssignment warm = new WarmAssignment(3);

        assertThat(warm.minimise(new double[] {most, -most, 0, -most, most, most, most, most, -most / 2})
                        .columnOfRow())
                .containsExactly(1, 0, 2);
        assertThat(warm.minimise(new double[] {1, 2, 3, 3, 1, 2, 2, 3, 1}).columnOfRow())
                .containsExactly(0, 1, 2);
        assertThat(warm.maximise(new double[] {1, 2, 3, 3, 1, 2, 2, 3, 1}).columnOfRow())
                .containsExactly(2, 0, 1);
        assertThat(warm.minimise(new double[] {1e-300, 0, 1e-300, 0, 1e-300, 1e-300, 1e-300, 1e-300, 0})
                        .columnOfRow())
                .containsExactly(1, 0, 2);
    }

    @Test
    void equal_sequences_give_equal_answers_and_leave_their_matrices_unchanged() {
        double[] first = filled(30, cell -> cell % 7);
        double[] second = filled(30, cell -> cell % 5);
        double[] copy = second.clone();
        WarmAssignment one = new WarmAssignment(30);
        WarmAssignment other = new WarmAssignment(30);

        one.minimise(first);
        other.minimise(first);

        assertThat(one.minimise(second).columnOfRow())
                .isEqualTo(other.minimise(second).columnOfRow());
        assertThat(second).isEqualTo(copy);
    }

    @Test
    void a_refused_matrix_does_no_harm_to_the_next() {
        WarmAssignment warm = new WarmAssignment(2);
        warm.minimise(new double[] {1, 2, 2, 1});

        assertThatIllegalArgumentException()
                .isThrownBy(() -> warm.minimise(new double[] {1, 2, 3, Double.NaN}))
                .withMessage("cost[1][1] must be finite, was NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> warm.maximise(new double[] {1, 2, Double.NEGATIVE_INFINITY, 2}))
                .withMessage("cost[1][0] must be finite, was -Infinity");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> warm.minimise(new double[3]))
                .withMessage("a flat cost matrix of n = 2 must have n² entries, had 3");
        assertThatIllegalArgumentException().isThrownBy(() -> new WarmAssignment(-1));
        assertThat(warm.minimise(new double[] {2, 1, 1, 2}).columnOfRow()).containsExactly(1, 0);
    }

    private static double[] filled(int n, IntToDoubleFunction value) {
        return IntStream.range(0, n * n).mapToDouble(value).toArray();
    }

    private static double tolerance(double[] cost) {
        return 1e-12
                * Math.sqrt(cost.length)
                * Arrays.stream(cost).map(Math::abs).max().orElse(0);
    }

    private static double cheapest(double[] cost, int n, int row, int taken) {
        return row == n
                ? 0
                : IntStream.range(0, n)
                        .filter(column -> (taken >> column & 1) == 0)
                        .mapToDouble(column -> cost[row * n + column] + cheapest(cost, n, row + 1, taken | 1 << column))
                        .min()
                        .orElseThrow();
    }

    private static void assertIsBijectionOf(Assignment assignment, double[] cost, int n) {
        int[] columns = assignment.columnOfRow();
        double total = 0;
        for (int row = 0; row < n; row++) {
            total += cost[row * n + columns[row]];
        }
        assertThat(Arrays.stream(columns).sorted())
                .containsExactlyElementsOf(IntStream.range(0, n).boxed().toList());
        assertThat(assignment.cost()).isEqualTo(total);
    }
}

package org.basinlab.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.basinlab.recipe.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearAssignmentTest {

    /** Two optima may differ by the rounding of sums of up to 128 terms of magnitude 10. */
    private static final double ROUNDING = 1e-10;

    @Test
    void agrees_with_the_reference_optima_in_both_directions() throws IOException {
        JsonNode expected;
        try (InputStream json = resource("expected.json")) {
            expected = new ObjectMapper().readTree(json);
        }

        assertThat(expected).hasSizeGreaterThan(15);
        for (JsonNode item : expected) {
            int n = item.get("n").intValue();
            double[][] cost = read(item.get("file").textValue(), n);

            Assignment least = LinearAssignment.minimise(cost);
            Assignment greatest = LinearAssignment.maximise(cost);

            assertThat(least.cost()).isCloseTo(item.get("minimum").doubleValue(), within(ROUNDING));
            assertThat(greatest.cost()).isCloseTo(item.get("maximum").doubleValue(), within(ROUNDING));
            assertIsBijectionOf(least, cost);
            assertIsBijectionOf(greatest, cost);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void agrees_with_exhaustive_search(int n) {
        RandomGenerator random = Seeds.generator(n);
        for (int trial = 0; trial < 60; trial++) {
            double[][] cost = random(n, random);
            if (trial % 3 == 0) { // many ties, and negative costs
                Arrays.stream(cost).forEach(row -> Arrays.setAll(row, j -> Math.rint(row[j])));
            }

            Assignment found = LinearAssignment.minimise(cost);

            assertThat(found.cost()).isCloseTo(cheapestByExhaustion(cost, 0, 0), within(1e-12));
            assertIsBijectionOf(found, cost);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 33, 100})
    void adding_a_number_to_a_whole_row_or_column_leaves_the_pairing_optimal(int n) {
        RandomGenerator random = Seeds.generator(n);
        double[][] cost = random(n, random);
        double[] u = random.doubles(n, -50, 50).toArray();
        double[] v = random.doubles(n, -50, 50).toArray();
        double[][] moved = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                moved[i][j] = cost[i][j] + u[i] + v[j];
            }
        }

        Assignment before = LinearAssignment.minimise(cost);
        Assignment after = LinearAssignment.minimise(moved);

        assertThat(after.columnOfRow()).isEqualTo(before.columnOfRow());
        assertThat(after.cost())
                .isCloseTo(
                        before.cost()
                                + Arrays.stream(u).sum()
                                + Arrays.stream(v).sum(),
                        within(1e-9));
    }

    @Test
    void maximising_is_minimising_the_opposite() {
        double[][] gain = random(40, Seeds.generator(5));
        double[][] opposite = new double[40][];
        Arrays.setAll(opposite, i -> Arrays.stream(gain[i]).map(x -> -x).toArray());

        Assignment greatest = LinearAssignment.maximise(gain);
        Assignment least = LinearAssignment.minimise(opposite);

        assertThat(greatest.columnOfRow()).isEqualTo(least.columnOfRow());
        assertThat(greatest.cost()).isEqualTo(-least.cost());
    }

    @Test
    void a_permuted_diagonal_is_found_again_among_near_ties() {
        int n = 200;
        int[] hidden = Seeds.shuffled(n, Seeds.generator(3));
        double[][] cost = new double[n][n];
        for (int i = 0; i < n; i++) {
            Arrays.fill(cost[i], 1.0);
            cost[i][hidden[i]] = Math.nextDown(1.0);
        }

        Assignment found = LinearAssignment.minimise(cost);

        assertThat(found.columnOfRow()).isEqualTo(hidden);
    }

    @Test
    void equal_costs_everywhere_give_a_bijection() {
        double[][] cost = new double[64][64];
        Arrays.stream(cost).forEach(row -> Arrays.fill(row, 0.1));

        Assignment found = LinearAssignment.minimise(cost);

        assertIsBijectionOf(found, cost);
    }

    @Test
    void sizes_nought_and_one_are_fine() {
        Assignment none = LinearAssignment.minimise(new double[0][0]);
        Assignment one = LinearAssignment.maximise(new double[][] {{-3.5}});

        assertThat(none.columnOfRow()).isEmpty();
        assertThat(none.cost()).isZero();
        assertThat(one.columnOfRow()).containsExactly(0);
        assertThat(one.cost()).isEqualTo(-3.5);
    }

    @Test
    void the_greatest_finite_costs_do_not_overflow() {
        double most = Double.MAX_VALUE;
        double[][] cost = {{most, -most, 0}, {-most, most, most}, {most, most, -most / 2}};

        Assignment found = LinearAssignment.minimise(cost);

        assertThat(found.columnOfRow()).containsExactly(1, 0, 2);
    }

    @Test
    void equal_inputs_give_equal_answers_and_are_left_unchanged() {
        double[][] cost = random(50, Seeds.generator(9));
        double[][] copy = Arrays.stream(cost).map(double[]::clone).toArray(double[][]::new);

        Assignment first = LinearAssignment.minimise(cost);
        Assignment second = LinearAssignment.minimise(cost);

        assertThat(first.columnOfRow()).isEqualTo(second.columnOfRow());
        assertThat(cost).isDeepEqualTo(copy);
    }

    @Test
    void an_answer_cannot_be_changed_from_outside() {
        int[] columns = {1, 0};
        Assignment assignment = new Assignment(columns, 0);

        columns[0] = 7;
        assignment.columnOfRow()[1] = 7;

        assertThat(assignment.columnOfRow()).containsExactly(1, 0);
    }

    @Test
    void what_is_no_finite_square_matrix_is_refused_with_its_place() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinearAssignment.minimise(new double[][] {{1, 2}, {3}}))
                .withMessage("cost must be square: 2 rows, but cost[1] has 1 columns");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinearAssignment.maximise(new double[][] {{1, 2}, {3, Double.NaN}}))
                .withMessage("cost[1][1] must be finite, was NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinearAssignment.minimise(new double[][] {{1, Double.NEGATIVE_INFINITY}, {3, 4}}))
                .withMessage("cost[0][1] must be finite, was -Infinity");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinearAssignment.minimise(rowsWithANull()))
                .withMessage("cost[1] must be a row, was null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinearAssignment.minimise(new double[5], 2))
                .withMessage("a flat cost matrix of n = 2 must have n² entries, had 5");
        assertThatNullPointerException().isThrownBy(() -> LinearAssignment.minimise(nothing()));
    }

    private static double[][] rowsWithANull() {
        double[][] rows = new double[2][];
        rows[0] = new double[2];
        return rows;
    }

    @SuppressWarnings("NullAway") // what a caller without the checker may pass
    private static double[][] nothing() {
        return null;
    }

    private static double cheapestByExhaustion(double[][] cost, int row, int taken) {
        if (row == cost.length) {
            return 0;
        }
        return IntStream.range(0, cost.length)
                .filter(column -> (taken >> column & 1) == 0)
                .mapToDouble(column -> cost[row][column] + cheapestByExhaustion(cost, row + 1, taken | 1 << column))
                .min()
                .orElseThrow();
    }

    private static void assertIsBijectionOf(Assignment assignment, double[][] cost) {
        int[] columns = assignment.columnOfRow();
        double total = 0;
        for (int row = 0; row < columns.length; row++) {
            total += cost[row][columns[row]];
        }
        assertThat(Arrays.stream(columns).sorted())
                .containsExactlyElementsOf(
                        IntStream.range(0, cost.length).boxed().toList());
        assertThat(assignment.cost()).isEqualTo(total);
    }

    private static double[][] random(int n, RandomGenerator random) {
        double[][] cost = new double[n][n];
        for (double[] row : cost) {
            Arrays.setAll(row, j -> random.nextDouble(-4, 6));
        }
        return cost;
    }

    private static double[][] read(String file, int n) throws IOException {
        double[][] cost = new double[n][n];
        try (InputStream in = resource(file)) {
            ByteBuffer bytes = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            for (double[] row : cost) {
                Arrays.setAll(row, j -> bytes.getDouble());
            }
        }
        return cost;
    }

    private static InputStream resource(String file) {
        return Objects.requireNonNull(LinearAssignmentTest.class.getResourceAsStream("/reference/lap/" + file), file);
    }
}

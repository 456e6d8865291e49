package org.basinlab.assignment;

import java.util.Objects;

/**
 * The linear assignment problem: pairs every row of a dense square matrix with one column at the least, or the greatest,
 * total. Exact up to the rounding of float64, O(n³) time, O(n²) memory. Deterministic: equal inputs give equal answers,
 * but which of several optima is not promised.
 *
 * @see <a href="https://doi.org/10.1007/BF02278710">Jonker and Volgenant (1987)</a>
 */
public final class LinearAssignment {

    private LinearAssignment() {}

    /**
     * Pairs rows and columns at the least total.
     *
     * @param cost {@code [n][n]}, finite, of either sign; left unchanged; n may be 0
     * @throws IllegalArgumentException if {@code cost} is not square or holds a NaN or an infinity
     */
    public static Assignment minimise(double[][] cost) {
        return minimise(flat(cost), cost.length);
    }

    /**
     * Pairs rows and columns at the greatest total.
     *
     * @param gain {@code [n][n]}, finite, of either sign; left unchanged; n may be 0
     * @throws IllegalArgumentException if {@code gain} is not square or holds a NaN or an infinity
     */
    public static Assignment maximise(double[][] gain) {
        return maximise(flat(gain), gain.length);
    }

    /**
     * Pairs rows and columns at the least total.
     *
     * @param cost row-major {@code [n·n]}, finite; left unchanged
     * @throws IllegalArgumentException if {@code cost} has not n² entries or holds a NaN or an infinity
     */
    public static Assignment minimise(double[] cost, int n) {
        return solve(cost, n, 1);
    }

    /**
     * Pairs rows and columns at the greatest total.
     *
     * @param gain row-major {@code [n·n]}, finite; left unchanged
     * @throws IllegalArgumentException if {@code gain} has not n² entries or holds a NaN or an infinity
     */
    public static Assignment maximise(double[] gain, int n) {
        return solve(gain, n, -1);
    }

    private static Assignment solve(double[] matrix, int n, double sign) {
        return new WarmAssignment(n).solve(matrix, sign);
    }

    private static double[] flat(double[][] cost) {
        Objects.requireNonNull(cost, "the cost matrix must not be null");
        int n = cost.length;
        double[] flat = new double[Math.multiplyExact(n, n)];
        for (int row = 0; row < n; row++) {
            if (cost[row] == null) {
                throw new IllegalArgumentException("cost[%d] must be a row, was null".formatted(row));
            }
            if (cost[row].length != n) {
                throw new IllegalArgumentException("cost must be square: %d rows, but cost[%d] has %d columns"
                        .formatted(n, row, cost[row].length));
            }
            System.arraycopy(cost[row], 0, flat, row * n, n);
        }
        return flat;
    }
}

package org.basinlab.assignment;

import java.util.Objects;

/**
 * Solves linear assignment problems of one size, one after another, each from the prices and the pairing of the last: where
 * two matrices resemble each other, few rows have to be paired anew. The first is solved from nothing. Any matrix may follow
 * any other: the total is always the optimum of {@link LinearAssignment}, exact up to the rounding of float64. Which of
 * several optima is found may depend on the matrices before.
 *
 * <p>O(n²) for a matrix whose old pairing is still optimal, O(n³) at worst; O(n) memory beside a copy of the matrix where it
 * must be scaled or turned round. For one thread at a time.
 *
 * @see <a href="https://doi.org/10.1007/BF02278710">Jonker and Volgenant (1987)</a>
 */
public final class WarmAssignment {

    /** Above this size sums of costs might overflow; such matrices are scaled by a power of two, which loses nothing. */
    private static final double LARGE = 0x1p960;

    private static final double SCALE = 0x1p-64;

    /** Of the largest cost: prices of a first solve stay below it, unless its matrix is contrived. */
    private static final double MOST_PRICE = 8;

    private final int n;
    private final ShortestAugmentingPaths paths;
    private boolean started;
    private double[] scaled = {};
    /** What the costs of the last matrix were multiplied by: prices of other units are no start. */
    private double lastFactor;

    /** @param n rows and columns of every matrix, at least 0 */
    public WarmAssignment(int n) {
        if (n < 0) {
            throw new IllegalArgumentException("an assignment must have 0 rows or more, had " + n);
        }
        this.n = n;
        paths = new ShortestAugmentingPaths(n);
    }

    /**
     * Pairs rows and columns at the least total.
     *
     * @param cost row-major {@code [n·n]}, finite; left unchanged
     * @throws IllegalArgumentException if {@code cost} has not n² entries or holds a NaN or an infinity
     */
    public Assignment minimise(double[] cost) {
        return solve(cost, 1);
    }

    /**
     * Pairs rows and columns at the greatest total.
     *
     * @param gain row-major {@code [n·n]}, finite; left unchanged
     * @throws IllegalArgumentException if {@code gain} has not n² entries or holds a NaN or an infinity
     */
    public Assignment maximise(double[] gain) {
        return solve(gain, -1);
    }

    Assignment solve(double[] matrix, double sign) {
        requireSquare(matrix);
        double largest = largest(matrix);
        double factor = largest > LARGE ? sign * SCALE : sign;
        double[] cost = factor == 1 ? matrix : scaled(matrix, factor);
        // Differences from prices that dwarf the costs would round the costs away.
        boolean warm = started && factor == lastFactor && paths.largestPrice() <= MOST_PRICE * largest;
        int[] columnOfRow = warm ? paths.solveAgain(cost) : paths.solve(cost);
        started = true;
        lastFactor = factor;
        double total = 0;
        for (int row = 0; row < n; row++) {
            total += matrix[row * n + columnOfRow[row]];
        }
        return new Assignment(columnOfRow, total);
    }

    private double[] scaled(double[] matrix, double factor) {
        if (scaled.length != matrix.length) {
            scaled = new double[matrix.length];
        }
        for (int cell = 0; cell < matrix.length; cell++) {
            scaled[cell] = factor * matrix[cell];
        }
        return scaled;
    }

    private void requireSquare(double[] matrix) {
        Objects.requireNonNull(matrix, "the cost matrix must not be null");
        if (matrix.length != (long) n * n) {
            throw new IllegalArgumentException(
                    "a flat cost matrix of n = %d must have n² entries, had %d".formatted(n, matrix.length));
        }
    }

    /**
     * The greatest magnitude.
     *
     * @throws IllegalArgumentException if an entry is not finite
     */
    private double largest(double[] matrix) {
        double zeros = 0; // a NaN as soon as one entry is not finite
        double largest = 0;
        double largestOdd = 0;
        int cell = 0;
        for (; cell + 1 < matrix.length; cell += 2) {
            double even = Math.abs(matrix[cell]);
            double odd = Math.abs(matrix[cell + 1]);
            zeros += matrix[cell] * 0 + matrix[cell + 1] * 0;
            largest = even > largest ? even : largest;
            largestOdd = odd > largestOdd ? odd : largestOdd;
        }
        if (cell < matrix.length) {
            zeros += matrix[cell] * 0;
            largest = Math.max(largest, Math.abs(matrix[cell]));
        }
        if (zeros != 0) {
            requireFinite(matrix);
        }
        return Math.max(largest, largestOdd);
    }

    private void requireFinite(double[] matrix) {
        for (int cell = 0; cell < matrix.length; cell++) {
            if (!Double.isFinite(matrix[cell])) {
                throw new IllegalArgumentException(
                        "cost[%d][%d] must be finite, was %s".formatted(cell / n, cell % n, matrix[cell]));
            }
        }
    }
}

package org.basinlab.verdict;

import java.util.Arrays;

/** A statistic with each of its units left out in turn. */
final class Jackknife {

    /** Distances of the mean of all from each. */
    private final double[] distances;

    /** @param n at least 2 */
    Jackknife(Statistic statistic, int n) {
        double[] without = new double[n];
        for (int i = 0; i < n; i++) {
            without[i] = statistic.of(allBut(i, n));
        }
        double mean = Arrays.stream(without).sum() / n;
        distances = Arrays.stream(without).map(value -> mean - value).toArray();
    }

    private static int[] allBut(int left, int n) {
        int[] drawn = new int[n - 1];
        for (int k = 0; k < drawn.length; k++) {
            drawn[k] = k < left ? k : k + 1;
        }
        return drawn;
    }

    /** BCa's a: a sixth of the skewness of the distances; zero where there is no spread. Efron 1987, equation 6.6. */
    double acceleration() {
        double cubes = 0;
        double squares = 0;
        for (double d : distances) {
            cubes += d * d * d;
            squares += d * d;
        }
        double a = cubes / (6 * Math.pow(squares, 1.5));
        return Double.isFinite(a) ? a : 0;
    }

    /** What the standard deviation of one unit would be, had a mean of units this standard error; of a mean it is exactly that. */
    double deviation() {
        double squares = 0;
        for (double d : distances) {
            squares += d * d;
        }
        return Math.sqrt((distances.length - 1) * squares);
    }
}

package org.basinlab.verdict;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.basinlab.recipe.Seeds;

/**
 * Sign-flips of several numbers of the same units at once, where one that lies far out is enough: a unit's numbers keep or change
 * their signs together, and each number is compared with the farthest of all, measured by its sum over √Σx², which no flip changes. The p
 * of a number is then adjusted for all others, and numbers that go together cost little (single-step maxT, Westfall and Young 1993).
 * Numbers that lie on the other side only raise it.
 *
 * <p>All 2ⁿ choices are counted up to {@value #EXACT} units, by a Gray code; beyond that p is (b + 1)/(m + 1) of m random
 * choices, the same for the same seed.
 */
final class JointFlip {

    /** Up to so many units every choice is counted. */
    static final int EXACT = 20;

    /** Statistics, which are at most √n, that differ by less are equal: it can only raise p, and a Gray code's sums drift by far less. */
    private static final double TIE = 1e-9;

    private JointFlip() {}

    /**
     * One-sided p of each number for a mean above zero, adjusted for all of them.
     *
     * @param numbers each with one value a unit, 0 where the unit has none; all of one length
     * @param samples m
     */
    static double[] greater(List<double[]> numbers, int samples, long seed) {
        int count = numbers.size();
        int units = numbers.get(0).length;
        double[][] byUnit = new double[units][count];
        double[] observed = new double[count];
        for (int k = 0; k < count; k++) {
            double[] x = numbers.get(k);
            double squares = 0;
            for (double value : x) {
                squares += value * value;
            }
            double length = Math.sqrt(squares);
            for (int i = 0; i < units; i++) {
                byUnit[i][k] = length > 0 ? x[i] / length : 0;
                observed[k] += byUnit[i][k];
            }
        }
        return units <= EXACT ? counted(byUnit, observed) : sampled(byUnit, observed, samples, seed);
    }

    private static double[] counted(double[][] byUnit, double[] observed) {
        double[] sums = observed.clone();
        double[] found = new double[observed.length];
        boolean[] isNegative = new boolean[byUnit.length];
        long choices = 1L << byUnit.length;
        add(found, sums, observed);
        for (long code = 1; code < choices; code++) {
            int unit = Long.numberOfTrailingZeros(code);
            isNegative[unit] = !isNegative[unit];
            int twice = isNegative[unit] ? -2 : 2;
            for (int k = 0; k < sums.length; k++) {
                sums[k] += twice * byUnit[unit][k];
            }
            add(found, sums, observed);
        }
        for (int k = 0; k < found.length; k++) {
            found[k] /= choices;
        }
        return found;
    }

    private static double[] sampled(double[][] byUnit, double[] observed, int samples, long seed) {
        RandomGenerator random = Seeds.generator(seed);
        double[] sums = new double[observed.length];
        double[] found = new double[observed.length];
        for (int sample = 0; sample < samples; sample++) {
            Arrays.fill(sums, 0);
            long signs = 0;
            for (int i = 0; i < byUnit.length; i++) {
                signs = i % Long.SIZE == 0 ? random.nextLong() : signs >>> 1;
                int sign = (signs & 1) == 0 ? 1 : -1;
                for (int k = 0; k < sums.length; k++) {
                    sums[k] += sign * byUnit[i][k];
                }
            }
            add(found, sums, observed);
        }
        for (int k = 0; k < found.length; k++) {
            found[k] = (found[k] + 1) / (samples + 1);
        }
        return found;
    }

    /** Counts a choice of signs for every number that its farthest reaches. */
    private static void add(double[] found, double[] sums, double[] observed) {
        double farthest = Double.NEGATIVE_INFINITY;
        for (double sum : sums) {
            farthest = Math.max(farthest, sum);
        }
        for (int k = 0; k < found.length; k++) {
            found[k] += farthest >= observed[k] - TIE ? 1 : 0;
        }
    }
}

package org.basinlab.verdict;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.basinlab.recipe.Seeds;

/**
 * Fisher's exact test of independent differences: if each is as likely as its negative, all 2ⁿ choices of signs are equally
 * likely, and p is the share of those whose sum is at least as far out as the one seen. Two-sided p is at least 2/2ⁿ.
 *
 * <p>All signs are counted up to {@value #EXACT} differences by meeting in the middle (Horowitz and Sahni 1974): the sums of each half are
 * walked in ascending order (Schroeppel and Shamir 1981) and pairs counted by two pointers, in O(n 2^(n/2)) time and a few MiB. A Gray code
 * would visit all 2ⁿ, and its running sum gathers a rounding error at every step; here a sum has at most n additions. Beyond that, p is (b + 1)/(m + 1)
 * of m = {@value #SAMPLES} random choices (Phipson and Smyth 2010), the same for the same seed.
 */
final class SignFlip {

    /** Up to so many differences every choice is counted. */
    static final int EXACT = 48;

    static final int SAMPLES = 1_000_000;

    /**
     * Sums that differ by less than this share of Σ|x| are equal. Differences of accuracies are decimals whose exact sums tie often, and rounding
     * errors of about n·2⁻⁵³ would break such ties at random; counting a near tie as "at least as far out" can only raise p.
     */
    private static final double TIE = 1e-12;

    private SignFlip() {}

    /** @param isExact whether all choices were counted */
    record P(double value, boolean isExact) {}

    /** Of a sum as far from zero as the one of {@code x}, on either side. */
    static P twoSided(double[] x, long seed) {
        double bound = Math.abs(sum(x)) - tie(x);
        if (bound <= 0) {
            return new P(1, true);
        }
        if (x.length <= EXACT) {
            return new P(2 * shareAtLeast(bound, x), true);
        }
        return sampled(x, bound, true, seed);
    }

    /** Of a sum as large as the one of {@code x}: small where the mean is above zero. */
    static P greater(double[] x, long seed) {
        double bound = sum(x) - tie(x);
        return x.length <= EXACT ? new P(shareAtLeast(bound, x), true) : sampled(x, bound, false, seed);
    }

    private static double sum(double[] x) {
        double sum = 0;
        for (double value : x) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("differences must be finite, one was " + value);
            }
            sum += value;
        }
        return sum;
    }

    private static double tie(double[] x) {
        double sum = 0;
        for (double value : x) {
            sum += Math.abs(value);
        }
        return TIE * sum;
    }

    /** As sums to the left of zero mirror those to the right, both halves are walked upwards: large sums of one beside small ones of the other. */
    private static double shareAtLeast(double bound, double[] x) {
        int half = x.length / 2;
        SignedSums left = SignedSums.of(Arrays.copyOfRange(x, 0, half));
        SignedSums right = SignedSums.of(Arrays.copyOfRange(x, half, x.length));
        long count = 0;
        long taken = 0;
        for (; left.isLeft(); left.remove()) {
            while (right.isLeft() && left.least() - right.least() >= bound) {
                right.remove();
                taken++;
            }
            count += taken;
        }
        return Math.scalb((double) count, -x.length);
    }

    private static P sampled(double[] x, double bound, boolean isTwoSided, long seed) {
        RandomGenerator random = Seeds.generator(seed);
        int hits = 0;
        for (int sample = 0; sample < SAMPLES; sample++) {
            double sum = 0;
            long signs = 0;
            for (int i = 0; i < x.length; i++) {
                signs = i % Long.SIZE == 0 ? random.nextLong() : signs >>> 1;
                sum += (signs & 1) == 0 ? x[i] : -x[i];
            }
            hits += (isTwoSided ? Math.abs(sum) : sum) >= bound ? 1 : 0;
        }
        return new P((hits + 1.0) / (SAMPLES + 1.0), false);
    }
}

package org.basinlab.attack;

import java.math.BigDecimal;
import java.util.BitSet;
import java.util.List;

/** The sanity checks that several attacks share. */
final class Checks {

    /** Share of images that may do what none should: answer otherwise by rounding, or have no gradient. */
    static final double TOLERANCE = 0.01;

    /** So many images raise no alarm, however few there are in all. */
    private static final double STRAYS = 2;

    private Checks() {}

    /** A number of images that must be at most {@link #TOLERANCE} of all, or two. */
    static SanityFinding fewOf(String check, int found, int images) {
        return atMost(check, (double) found / images, Math.max(TOLERANCE, STRAYS / images));
    }

    static SanityFinding atMost(String check, double measured, double limit) {
        return new SanityFinding(check, measured, limit, measured <= limit);
    }

    /** Images on which two answers differ by more than the rounding of few. */
    static SanityFinding cleanAtZero(BitSet clean, BitSet atZero, int images) {
        return fewOf("clean-at-zero", different(clean, atZero), images);
    }

    /** The same where no image may differ. */
    static SanityFinding exactlyCleanAtZero(BitSet clean, BitSet atZero, int images) {
        return atMost("clean-at-zero", (double) different(clean, atZero) / images, 0);
    }

    private static int different(BitSet one, BitSet other) {
        BitSet different = (BitSet) one.clone();
        different.xor(other);
        return different.cardinality();
    }

    /** The largest rise of the accuracy from one point to the next, the clean one first, and 0 if there is none. */
    static SanityFinding monotone(BitSet clean, List<BitSet> curve, int images) {
        int rise = 0;
        int before = clean.cardinality();
        for (BitSet point : curve) {
            rise = Math.max(rise, point.cardinality() - before);
            before = point.cardinality();
        }
        return fewOf("monotone", rise, images);
    }

    /** Images whose gradient by the input is exactly zero, or not finite. */
    static SanityFinding notMasked(int withoutGradient, int images) {
        return fewOf("gradients-not-masked", withoutGradient, images);
    }

    /** Images of which no change was found that gives them another class. */
    static SanityFinding boundaryFound(float[] distances) {
        int without = 0;
        for (float distance : distances) {
            without += Float.isNaN(distance) ? 1 : 0;
        }
        return fewOf("boundary-found", without, distances.length);
    }

    static double[] sizes(List<BigDecimal> points) {
        return points.stream().mapToDouble(BigDecimal::doubleValue).toArray();
    }
}

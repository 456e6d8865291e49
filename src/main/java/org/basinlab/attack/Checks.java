package org.basinlab.attack;

import java.math.BigDecimal;
import java.util.BitSet;
import java.util.List;

/** The sanity checks that several attacks share. */
final class Checks {

    /** Shares of images by which a curve may rise, or a stronger attack stay behind a weaker one. */
    static final double TOLERANCE = 0.01;

    private Checks() {}

    /** A number of images that must be at most a share of all. */
    static SanityFinding share(String check, int found, int images, double limit) {
        return atMost(check, (double) found / images, limit);
    }

    static SanityFinding atMost(String check, double measured, double limit) {
        return new SanityFinding(check, measured, limit, measured <= limit);
    }

    /** Images on which two answers differ, as a share. */
    static SanityFinding cleanAtZero(BitSet clean, BitSet atZero, int images, double limit) {
        BitSet different = (BitSet) clean.clone();
        different.xor(atZero);
        return share("clean-at-zero", different.cardinality(), images, limit);
    }

    /** The largest rise of the accuracy from one point to the next, the clean one first, and 0 if there is none. */
    static SanityFinding monotone(BitSet clean, List<BitSet> curve, int images) {
        int rise = 0;
        int before = clean.cardinality();
        for (BitSet point : curve) {
            rise = Math.max(rise, point.cardinality() - before);
            before = point.cardinality();
        }
        return share("monotone", rise, images, TOLERANCE);
    }

    /** Images whose gradient by the input is exactly zero. */
    static SanityFinding notMasked(int withoutGradient, int images) {
        return share("gradients-not-masked", withoutGradient, images, TOLERANCE);
    }

    static double[] sizes(List<BigDecimal> points) {
        return points.stream().mapToDouble(BigDecimal::doubleValue).toArray();
    }
}

package org.basinlab.dataset;

/**
 * The generator SplitMix64, written out so that the built-in images are the same bytes on every Java version.
 *
 * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea and Flood (2014), figure 16, with the mixing
 *     function of Stafford's variant 13</a>
 */
final class SplitMix {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    /** Odd, and far from every small multiple of the gamma, which would only shift a stream (Steele and Vigna's LCG multiplier). */
    private static final long SPREAD = 0xD1342543DE82EF95L;

    private long state;

    SplitMix(long seed) {
        state = seed;
    }

    /**
     * The generator of one of many things, started at what a generator started at {@code seed} + {@code index}·odd gives:
     * as many unrelated streams as there are seeds, without a digest for each.
     */
    static SplitMix of(long seed, int index) {
        return new SplitMix(new SplitMix(seed + index * SPREAD).next());
    }

    long next() {
        state += GOLDEN_GAMMA;
        long mixed = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /** A whole number from {@code least} to {@code most}, both included; bias below 2⁻²⁰ for spans under 4,096. */
    int between(int least, int most) {
        long span = (long) most - least + 1;
        return least + (int) (((next() >>> 32) * span) >>> 32);
    }

    /** A number in [0, 1), a multiple of 2⁻⁵³. */
    double unit() {
        return (next() >>> 11) * 0x1p-53;
    }

    /** A number from {@code least} up to {@code most}, evenly. */
    double between(double least, double most) {
        return least + (most - least) * unit();
    }

    /** True in half of the cases. */
    boolean coin() {
        return next() < 0;
    }
}

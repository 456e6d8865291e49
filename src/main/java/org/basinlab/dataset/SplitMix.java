package org.basinlab.dataset;

/**
 * The generator SplitMix64, written out so that the built-in images are the same bytes on every Java version.
 *
 * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea and Flood (2014), figure 16, with the mixing
 *     function of Stafford's variant 13</a>
 */
final class SplitMix {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    SplitMix(long seed) {
        state = seed;
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
}

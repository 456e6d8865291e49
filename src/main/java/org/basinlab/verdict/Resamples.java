package org.basinlab.verdict;

/**
 * How often intervals and tests draw again.
 *
 * @param units for BCa intervals
 * @param images for those that draw images as well
 * @param flips of the signs of several parts at once, where there are too many to count them all
 */
record Resamples(int units, int images, int flips) {

    /** With which verdicts are issued. */
    static final Resamples FULL = new Resamples(Bca.RESAMPLES, CrossedBootstrap.RESAMPLES, SignFlip.SAMPLES);
}

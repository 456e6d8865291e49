package org.basinlab.verdict;

/**
 * How often intervals draw again.
 *
 * @param units for BCa intervals
 * @param images for those that draw images as well
 */
record Resamples(int units, int images) {

    /** With which verdicts are issued. */
    static final Resamples FULL = new Resamples(Bca.RESAMPLES, CrossedBootstrap.RESAMPLES);
}

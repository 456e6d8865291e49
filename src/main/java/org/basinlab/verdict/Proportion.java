package org.basinlab.verdict;

import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * How many of some trials came out well, with the exact interval of Clopper and Pearson (1934), by quantiles of the beta
 * distribution; it covers at least its level, whatever the true rate.
 *
 * @param good at most {@code of}
 */
public record Proportion(int good, int of) {

    public Proportion {
        if (good < 0 || good > of) {
            throw new IllegalArgumentException(
                    "of %d trials at most so many come out well, was %d".formatted(of, good));
        }
    }

    /** NaN of no trials. */
    public double rate() {
        return (double) good / of;
    }

    /** @param level in (0, 1), such as 0.95 */
    public double low(double level) {
        return good == 0 ? 0 : BetaDistribution.of(good, of - good + 1.0).inverseCumulativeProbability((1 - level) / 2);
    }

    /** @param level in (0, 1), such as 0.95 */
    public double high(double level) {
        return good == of ? 1 : BetaDistribution.of(good + 1.0, of - good).inverseSurvivalProbability((1 - level) / 2);
    }
}

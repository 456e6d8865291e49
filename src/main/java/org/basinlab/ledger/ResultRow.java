package org.basinlab.ledger;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One line of a study's table: a metric over the networks of one scheme and group size.
 *
 * @param mean over the networks with status {@code ok}; empty when there is none
 * @param sd sample standard deviation; empty below two networks
 * @param n how many networks the mean is over
 * @param excluded how many networks have the metric with another status
 * @param checkFailed how many of these because a sanity check failed
 */
public record ResultRow(
        String arm,
        String scheme,
        OptionalInt stage,
        int groupSize,
        String matching,
        String variant,
        String metric,
        Optional<String> space,
        Optional<BigDecimal> at,
        Optional<String> split,
        Optional<Double> mean,
        Optional<Double> sd,
        int n,
        int excluded,
        int checkFailed) {}

package org.basinlab.verdict;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.TDistribution;
import org.basinlab.ledger.UnitTable;
import org.basinlab.study.Decision;

/**
 * What the units of one specification say of one part of a claim's decision.
 *
 * @param estimate mean, or log ratio of variances; absent where units are too few or alike for it
 * @param interval over units, at 95 %
 * @param wide the same at 95 % for all parts of which one is enough against the claim (Bonferroni); else the interval itself
 */
record PartReading(
        Decision.Part part,
        Units units,
        OptionalDouble estimate,
        Optional<Interval> interval,
        Optional<Interval> wide) {

    /** Of all intervals. */
    static final double LEVEL = 0.95;

    /** That with which a smallest detectable effect would have been found. */
    private static final double POWER = 0.8;

    /**
     * @param parts of how many parts one is enough against the claim; 1 where this part alone is not
     */
    static PartReading of(
            Decision.Part part, UnitTable table, Units.Expected expected, int parts, long seed, int resamples) {
        Units units = Units.of(table, part.type(), expected);
        double estimate = units.estimate(part.type());
        if (!Double.isFinite(estimate)) {
            return new PartReading(part, units, OptionalDouble.empty(), Optional.empty(), Optional.empty());
        }
        Optional<Interval> interval = interval(part, units, LEVEL, seed, resamples);
        Optional<Interval> wide =
                parts == 1 ? interval : interval(part, units, 1 - (1 - LEVEL) / parts, seed, resamples);
        return new PartReading(part, units, OptionalDouble.of(estimate), interval, wide);
    }

    private static Optional<Interval> interval(
            Decision.Part part, Units units, double level, long seed, int resamples) {
        return units.count() < 2
                ? Optional.empty()
                : Bca.interval(
                        units.statistic(part.type()),
                        units.count(),
                        Bca.quantile(level, units.count()),
                        resamples,
                        seed);
    }

    /** Whether the whole interval lies where the claim says, the size of the estimate aside. */
    boolean holds() {
        return interval.filter(i -> switch (part.type()) {
                    case DIRECTION, TREND, VARIANCE -> i.oriented(sign()).isAbove(0);
                    case EQUIVALENCE, SHAPE ->
                        isTwoSided()
                                ? i.isWithin(part.margin())
                                : i.oriented(sign()).isAbove(-part.margin());
                    case BARRIER -> i.isAbove(part.margin());
                })
                .isPresent();
    }

    /** Whether the whole interval lies where the claim says that it does not. */
    boolean fails() {
        return wide.filter(i -> switch (part.type()) {
                    case DIRECTION, TREND, VARIANCE -> i.oriented(sign()).isBelow(0);
                    case EQUIVALENCE, SHAPE ->
                        isTwoSided()
                                ? i.isAbove(part.margin()) || i.isBelow(-part.margin())
                                : i.oriented(sign()).isBelow(-part.margin());
                    case BARRIER -> i.isBelow(part.margin());
                })
                .isPresent();
    }

    /** Whether the estimate itself is what the claim says, at least as large as the margin where that is a least size. */
    boolean agrees() {
        return estimate.isPresent()
                && switch (part.type()) {
                    case DIRECTION, TREND, VARIANCE -> oriented() > 0 && oriented() >= part.margin();
                    case EQUIVALENCE, SHAPE -> deviation() <= part.margin();
                    case BARRIER -> oriented() > part.margin();
                };
    }

    /** Whether the estimate itself is what the claim denies. */
    boolean differs() {
        return estimate.isPresent()
                && switch (part.type()) {
                    case DIRECTION, TREND, VARIANCE -> oriented() < 0;
                    case EQUIVALENCE, SHAPE -> deviation() > part.margin();
                    case BARRIER -> oriented() < part.margin();
                };
    }

    /** Whether the estimate lies on the claim's side, whatever its size. */
    boolean isOnSide() {
        return switch (part.type()) {
            case DIRECTION, TREND, VARIANCE -> estimate.isPresent() && oriented() > 0;
            case EQUIVALENCE, SHAPE, BARRIER -> agrees();
        };
    }

    /** How many units lie on the claim's side. */
    int unitsOnSide() {
        return (int) Arrays.stream(units.values()).filter(x -> sign() * x > 0).count();
    }

    /** Whether a difference on either side counts against an equivalence, and not on one side alone. */
    private boolean isTwoSided() {
        return part.sign() == Decision.Sign.NONE;
    }

    /** How far the estimate lies where an equivalence says that it does not. */
    private double deviation() {
        return isTwoSided() ? Math.abs(oriented()) : -oriented();
    }

    private double oriented() {
        return sign() * estimate.orElseThrow();
    }

    private int sign() {
        return part.sign().factor();
    }

    /**
     * The smallest effect that would have been found with a power of 0.8 at two-sided 5 %, Bonferroni over the family: (t₁₋α/₂ₘ + t₀.₈) · sd/√n,
     * for a barrier its distance from the margin. Of an equivalence the smallest margin that the interval fits in, which is 0 where only
     * one side counts and the interval lies on the other.
     */
    OptionalDouble detectable(int family) {
        if (part.type() == Decision.Type.EQUIVALENCE || part.type() == Decision.Type.SHAPE) {
            return interval.map(i -> OptionalDouble.of(
                            isTwoSided()
                                    ? Math.max(Math.abs(i.low()), Math.abs(i.high()))
                                    : Math.max(0, -i.oriented(sign()).low())))
                    .orElse(OptionalDouble.empty());
        }
        int n = units.count();
        double deviation = n < 2 ? Double.NaN : new Jackknife(units.statistic(part.type()), n).deviation();
        if (!Double.isFinite(deviation)) {
            return OptionalDouble.empty();
        }
        TDistribution t = TDistribution.of(n - 1.0);
        double quantiles =
                t.inverseSurvivalProbability(Alpha.LEVEL / 2 / family) + t.inverseCumulativeProbability(POWER);
        return OptionalDouble.of(quantiles * deviation / Math.sqrt(n));
    }
}

package org.basinlab.workflow;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalInt;
import org.basinlab.recipe.Split;
import org.basinlab.study.Specification;

/**
 * Numbers that a plan gives, as they will stand in {@code results.metrics}.
 *
 * @param variant that of the scheme, then that of the metric
 * @param at the point, without trailing zeros
 */
public record PlannedMetric(
        String arm,
        String scheme,
        int groupSize,
        String variant,
        String metric,
        Optional<String> space,
        Optional<BigDecimal> at,
        Optional<String> split,
        OptionalInt images) {

    static PlannedMetric of(Placement place, Measurement measurement) {
        String variant = place.variant().isEmpty() || measurement.variant().isEmpty()
                ? place.variant() + measurement.variant()
                : place.variant() + "," + measurement.variant();
        return new PlannedMetric(
                place.arm(),
                place.scheme(),
                place.groupSize(),
                variant,
                measurement.metric(),
                measurement.space(),
                measurement.at(),
                measurement.split().map(Split::label),
                measurement.images());
    }

    /** Whether this is what a claim needs. */
    public boolean answers(Specification.Need need) {
        return isOf(need)
                && metric.equals(need.metric())
                && need.variant().map(variant::equals).orElse(true)
                && need.space().map(Optional::of).map(space::equals).orElse(true)
                && need.split().map(Optional::of).map(split::equals).orElse(true)
                && need.at()
                        .map(BigDecimal::new)
                        .map(point ->
                                at.filter(own -> own.compareTo(point) == 0).isPresent())
                        .orElse(true);
    }

    /** Whether it is of the networks that a claim needs something of. */
    boolean isOf(Specification.Need need) {
        return arm.equals(need.arm()) && scheme.equals(need.scheme()) && groupSize == need.groupSize();
    }
}

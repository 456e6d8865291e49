package org.basinlab.verdict;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.basinlab.ledger.ImageTerm;
import org.basinlab.ledger.UnitTable;
import org.basinlab.recipe.Seeds;
import org.basinlab.study.Claim;
import org.basinlab.study.Decision;
import org.basinlab.study.Specification;
import org.basinlab.verdict.MeasuredClaim.Measured;

/** Reads what a study measured of one claim: estimates and intervals of every specification, the test of the primary one. */
final class CaseReader {

    private final MeasuredClaim measured;
    private final Claim claim;
    private final long seed;
    private final Resamples resamples;
    private final Map<String, Measured> byName = new HashMap<>();

    CaseReader(MeasuredClaim measured, long seed, Resamples resamples) {
        this.measured = measured;
        claim = measured.claim();
        this.seed = seed;
        this.resamples = resamples;
        measured.specifications().forEach(of -> byName.put(of.specification().name(), of));
    }

    ClaimCase read(boolean ended) {
        return claim.decision()
                .map(decision -> read(decision, ended))
                .orElseGet(() -> new ClaimCase(
                        measured, ended, new Curve(List.of()), List.of(), List.of(), Map.of(), Optional.empty()));
    }

    private ClaimCase read(Decision decision, boolean ended) {
        List<Curve.Point> points = new ArrayList<>();
        List<PartReading> primary = List.of();
        for (Specification specification : claim.specifications()) {
            boolean isPrimary = points.isEmpty();
            // Before the end a unit that is missing has not failed; of other specifications the number is not
            // registered.
            Map<String, PartReading> parts =
                    parts(specification, decision, isPrimary && ended ? measured.planned() : 0);
            if (isPrimary && parts.size() == decision.parts().size()) {
                primary = List.copyOf(parts.values());
            }
            points.add(Curve.Point.of(specification, decision, parts));
        }
        List<UnitTable> tables = new ArrayList<>();
        Map<String, Interval> images = new HashMap<>();
        for (PartReading reading : primary) {
            String part = reading.part().name();
            Measured of = primaryMeasured();
            tables.add(of.parts().get(part));
            images(reading, of.images().getOrDefault(part, List.of())).ifPresent(i -> images.put(part, i));
        }
        return new ClaimCase(
                measured, ended, new Curve(points), primary, tables, images, test(decision, primary, ended));
    }

    private Measured primaryMeasured() {
        return Objects.requireNonNull(byName.get(claim.primary().orElseThrow().name()));
    }

    /** In the order of the decision; without those that are not measured. */
    private Map<String, PartReading> parts(Specification specification, Decision decision, int expected) {
        Map<String, PartReading> parts = new LinkedHashMap<>();
        Measured of = byName.get(specification.name());
        for (Decision.Part part : decision.parts()) {
            UnitTable table = of == null ? null : of.parts().get(part.name());
            if (table != null) {
                refuseMoreThanPlanned(table, expected);
                long drawn = seed("interval", specification.name(), part.name());
                boolean isEnough = decision.together() == Decision.Together.ANY_AGAINST;
                parts.put(
                        part.name(),
                        PartReading.of(
                                part,
                                table,
                                expected,
                                isEnough ? decision.parts().size() : 1,
                                drawn,
                                resamples.units()));
            }
        }
        return parts;
    }

    /** A verdict is issued at the registered number of units, not at whatever number there happens to be. */
    private void refuseMoreThanPlanned(UnitTable table, int expected) {
        if (expected > 0 && table.units().size() > expected) {
            throw new IllegalStateException("claim %s must have at most the %d units that it registered, has %d"
                    .formatted(claim.id(), expected, table.units().size()));
        }
    }

    private Optional<Interval> images(PartReading reading, List<ImageTerm> terms) {
        if (terms.isEmpty()) {
            return Optional.empty();
        }
        Decision.Part part = reading.part();
        return new CrossedBootstrap(reading.units(), part.type(), terms)
                .interval(PartReading.LEVEL, resamples.images(), seed("images", part.name()));
    }

    /** Only of a study that has ended and has the units that the claim needs, planned and counted. */
    private Optional<ClaimTest> test(Decision decision, List<PartReading> primary, boolean ended) {
        boolean isDecided = ended
                && claim.awaits().isEmpty()
                && !primary.isEmpty()
                && measured.planned() >= claim.minimum()
                && primary.stream().allMatch(reading -> reading.units().count() >= claim.minimum());
        return isDecided
                ? Optional.of(ClaimTest.of(decision, primary, resamples.flips(), seed("flips")))
                : Optional.empty();
    }

    /** Depends on names and not on places, so that listing another claim or adding a specification changes no interval. */
    private long seed(String... role) {
        return Seeds.derive(seed, "verdict " + claim.id() + ' ' + String.join(" ", role));
    }
}

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
import org.jboss.logging.Logger;

/** Reads what a study measured of one claim: estimates and intervals of every specification, the test of the primary one. */
final class CaseReader {

    private static final Logger LOG = Logger.getLogger(CaseReader.class);

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

    ClaimCase read(Standing standing) {
        return claim.decision()
                .map(decision -> read(decision, standing))
                .orElseGet(() -> new ClaimCase(
                        measured, standing, new Curve(List.of()), List.of(), List.of(), Map.of(), Optional.empty()));
    }

    private ClaimCase read(Decision decision, Standing standing) {
        List<Curve.Point> points = new ArrayList<>();
        List<PartReading> primary = List.of();
        for (Specification specification : claim.specifications()) {
            boolean isPrimary = points.isEmpty();
            // Of other specifications the number is not registered.
            Map<String, PartReading> parts = parts(
                    specification,
                    decision,
                    isPrimary ? new Units.Expected(measured.planned(), standing.isOver()) : Units.Expected.UNKNOWN);
            if (isPrimary && standing.isJudged()) {
                parts.values().forEach(this::refuseMoreThanPlanned);
            }
            if (isPrimary && parts.size() == decision.parts().size()) {
                primary = List.copyOf(parts.values());
            }
            points.add(Curve.Point.of(specification, decision, parts, fault(specification)));
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
                measured, standing, new Curve(points), primary, tables, images, test(decision, primary, standing));
    }

    private Optional<String> fault(Specification specification) {
        return Optional.ofNullable(byName.get(specification.name())).flatMap(Measured::fault);
    }

    private Measured primaryMeasured() {
        return Objects.requireNonNull(byName.get(claim.primary().orElseThrow().name()));
    }

    /** In the order of the decision; without those that are not measured. */
    private Map<String, PartReading> parts(Specification specification, Decision decision, Units.Expected expected) {
        Map<String, PartReading> parts = new LinkedHashMap<>();
        Measured of = byName.get(specification.name());
        for (Decision.Part part : decision.parts()) {
            UnitTable table = of == null ? null : of.parts().get(part.name());
            if (table != null) {
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
    private void refuseMoreThanPlanned(PartReading reading) {
        int counted = reading.units().count();
        if (measured.planned() > 0 && counted > measured.planned()) {
            throw new IllegalStateException("claim %s must have at most the %d units that it registered, has %d"
                    .formatted(claim.id(), measured.planned(), counted));
        }
    }

    /** It decides nothing: one that cannot be had is left out. */
    private Optional<Interval> images(PartReading reading, List<ImageTerm> terms) {
        if (terms.isEmpty()) {
            return Optional.empty();
        }
        Decision.Part part = reading.part();
        try {
            return new CrossedBootstrap(reading.units(), part.type(), terms)
                    .interval(PartReading.LEVEL, resamples.images(), seed("images", part.name()));
        } catch (IllegalStateException | IllegalArgumentException e) {
            LOG.warnf(
                    "claim %s, part %s: its interval over images is left out: %s",
                    claim.id(), part.name(), e.getMessage());
            return Optional.empty();
        }
    }

    /** Only of a study that has ended and has the units that the claim needs, planned and counted. */
    private Optional<ClaimTest> test(Decision decision, List<PartReading> primary, Standing standing) {
        boolean isDecided = standing.isJudged()
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

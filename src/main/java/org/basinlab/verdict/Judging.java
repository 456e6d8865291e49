package org.basinlab.verdict;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import javax.sql.DataSource;
import org.basinlab.ledger.ClaimQueryException;
import org.basinlab.ledger.ClaimReading;
import org.basinlab.ledger.ImageTerm;
import org.basinlab.ledger.StudyClaim;
import org.basinlab.ledger.StudyClaims;
import org.basinlab.ledger.UnitTable;
import org.basinlab.recipe.Progress;
import org.basinlab.study.Claim;
import org.basinlab.study.Decision;
import org.basinlab.study.Specification;
import org.basinlab.workflow.Conclusion;
import org.basinlab.workflow.TaskSpec;
import org.jboss.logging.Logger;

/**
 * Decides the claims of a study by what the ledger holds: by their wording, rule and queries as they stood when the study was
 * submitted, whatever this program's register says by now.
 */
@ApplicationScoped
public class Judging {

    private static final Logger LOG = Logger.getLogger(Judging.class);

    private final DataSource database;
    private final StudyClaims claims;

    public Judging(DataSource database) {
        this.database = database;
        this.claims = new StudyClaims(database);
    }

    /**
     * What the study says of the claims of one paper now that everything else in it has ended; nothing is written. A claim whose query
     * cannot compute with the study's numbers is inconclusive, and has p = 1 beside the others.
     *
     * @param progress told before every query, and before every claim that is decided
     * @throws ClaimQueryException if a query cannot be run at all, a primary one gives no units or units that are not independent, or
     *     the study was registered with other rules than this program's
     * @throws IllegalStateException if the store is away
     * @throws CancellationException if {@code progress} says so
     */
    public List<Conclusion> conclude(UUID study, TaskSpec.Judge judge, Progress progress) {
        Map<String, StudyClaim> registered = new LinkedHashMap<>();
        claims.ofStudy(study).forEach(claim -> registered.put(claim.claim().id(), claim));
        List<StudyClaim> family = judge.claims().stream()
                .map(id -> {
                    StudyClaim claim = registered.get(id);
                    if (claim == null) {
                        throw new IllegalArgumentException(
                                "study %s must have registered the claims that it judges, %s is not"
                                        .formatted(study, id));
                    }
                    claim.fault().ifPresent(fault -> {
                        throw new ClaimQueryException(ClaimQueryException.Fault.QUERY, fault);
                    });
                    requireItsRules(claim);
                    return claim;
                })
                .toList();
        try (ClaimReading reading = ClaimReading.open(database, study)) {
            Independence independence = new Independence(reading.leaves());
            Steps steps = Steps.of(family, progress);
            List<MeasuredClaim> measured = family.stream()
                    .map(claim -> new MeasuredClaim(
                            claim.claim(),
                            claim.planned(),
                            measure(claim.claim(), true, true, reading, independence, steps)))
                    .toList();
            return conclude(measured, Standing.JUDGED, seed(family), steps::decided);
        }
    }

    /**
     * What the study says so far of claims that it lists, over units alone: all are provisional.
     *
     * @param family claims of one study and one paper
     * @param whole by every specification; by the primary one alone where false
     * @throws ClaimQueryException as {@link #conclude}
     */
    List<Conclusion> soFar(UUID study, List<StudyClaim> family, boolean whole) {
        try (ClaimReading reading = ClaimReading.open(database, study)) {
            Independence independence = new Independence(reading.leaves());
            List<MeasuredClaim> measured = family.stream()
                    .map(claim -> new MeasuredClaim(
                            claim.claim(),
                            claim.planned(),
                            measure(claim.claim(), whole, false, reading, independence, Steps.unwatched())))
                    .toList();
            return conclude(
                    measured,
                    family.stream().findFirst().map(Standing::of).orElse(Standing.RUNNING),
                    seed(family),
                    Progress.UNWATCHED);
        }
    }

    /** A verdict is final: by other rules than were registered it is not issued at all. */
    private static void requireItsRules(StudyClaim claim) {
        int own = TaskSpec.Kind.JUDGE.numericVersion();
        if (claim.rules() != own) {
            throw new ClaimQueryException(
                    ClaimQueryException.Fault.QUERY,
                    ("study %s was registered with rules %d, this program has %d: judge it with the version that registered it, or"
                                    + " run it anew with --new")
                            .formatted(claim.study(), claim.rules(), own));
        }
    }

    /** What is refused here comes again however often it is tried. */
    private static List<Conclusion> conclude(
            List<MeasuredClaim> measured, Standing standing, long seed, Progress progress) {
        try {
            return Family.conclude(measured, standing, seed, Resamples.FULL, progress);
        } catch (CancellationException e) {
            throw e; // an IllegalStateException as well, and none of the units'
        } catch (IllegalStateException e) {
            throw new ClaimQueryException(ClaimQueryException.Fault.ROWS, String.valueOf(e.getMessage()), e);
        }
    }

    private static long seed(List<StudyClaim> family) {
        return family.stream().mapToLong(StudyClaim::seed).findFirst().orElse(0);
    }

    private static List<MeasuredClaim.Measured> measure(
            Claim claim,
            boolean whole,
            boolean withImages,
            ClaimReading reading,
            Independence independence,
            Steps steps) {
        List<MeasuredClaim.Measured> measured = new ArrayList<>();
        for (Specification specification : claim.specifications()) {
            boolean isPrimary = measured.isEmpty();
            // Of the primary one all units are planned: what nobody measured of it has failed.
            boolean isMeasured = isPrimary || (whole && reading.hasMeasured(specification.needs()));
            measured.add(
                    isMeasured
                            ? spared(
                                    claim,
                                    specification,
                                    isPrimary,
                                    isPrimary && withImages,
                                    reading,
                                    independence,
                                    steps)
                            : MeasuredClaim.Measured.without(specification, Optional.empty()));
        }
        return measured;
    }

    /** A specification that cannot be computed says nothing, and takes no other with it. */
    private static MeasuredClaim.Measured spared(
            Claim claim,
            Specification specification,
            boolean isPrimary,
            boolean withImages,
            ClaimReading reading,
            Independence independence,
            Steps steps) {
        try {
            return measure(claim, specification, withImages, reading, independence, steps);
        } catch (ClaimQueryException e) {
            boolean isSpared = e.fault() == ClaimQueryException.Fault.DATA
                    || (!isPrimary && e.fault() == ClaimQueryException.Fault.ROWS);
            if (!isSpared) {
                throw e;
            }
            LOG.warnf("taken as not measured: %s", e.getMessage());
            return MeasuredClaim.Measured.without(specification, Optional.of(String.valueOf(e.getMessage())));
        }
    }

    private static MeasuredClaim.Measured measure(
            Claim claim,
            Specification specification,
            boolean withImages,
            ClaimReading reading,
            Independence independence,
            Steps steps) {
        Map<String, UnitTable> parts = new LinkedHashMap<>();
        Map<String, List<ImageTerm>> images = new LinkedHashMap<>();
        for (Decision.Part part : claim.decision().orElseThrow().parts()) {
            String what =
                    "claim %s, specification %s, part %s".formatted(claim.id(), specification.name(), part.name());
            steps.next();
            UnitTable units = reading.units(what, reading.sql(query(what, specification, part)));
            independence.require(what, specification, units);
            parts.put(part.name(), units);
            String behind = specification.images().get(part.name());
            if (withImages && behind != null) {
                steps.next();
                images.put(part.name(), images(what, reading.sql(behind), reading));
            }
        }
        return new MeasuredClaim.Measured(specification, parts, images);
    }

    /** They decide nothing: where they cannot be read the interval over them is left out. */
    private static List<ImageTerm> images(String what, String sql, ClaimReading reading) {
        try {
            return reading.images(what + ", its images", sql);
        } catch (ClaimQueryException e) {
            if (e.fault() == ClaimQueryException.Fault.TIME) {
                throw e;
            }
            LOG.warnf("the interval over images is left out: %s", e.getMessage());
            return List.of();
        }
    }

    private static String query(String what, Specification specification, Decision.Part part) {
        String query = specification.queries().get(part.name());
        if (query == null) {
            throw new IllegalArgumentException("%s must have a query, has none".formatted(what));
        }
        return query;
    }
}

package org.basinlab.verdict;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.ledger.ClaimQueryException;
import org.basinlab.ledger.ClaimReading;
import org.basinlab.ledger.ImageTerm;
import org.basinlab.ledger.StudyClaim;
import org.basinlab.ledger.StudyClaims;
import org.basinlab.ledger.UnitTable;
import org.basinlab.study.Claim;
import org.basinlab.study.Decision;
import org.basinlab.study.Specification;
import org.basinlab.workflow.Conclusion;
import org.basinlab.workflow.TaskSpec;

/**
 * Decides the claims of a study by what the ledger holds: by their wording, rule and queries as they stood when the study was
 * submitted, whatever this program's register says by now.
 */
@ApplicationScoped
public class Judging {

    private final DataSource database;
    private final StudyClaims claims;

    public Judging(DataSource database) {
        this.database = database;
        this.claims = new StudyClaims(database);
    }

    /**
     * What the study says of the claims of one paper now that everything else in it has ended; nothing is written.
     *
     * @throws ClaimQueryException if the numbers of a claim cannot be read, or its units are not independent
     */
    public List<Conclusion> conclude(UUID study, TaskSpec.Judge judge) {
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
                        throw new ClaimQueryException(fault);
                    });
                    return claim;
                })
                .toList();
        try (ClaimReading reading = ClaimReading.open(database, study)) {
            Independence independence = new Independence(reading.leaves());
            List<MeasuredClaim> measured = family.stream()
                    .map(claim -> new MeasuredClaim(
                            claim.claim(), claim.planned(), measure(claim.claim(), true, true, reading, independence)))
                    .toList();
            return conclude(measured, true, seed(family));
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
                            measure(claim.claim(), whole, false, reading, independence)))
                    .toList();
            return conclude(measured, false, seed(family));
        }
    }

    /** What is refused here comes again however often it is tried. */
    private static List<Conclusion> conclude(List<MeasuredClaim> measured, boolean ended, long seed) {
        try {
            return Family.conclude(measured, ended, seed);
        } catch (IllegalStateException e) {
            throw new ClaimQueryException(String.valueOf(e.getMessage()), e);
        }
    }

    private static long seed(List<StudyClaim> family) {
        return family.stream().mapToLong(StudyClaim::seed).findFirst().orElse(0);
    }

    private static List<MeasuredClaim.Measured> measure(
            Claim claim, boolean whole, boolean withImages, ClaimReading reading, Independence independence) {
        List<MeasuredClaim.Measured> measured = new ArrayList<>();
        for (Specification specification : claim.specifications()) {
            boolean isPrimary = measured.isEmpty();
            // Of the primary one all units are planned: what nobody measured of it has failed.
            boolean isMeasured = isPrimary || (whole && reading.hasMeasured(specification.needs()));
            measured.add(
                    isMeasured
                            ? measure(claim, specification, isPrimary && withImages, reading, independence)
                            : unmeasured(specification));
        }
        return measured;
    }

    private static MeasuredClaim.Measured unmeasured(Specification specification) {
        return new MeasuredClaim.Measured(specification, Map.of(), Map.of());
    }

    private static MeasuredClaim.Measured measure(
            Claim claim,
            Specification specification,
            boolean withImages,
            ClaimReading reading,
            Independence independence) {
        Map<String, UnitTable> parts = new LinkedHashMap<>();
        Map<String, List<ImageTerm>> images = new LinkedHashMap<>();
        for (Decision.Part part : claim.decision().orElseThrow().parts()) {
            String what =
                    "claim %s, specification %s, part %s".formatted(claim.id(), specification.name(), part.name());
            UnitTable units = reading.units(what, reading.sql(query(what, specification, part)));
            independence.require(what, specification, units);
            parts.put(part.name(), units);
            String behind = specification.images().get(part.name());
            if (withImages && behind != null) {
                images.put(part.name(), reading.images(what + ", its images", reading.sql(behind)));
            }
        }
        return new MeasuredClaim.Measured(specification, parts, images);
    }

    private static String query(String what, Specification specification, Decision.Part part) {
        String query = specification.queries().get(part.name());
        if (query == null) {
            throw new IllegalArgumentException("%s must have a query, has none".formatted(what));
        }
        return query;
    }
}

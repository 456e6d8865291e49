package org.basinlab.workflow;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.basinlab.study.Claim;
import org.basinlab.study.ClaimRegister;
import org.basinlab.study.Specification;
import org.basinlab.study.Study;

/**
 * How far a study measures one of the claims that it lists, known from its plan.
 *
 * @param claim its id
 * @param planned units of the primary specification: whole groups of its populations, the registered n
 * @param minimum by how many the claim is decided at least; below it stays provisional
 * @param measured names of the specifications whose needs the plan meets, the primary one first
 * @param notMeasured names of the others, which count as not agreeing
 * @param missing what the primary specification needs and the plan does not give, or not on enough images, each with what would
 */
public record ClaimCoverage(
        String claim,
        int planned,
        int minimum,
        List<String> measured,
        List<String> notMeasured,
        @JsonIgnore List<String> missing) {

    public ClaimCoverage {
        measured = List.copyOf(measured);
        notMeasured = List.copyOf(notMeasured);
        missing = List.copyOf(missing);
    }

    /** Of every claim that the study lists, by the shipped register. */
    public static List<ClaimCoverage> of(Study study, Plan plan) {
        return study.claims().isEmpty() ? List.of() : of(study, plan, ClaimRegister.shipped());
    }

    /** The same by another register. */
    public static List<ClaimCoverage> of(Study study, Plan plan, ClaimRegister register) {
        if (study.claims().isEmpty()) {
            return List.of();
        }
        Set<PlannedMetric> metrics = PlannedMetrics.of(study, plan);
        return study.claims().stream()
                .map(register::get)
                .map(claim -> of(claim, study, metrics))
                .toList();
    }

    /**
     * The same for a study that is to be taken in.
     *
     * @throws ClaimRefusedException if the primary specification of a claim is not measured
     */
    public static List<ClaimCoverage> require(Study study, Plan plan) {
        List<ClaimCoverage> claims = of(study, plan);
        claims.forEach(ClaimCoverage::requireMeasured);
        return claims;
    }

    private static ClaimCoverage of(Claim claim, Study study, Set<PlannedMetric> metrics) {
        Specification primary = claim.primary()
                .orElseThrow(() -> new IllegalArgumentException("claim %s has no specification".formatted(claim.id())));
        List<String> measured = new ArrayList<>();
        List<String> notMeasured = new ArrayList<>();
        for (Specification specification : claim.specifications()) {
            boolean met = missing(specification, metrics).isEmpty()
                    && shortfall(specification, metrics).isEmpty()
                    && planned(specification, study) > 0;
            (met ? measured : notMeasured).add(specification.name());
        }
        List<String> lacks = new ArrayList<>(missing(primary, metrics).stream()
                .map(need -> Lack.of(need, study, metrics))
                .toList());
        shortfall(primary, metrics).map(Shortfall::words).ifPresent(lacks::add);
        return new ClaimCoverage(claim.id(), planned(primary, study), claim.minimum(), measured, notMeasured, lacks);
    }

    private static List<Specification.Need> missing(Specification specification, Set<PlannedMetric> metrics) {
        return specification.needs().stream()
                .filter(need -> metrics.stream().noneMatch(metric -> metric.answers(need)))
                .toList();
    }

    private static Optional<Shortfall> shortfall(Specification specification, Set<PlannedMetric> metrics) {
        return Shortfall.of(
                specification.needs(),
                need -> metrics.stream()
                        .filter(metric -> metric.answers(need))
                        .flatMapToInt(metric -> metric.images().stream()));
    }

    /** Whole groups of its arm; of a unit that is put together of several populations, no more than the smallest gives. */
    private static int planned(Specification specification, Study study) {
        int own = groups(study, specification.arm(), specification.groupSize());
        return specification.needs().stream()
                .mapToInt(need -> groups(study, need.arm(), need.groupSize()))
                .reduce(own, Math::min);
    }

    private static int groups(Study study, String name, int size) {
        return study.arms().stream()
                .filter(arm -> arm.name().equals(name))
                .findFirst()
                .map(arm -> arm.leaves() / size)
                .orElse(0);
    }

    /** Whether it has fewer units than it is decided by. */
    @JsonIgnore
    public boolean isTooSmall() {
        return planned < minimum;
    }

    private void requireMeasured() {
        if (!missing.isEmpty()) {
            throw new ClaimRefusedException("claims: %s needs %s".formatted(claim, missing.get(0)));
        }
    }
}

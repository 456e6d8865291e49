package org.basinlab.verdict;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.ledger.StudyClaim;
import org.basinlab.study.Claim;
import org.basinlab.study.Decision;
import org.basinlab.workflow.Conclusion;

/**
 * How a claim stands, in one line.
 *
 * @param verdict the one word, with the assumption where it depends on one
 * @param exploratory why the verdict is exploratory, absent where it is not
 * @param reason one sentence
 * @param measured the first of its numbers; absent where nothing was measured
 * @param p adjusted, of the side that the verdict takes; absent in a provisional one
 * @param planned units that the study plans, 0 where no study lists the claim
 * @param parts all of its numbers
 * @param studyId what it was measured by; absent where no study lists the claim
 * @param error why the claim or its verdict cannot be read; absent where both can
 * @param stale whether a network of the evidence is damaged; the card names its checkpoint
 */
public record ClaimLine(
        String id,
        String paper,
        String wording,
        String reported,
        String verdict,
        Optional<String> exploratory,
        String reason,
        Optional<Double> measured,
        Optional<Double> low,
        Optional<Double> high,
        int n,
        Optional<Double> p,
        int planned,
        List<Part> parts,
        Optional<UUID> studyId,
        Optional<String> study,
        Optional<Instant> issuedAt,
        Optional<String> error,
        boolean stale) {

    public ClaimLine {
        parts = List.copyOf(parts);
    }

    /**
     * One number of a claim.
     *
     * @param scale what it is measured in
     * @param level of the interval
     * @param imageLow of the interval that draws images again as well; absent where no outcomes of images stand behind it
     * @param n units that count
     * @param excluded units that do not, by reason
     */
    public record Part(
            String name,
            String scale,
            Optional<Double> measured,
            Optional<Double> low,
            Optional<Double> high,
            double level,
            Optional<Double> imageLow,
            Optional<Double> imageHigh,
            int n,
            Map<String, Integer> excluded,
            Optional<Double> p) {

        private static Part of(Conclusion.Part part, Claim claim, boolean isAgainst) {
            String scale = claim.decision().stream()
                    .flatMap(decision -> decision.parts().stream())
                    .filter(one -> one.name().equals(part.name()))
                    .map(Decision.Part::scale)
                    .findFirst()
                    .orElse("");
            return new Part(
                    part.name(),
                    scale,
                    part.estimate(),
                    part.low(),
                    part.high(),
                    part.level(),
                    part.imageLow(),
                    part.imageHigh(),
                    part.n(),
                    part.excluded(),
                    isAgainst ? part.againstAdjusted() : part.adjusted());
        }
    }

    /** The verdict of a study, or what it says so far. */
    static ClaimLine of(StudyClaim registered, Conclusion conclusion, boolean stale) {
        Claim claim = registered.claim();
        boolean isAgainst = conclusion.outcome() == Conclusion.Outcome.CONTRADICTED;
        List<Part> parts = conclusion.parts().stream()
                .map(part -> Part.of(part, claim, isAgainst))
                .toList();
        Optional<Part> first = parts.stream().findFirst();
        return new ClaimLine(
                claim.id(),
                claim.paper().id(),
                claim.wording(),
                claim.reported(),
                word(conclusion),
                registered.exploratory(),
                conclusion.reason(),
                first.flatMap(Part::measured),
                first.flatMap(Part::low),
                first.flatMap(Part::high),
                first.map(Part::n).orElse(0),
                first.flatMap(Part::p),
                registered.planned(),
                parts,
                Optional.of(registered.studyId()),
                Optional.of(registered.study()),
                registered.issuedAt(),
                registered.fault(),
                stale);
    }

    /** Of a claim that no study lists. */
    static ClaimLine unlisted(Claim claim, Conclusion conclusion) {
        return new ClaimLine(
                claim.id(),
                claim.paper().id(),
                claim.wording(),
                claim.reported(),
                word(conclusion),
                Optional.empty(),
                conclusion.reason(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                0,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    /** {@code depends on optimiser}. */
    static String word(Conclusion conclusion) {
        String label = conclusion.outcome().label();
        return conclusion
                .assumption()
                .map(assumption -> label + " " + assumption)
                .orElse(label);
    }
}

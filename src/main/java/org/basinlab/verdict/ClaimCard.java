package org.basinlab.verdict;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.ledger.StudyClaim;
import org.basinlab.study.Claim;
import org.basinlab.workflow.Conclusion;

/**
 * Everything that is known of a claim.
 *
 * @param claim as the study registered it; as this program's register has it where no study lists it
 * @param digest SHA-256 of that
 * @param reworded whether this program's register has another wording, rule or query by now
 * @param rule by which it is decided, in sentences
 * @param verdict the one word, with the assumption where it depends on one
 * @param study that measured it; absent where none lists it
 * @param errors what is wrong with what is shown: numbers that its SQL does not give any more; empty where nothing is
 * @param stale SHA-256 of the checkpoints of the evidence that are noted as damaged; empty where none is. The verdict stands all the same
 * @param others how it stands by other studies, the newest first
 */
public record ClaimCard(
        Claim claim,
        String digest,
        boolean reworded,
        List<String> rule,
        String verdict,
        Conclusion conclusion,
        Optional<MeasuredBy> study,
        List<String> errors,
        List<String> stale,
        List<ClaimLine> others) {

    public ClaimCard {
        rule = List.copyOf(rule);
        errors = List.copyOf(errors);
        stale = List.copyOf(stale);
        others = List.copyOf(others);
    }

    /**
     * A study that lists the claim.
     *
     * @param version of its plan
     * @param planned units of the primary specification by the plan
     * @param exploratory why what it says is exploratory, absent where it is not
     * @param issuedAt when the verdict was issued; absent before
     */
    public record MeasuredBy(
            UUID id,
            String name,
            String state,
            int version,
            int planned,
            Optional<String> exploratory,
            Optional<Instant> issuedAt) {

        static MeasuredBy of(StudyClaim registered) {
            return new MeasuredBy(
                    registered.studyId(),
                    registered.study(),
                    registered.state(),
                    registered.version(),
                    registered.planned(),
                    registered.exploratory(),
                    registered.issuedAt());
        }
    }
}

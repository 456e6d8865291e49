package org.basinlab.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.study.Claim;
import org.basinlab.workflow.Conclusion;

/**
 * A claim that a study set out to decide, as it stood when the study was submitted, and its verdict where one was issued.
 *
 * @param state of the study
 * @param seed of the study
 * @param version of the study's plan
 * @param digest of the claim
 * @param planned units of the primary specification by the plan
 * @param rules version of the rules that it was registered with: that of the kind {@code judge}
 * @param judgeFailure why the judge of its paper failed; absent where it did not
 * @param exploratory why what it says is exploratory, absent where it is not
 */
public record StudyClaim(
        UUID studyId,
        String study,
        String state,
        long seed,
        int version,
        Instant createdAt,
        Claim claim,
        String digest,
        int planned,
        int rules,
        Optional<String> judgeFailure,
        Optional<String> exploratory,
        Optional<Conclusion> verdict,
        Optional<Instant> issuedAt) {

    static StudyClaim of(ResultSet row) throws SQLException {
        return new StudyClaim(
                Query.uuid(row, "study_id"),
                row.getString("study"),
                row.getString("state"),
                row.getLong("seed"),
                row.getInt("version"),
                Query.instant(row, "created_at"),
                CanonicalJson.read(row.getString("definition"), Claim.class),
                row.getString("digest"),
                row.getInt("planned"),
                row.getInt("rules"),
                Query.optionalText(row, "judge_failure"),
                Query.optionalText(row, "exploratory"),
                Query.optionalText(row, "conclusion").map(text -> CanonicalJson.read(text, Conclusion.class)),
                Query.optionalInstant(row, "issued_at"));
    }
}

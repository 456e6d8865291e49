package org.basinlab.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
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
 * @param bundle SHA-256 of the file that the study came in; absent for a study of this store
 * @param fault why the claim or its verdict cannot be read; the claim is then no more than its id, or the verdict is absent
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
        Optional<Instant> issuedAt,
        Optional<String> bundle,
        Optional<String> fault) {

    private static final String UNKNOWN = "unknown";

    /** What was stored by another version of this program, or came with a bundle, may be more than can be read. */
    static StudyClaim of(ResultSet row) throws SQLException {
        String id = row.getString("claim");
        Stored<Claim> claim = Stored.read(row.getString("definition"), Claim.class);
        Optional<Stored<Conclusion>> verdict =
                Query.optionalText(row, "conclusion").map(text -> Stored.read(text, Conclusion.class));
        String where = "claim %s of study %s".formatted(id, row.getString("study_id"));
        Optional<String> fault = claim.fault()
                .map(why -> "the definition of %s cannot be read: %s".formatted(where, why))
                .or(() -> verdict.flatMap(Stored::fault)
                        .map(why -> "the verdict on %s cannot be read: %s".formatted(where, why)));
        return new StudyClaim(
                Query.uuid(row, "study_id"),
                row.getString("study"),
                row.getString("state"),
                row.getLong("seed"),
                row.getInt("version"),
                Query.instant(row, "created_at"),
                claim.value().orElseGet(() -> unreadable(id)),
                row.getString("digest"),
                row.getInt("planned"),
                row.getInt("rules"),
                Query.optionalText(row, "judge_failure"),
                Query.optionalText(row, "exploratory"),
                fault.isPresent() ? Optional.empty() : verdict.flatMap(Stored::value),
                Query.optionalInstant(row, "issued_at"),
                Query.optionalText(row, "bundle"),
                fault);
    }

    private static Claim unreadable(String id) {
        return new Claim(
                id,
                new Claim.Publication(UNKNOWN, "", UNKNOWN, UNKNOWN),
                Claim.Source.PAPER,
                "",
                "(cannot be read)",
                "",
                "",
                "",
                0,
                false,
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    /** What stands in the store, or why that cannot be read. */
    private record Stored<T>(Optional<T> value, Optional<String> fault) {

        static <T> Stored<T> read(String json, Class<T> type) {
            try {
                return new Stored<>(Optional.of(CanonicalJson.readLenient(json, type)), Optional.empty());
            } catch (IllegalArgumentException e) {
                return new Stored<>(Optional.empty(), Optional.of(String.valueOf(e.getMessage())));
            }
        }
    }
}

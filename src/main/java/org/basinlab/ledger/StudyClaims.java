package org.basinlab.ledger;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** What studies set out to decide, and what was decided; works on any connection to the store. */
public final class StudyClaims {

    private static final String LIST = """
            SELECT k.study_id, s.name AS study, s.state, s.seed, k.version, s.created_at, s.bundle, k.claim, c.definition, k.digest,
                   k.planned, k.rules,
                   CASE j.outcome WHEN 'FAILED' THEN coalesce(j.reason, 'nobody says why') END AS judge_failure,
                   coalesce(v.exploratory, k.exploratory) AS exploratory, v.conclusion, v.issued_at
              FROM ledger.study_claim k
              JOIN ledger.study s ON s.id = k.study_id
              JOIN ledger.claim c ON (c.id, c.digest) = (k.claim, k.digest)
              LEFT JOIN ledger.task j ON (j.study_id, j.version) = (k.study_id, k.version)
                   AND j.kind = 'judge'
                   AND j.parameters #> '{judge,claims}' @> to_jsonb(k.claim)
              LEFT JOIN ledger.verdict v ON (v.study_id, v.version, v.claim) = (k.study_id, k.version, k.claim)
             WHERE (CAST(? AS uuid) IS NULL OR k.study_id = CAST(? AS uuid))
               AND (CAST(? AS text) IS NULL OR k.claim = ?)
               AND k.version = (SELECT max(version) FROM ledger.study_version n WHERE n.study_id = k.study_id)
             ORDER BY s.created_at DESC, s.id, j.ordinal, array_position(ARRAY(
                      SELECT jsonb_array_elements_text(j.parameters #> '{judge,claims}')), k.claim)
            """;

    private final Query query;

    public StudyClaims(DataSource database) {
        this.query = new Query(database);
    }

    /** By the newest version of each study: the newest study first, in a study by paper and then as it lists them. */
    public List<StudyClaim> list() {
        return list(Optional.empty(), Optional.empty());
    }

    public List<StudyClaim> ofStudy(UUID study) {
        return list(Optional.of(study), Optional.empty());
    }

    /** The newest study first. */
    public List<StudyClaim> ofClaim(String claim) {
        return list(Optional.empty(), Optional.of(claim));
    }

    private List<StudyClaim> list(Optional<UUID> study, Optional<String> claim) {
        String only = study.map(UUID::toString).orElse(null);
        return query.list(LIST, StudyClaim::of, only, only, claim.orElse(null), claim.orElse(null));
    }
}

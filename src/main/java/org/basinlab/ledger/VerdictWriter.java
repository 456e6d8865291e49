package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.workflow.Conclusion;

/** Writes verdicts, each once: what is issued is never changed. */
@ApplicationScoped
class VerdictWriter {

    /**
     * What was known before the study was submitted cannot be what it found: a number of a kind that the claim needs, taken
     * from a result that was there already. A later version that adds to what was decided looks around as well.
     */
    private static final String INSERT = """
            INSERT INTO ledger.verdict (study_id, version, claim, outcome, assumption, exploratory, conclusion, task_id)
            SELECT k.study_id, k.version, k.claim, c.outcome, c.assumption,
                   CASE WHEN k.exploratory IS NOT NULL THEN k.exploratory
                        WHEN EXISTS (
                            SELECT
                              FROM ledger.verdict before
                             WHERE before.study_id = k.study_id
                               AND before.claim = k.claim
                               AND before.version < k.version)
                        THEN 'extended after its verdict'
                        WHEN EXISTS (
                            SELECT
                              FROM ledger.claim d
                             CROSS JOIN LATERAL jsonb_path_query(d.definition, '$.specifications[*].needs[*].metric') AS n (metric)
                              JOIN ledger.study s ON s.id = k.study_id
                              JOIN ledger.task r ON r.study_id = s.id
                              JOIN ledger.task o ON o.id = r.reused_from AND o.finished_at < s.created_at
                              JOIN ledger.metric m ON m.task_id = o.id AND m.metric = n.metric #>> '{}'
                             WHERE (d.id, d.digest) = (k.claim, k.digest))
                        THEN 'its numbers were there before it was registered'
                    END,
                   CAST(c.conclusion AS jsonb), t.id
              FROM ledger.task t
              JOIN UNNEST(?::text[], ?::text[], ?::text[], ?::text[]) AS c (claim, outcome, assumption, conclusion) ON true
              JOIN ledger.study_claim k ON (k.study_id, k.version, k.claim) = (t.study_id, t.version, c.claim)
             WHERE t.id = ?
            ON CONFLICT DO NOTHING
            """;

    private final DataSource database;

    VerdictWriter(DataSource database) {
        this.database = database;
    }

    /** Part of the caller's transaction. Conclusions that are no verdicts are left out, and so is what was issued before. */
    void write(UUID task, List<Conclusion> conclusions) {
        List<Conclusion> issued = conclusions.stream()
                .filter(conclusion -> conclusion.outcome().isIssued())
                .toList();
        if (issued.isEmpty()) {
            return;
        }
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            Columns<Conclusion> columns = new Columns<>(connection, insert, 1, issued);
            columns.add("text", Conclusion::claim);
            columns.add("text", conclusion -> conclusion.outcome().label());
            columns.add("text", conclusion -> conclusion.assumption().orElse(null));
            columns.add("text", CanonicalJson::write);
            insert.setObject(5, task);
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "cannot write %d verdicts of task %s: %s".formatted(issued.size(), task, e.getMessage()), e);
        }
    }
}

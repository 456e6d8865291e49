package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Deletes what was kept long enough and nobody points to. Of a study that has a verdict nothing is deleted, nor what was said in making
 * results that it took over, and nowhere a task, an attempt, a number, an outcome, or a network in a lineage: whoever reads a verdict finds all that it was made of.
 */
@ApplicationScoped
public class Retention {

    private static final String LOGS = """
            DELETE FROM ledger.attempt_log l
             USING ledger.attempt a, ledger.task t
             WHERE a.token = l.token
               AND t.id = a.task_id
               AND a.ended_at < clock_timestamp() - make_interval(secs => ?)
               AND NOT EXISTS (SELECT FROM ledger.verdict v WHERE v.study_id = t.study_id)
               AND NOT EXISTS (
                   SELECT
                     FROM ledger.task r
                     JOIN ledger.verdict v ON v.study_id = r.study_id
                    WHERE coalesce(r.reused_from, r.id) = t.id)
            """;

    private static final String AUDIT = """
            DELETE FROM ledger.audit a
             WHERE a.at < clock_timestamp() - make_interval(secs => ?)
               AND NOT EXISTS (SELECT FROM ledger.verdict v WHERE v.study_id = a.study_id)
            """;

    private static final String WORKERS = """
            DELETE FROM ledger.worker w
             WHERE w.stopped_at < clock_timestamp() - make_interval(secs => ?)
               AND NOT EXISTS (SELECT FROM ledger.attempt a WHERE a.worker_id = w.id)
               AND NOT EXISTS (SELECT FROM ledger.task_queue q WHERE q.worker_id = w.id)
            """;

    private static final String POINTS = """
            DELETE FROM ledger.resume_point p
             USING ledger.task t
             WHERE t.id = p.task_id
               AND t.outcome IS NOT NULL
            """;

    /** Bytes that stand in no lineage, are no snapshot, were not brought in, and that nothing starts from. */
    private static final String LOOSE = """
            SELECT c.sha256
              FROM ledger.checkpoint c
             WHERE c.dropped_at IS NULL
               AND c.imported_at IS NULL
               AND c.created_at < clock_timestamp() - make_interval(secs => ?)
               AND c.sha256 = coalesce(CAST(? AS text), c.sha256)
               AND NOT EXISTS (SELECT FROM ledger.network n WHERE n.sha256 = c.sha256 OR n.initialised_from = c.sha256)
               AND NOT EXISTS (SELECT FROM ledger.snapshot k WHERE k.sha256 = c.sha256)
               AND NOT EXISTS (SELECT FROM ledger.task t WHERE t.parameters #>> '{train,training,start}' = c.sha256)
             ORDER BY c.sha256
            """;

    private final Checkpoints checkpoints;
    private final Audit audit;
    private final Statements statements;

    Retention(Checkpoints checkpoints, Audit audit, Statements statements) {
        this.checkpoints = checkpoints;
        this.audit = audit;
        this.statements = statements;
    }

    /** Deletes what is older than {@code age}, and writes down how much that was. */
    @Transactional
    public Deleted delete(Duration age) {
        double seconds = age.toSeconds();
        int points = statements.change(POINTS);
        int logs = statements.change(LOGS, seconds);
        int acts = statements.change(AUDIT, seconds);
        int workers = statements.change(WORKERS, seconds);
        int loose = 0;
        for (String sha256 : statements.list(LOOSE, row -> row.getString(1), seconds, null)) {
            BooleanSupplier stillLoose = () -> statements
                    .find(LOOSE, row -> row.getString(1), seconds, sha256)
                    .isPresent();
            checkpoints.drop(sha256, stillLoose);
            loose++;
        }
        Deleted deleted = new Deleted(logs, acts, workers, points, loose);
        audit.write(
                Audit.ENGINE,
                "retention",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new TreeMap<>(deleted.counts()));
        return deleted;
    }

    /**
     * What was deleted.
     *
     * @param logLines of attempts
     * @param acts rows of the audit
     * @param workers that stopped and ran nothing
     * @param resumePoints of tasks that have ended
     * @param checkpoints whose bytes were given up
     */
    public record Deleted(int logLines, int acts, int workers, int resumePoints, int checkpoints) {

        private Map<String, Integer> counts() {
            return Map.of(
                    "logLines", logLines,
                    "acts", acts,
                    "workers", workers,
                    "resumePoints", resumePoints,
                    "checkpoints", checkpoints);
        }
    }
}

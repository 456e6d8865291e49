package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The next generation of tasks that failed and of what they blocked: back into the queue, their failures forgotten, their attempts
 * and keys kept. What is blocked by another failure as well stays so.
 */
@ApplicationScoped
class Revival {

    /** Failed tasks of a study; of its judges those of the newest version that issued nothing: no verdict is asked for twice. */
    private static final String FAILED = """
            SELECT t.id, t.kind = 'judge'
              FROM ledger.task t
             WHERE t.study_id = ?
               AND t.outcome = 'FAILED'
               AND (t.kind <> 'judge'
                    OR t.version = (SELECT max(v.version) FROM ledger.study_version v WHERE v.study_id = t.study_id)
                       AND NOT EXISTS (
                           SELECT
                             FROM ledger.verdict d
                            WHERE (d.study_id, d.version) = (t.study_id, t.version)
                              AND d.claim IN (SELECT jsonb_array_elements_text(t.parameters #> '{judge,claims}'))))
             ORDER BY t.version, t.ordinal
            """;

    private static final String FREED = """
            WITH RECURSIVE freed AS (
                SELECT i.task_id FROM ledger.task_input i WHERE i.input_task_id = ANY (?)
                 UNION
                SELECT i.task_id FROM freed f JOIN ledger.task_input i ON i.input_task_id = f.task_id),
            stuck AS (
                SELECT i.task_id
                  FROM ledger.task_input i
                  JOIN ledger.task t ON t.id = i.input_task_id
                 WHERE t.study_id = ?
                   AND t.outcome IN ('FAILED', 'CANCELLED')
                   AND t.id <> ALL (?)
                 UNION
                SELECT i.task_id FROM stuck s JOIN ledger.task_input i ON i.input_task_id = s.task_id)
            SELECT t.id
              FROM freed f
              JOIN ledger.task t ON t.id = f.task_id
             WHERE t.outcome = 'BLOCKED'
               AND t.id NOT IN (SELECT s.task_id FROM stuck s)
            """;

    /** An input whose network is not readable any more. */
    private static final String GIVEN_UP = """
            SELECT i.task_id
              FROM ledger.task_input i
              JOIN ledger.task t ON t.id = i.input_task_id AND t.outcome = 'SUCCEEDED'
              JOIN ledger.network n ON n.id = t.network_id
              JOIN ledger.checkpoint c ON c.sha256 = n.sha256
             WHERE i.task_id = ANY (?)
               AND c.dropped_at IS NOT NULL
             ORDER BY i.task_id
             LIMIT 1
            """;

    /**
     * Judges that were released, or run, wait for the settlement once more: else they would decide over what has ended by chance. What
     * one of them says under its token does not count any more.
     */
    private static final String WITHDRAW = """
            WITH released AS MATERIALIZED (
                SELECT q.task_id, q.token
                  FROM ledger.task_queue q
                  JOIN ledger.task t ON t.id = q.task_id
                 WHERE q.study_id = ?
                   AND q.state IN ('READY', 'LEASED')
                   AND t.kind = 'judge'
                   AND EXISTS (SELECT FROM ledger.task f WHERE f.id = ANY (?) AND f.kind <> 'judge')),
            stopped AS (
                UPDATE ledger.attempt a
                   SET outcome = 'released', message = 'what it judges is run again', ended_at = clock_timestamp()
                  FROM released r
                 WHERE a.token = r.token
                   AND (a.outcome IS NULL OR a.outcome = 'lost'))
            UPDATE ledger.task_queue q
               SET state = 'WAITING',
                   missing = 1,
                   token = NULL,
                   batch = NULL,
                   worker_id = NULL,
                   lease_until = NULL,
                   ready_at = NULL,
                   progress = NULL,
                   progress_at = NULL
              FROM released r
             WHERE q.task_id = r.task_id
            """;

    private static final String REOPEN = """
            UPDATE ledger.task
               SET outcome = NULL, reason = NULL, finished_at = NULL, generation = generation + 1
             WHERE id = ANY (?)
               AND outcome IN ('FAILED', 'BLOCKED')
            """;

    /** Judges wait for the settlement of their study, as at first. */
    private static final String QUEUE = """
            INSERT INTO ledger.task_queue (task_id, study_id, state, missing, queued_at, ordinal, run_at, ready_at,
                                           shape, device, memory_bytes)
            SELECT t.id, t.study_id, CASE WHEN m.missing > 0 THEN 'WAITING' ELSE 'READY' END, m.missing, clock_timestamp(),
                   t.ordinal, clock_timestamp(), CASE WHEN m.missing = 0 THEN clock_timestamp() END,
                   t.shape, CASE WHEN t.kind <> 'judge' THEN coalesce(s.settings ->> 'device', 'any') ELSE 'any' END,
                   t.memory_bytes
              FROM ledger.task t
              JOIN ledger.study s ON s.id = t.study_id
             CROSS JOIN LATERAL (
                   SELECT CASE WHEN t.kind = 'judge' THEN 1 ELSE (
                              SELECT count(DISTINCT i.input_task_id)
                                FROM ledger.task_input i
                                JOIN ledger.task o ON o.id = i.input_task_id
                               WHERE i.task_id = t.id
                                 AND o.outcome IS DISTINCT FROM 'SUCCEEDED') END AS missing) m
             WHERE t.id = ANY (?)
            """;

    /** Those without inputs that are not there yet and without a name: they were blocked before they were ready. */
    private static final String NAMELESS = """
            SELECT t.id
              FROM ledger.task t
              JOIN ledger.task_queue q ON q.task_id = t.id AND q.state = 'READY'
             WHERE t.id = ANY (?)
               AND t.key IS NULL
               AND t.kind <> 'judge'
            """;

    private static final String GO_ON = """
            UPDATE ledger.study
               SET state = 'RUNNING', finished_at = NULL
             WHERE id = ?
               AND state = 'FAILED'
            """;

    private final Readiness readiness;
    private final Settlement settlement;
    private final Signals signals;
    private final Statements statements;
    private final DatabaseClock clock;

    Revival(Readiness readiness, Settlement settlement, Signals signals, Statements statements, DatabaseClock clock) {
        this.readiness = readiness;
        this.settlement = settlement;
        this.signals = signals;
        this.statements = statements;
        this.clock = clock;
    }

    /** What of a study may be tried again. */
    List<Failed> failed(UUID study) {
        return statements.list(FAILED, row -> new Failed(row.getObject(1, UUID.class), row.getBoolean(2)), study);
    }

    /**
     * Puts failed tasks and what they alone blocked back into the queue, and lets judges wait for them. The caller holds the study and its tasks.
     *
     * @return how many those were
     * @throws ControlRefusedException if something that they need was given up meanwhile; nothing is changed then
     */
    @Transactional(Transactional.TxType.MANDATORY)
    int revive(UUID study, Collection<UUID> failed) {
        Set<UUID> revived = new TreeSet<>(failed);
        var roots = Statements.uuids(failed);
        revived.addAll(statements.list(FREED, row -> row.getObject(1, UUID.class), roots, study, roots));
        var all = Statements.uuids(revived);
        statements.find(GIVEN_UP, row -> row.getObject(1, UUID.class), all).ifPresent(task -> {
            throw new ControlRefusedException(
                    ControlRefusedException.Why.STATE,
                    "what task %s needs was given up when its study ended (keep: leaves): run the study anew, finished work is used"
                            .formatted(task));
        });
        statements.change(WITHDRAW, study, all);
        statements.change(REOPEN, all);
        statements.change(QUEUE, all);
        List<UUID> nameless = statements.list(NAMELESS, row -> row.getObject(1, UUID.class), all);
        if (!nameless.isEmpty()) {
            readiness.name(nameless);
        }
        statements.change(GO_ON, study);
        Set<UUID> touched = readiness.reuseReady(study, clock.now());
        touched.add(study);
        touched.forEach(settlement::settleIfDone);
        touched.forEach(signals::study);
        signals.work();
        return revived.size();
    }

    /** A task that failed. */
    record Failed(UUID task, boolean isJudge) {}
}

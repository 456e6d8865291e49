package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.workflow.TaskSpec;
import org.jboss.logging.Logger;

/**
 * Takes back what workers held that are not heard of. That says nothing about a task, unless it was the only one that its worker had,
 * got no further than before, and that happens again and again while other workers stay: then it is the task that takes workers down.
 */
@ApplicationScoped
class Losses {

    private static final Logger LOG = Logger.getLogger(Losses.class);

    /** What a finishing worker holds at this moment is not lost. */
    private static final String EXPIRED = """
            WITH lost AS MATERIALIZED (
                SELECT q.task_id
                  FROM ledger.task_queue q
                 WHERE q.state = 'LEASED'
                   AND q.lease_until < clock_timestamp()
                 ORDER BY q.task_id
                   FOR UPDATE SKIP LOCKED)
            """;

    private static final String HELD = """
            WITH lost AS MATERIALIZED (
                SELECT q.task_id
                  FROM ledger.task_queue q
                 WHERE q.state = 'LEASED'
                   AND q.worker_id = CAST(? AS uuid)
                 ORDER BY q.task_id
                   FOR UPDATE)
            """;

    /** The token stays: until another takes the task its result counts. */
    private static final String LOSE = """
            , alone AS MATERIALIZED (
                SELECT q.worker_id, count(*) = 1 AS was
                  FROM ledger.task_queue q
                 WHERE q.state = 'LEASED'
                   AND q.worker_id IN (SELECT w.worker_id FROM ledger.task_queue w JOIN lost l ON l.task_id = w.task_id)
                 GROUP BY q.worker_id),
            further AS MATERIALIZED (
                SELECT q.task_id,
                       coalesce(q.progress > coalesce(q.lost_at, 0), false)
                           OR EXISTS (SELECT FROM ledger.resume_point p WHERE p.task_id = q.task_id AND p.token = q.token) AS got
                  FROM ledger.task_queue q
                  JOIN lost l ON l.task_id = q.task_id),
            gone AS (
                UPDATE ledger.task_queue q
                   SET state = 'READY',
                       batch = NULL,
                       worker_id = NULL,
                       lease_until = NULL,
                       ready_at = clock_timestamp(),
                       losses = q.losses + 1,
                       lost_in_a_row = CASE WHEN further.got THEN 0 ELSE q.lost_in_a_row + 1 END,
                       lost_alone = CASE
                           WHEN further.got THEN 0
                           WHEN a.was THEN q.lost_alone + 1
                           ELSE q.lost_alone
                       END,
                       lost_at = greatest(q.lost_at, q.progress),
                       progress = NULL,
                       progress_at = NULL
                  FROM lost l, alone a, further
                 WHERE q.task_id = l.task_id
                   AND a.worker_id = q.worker_id
                   AND further.task_id = q.task_id
                RETURNING q.task_id, q.token, q.study_id, q.lost_alone),
            ended AS (
                UPDATE ledger.attempt t
                   SET outcome = 'lost', message = ?, ended_at = clock_timestamp()
                  FROM gone g
                 WHERE t.token = g.token
                   AND t.outcome IS NULL)
            SELECT g.task_id, g.token, g.study_id, g.lost_alone, CAST(t.parameters AS text)
              FROM gone g
              JOIN ledger.task t ON t.id = g.task_id
             ORDER BY g.task_id
            """;

    /**
     * Workers that were lost since the n-th last loss of a task and did not have it. What they had does not count if it is suspected
     * itself, or has failed: two tasks that take workers down must not excuse each other.
     */
    private static final String ELSEWHERE = """
            SELECT count(DISTINCT a.worker_id) AS workers
              FROM ledger.attempt a
             WHERE a.outcome = 'lost'
               AND a.ended_at >= (
                   SELECT m.ended_at
                     FROM ledger.attempt m
                    WHERE m.task_id = ?
                      AND m.outcome = 'lost'
                    ORDER BY m.number DESC
                   OFFSET ?
                    LIMIT 1)
               AND a.worker_id NOT IN (
                   SELECT m.worker_id FROM ledger.attempt m WHERE m.task_id = ? AND m.outcome = 'lost')
               AND NOT EXISTS (
                   SELECT FROM ledger.task_queue q WHERE q.task_id = a.task_id AND q.lost_in_a_row >= 2)
               AND NOT EXISTS (
                   SELECT FROM ledger.task t WHERE t.id = a.task_id AND t.outcome = 'FAILED')
            """;

    private final Setbacks setbacks;
    private final Signals signals;
    private final Statements statements;
    private final DatabaseClock clock;

    Losses(Setbacks setbacks, Signals signals, Statements statements, DatabaseClock clock) {
        this.setbacks = setbacks;
        this.signals = signals;
        this.statements = statements;
        this.clock = clock;
    }

    /** See {@link Workers#takeBackExpired}. */
    @Transactional
    int takeBackExpired(Duration lease) {
        if (clock.now().isBefore(clock.upSince().plus(lease))) {
            return 0;
        }
        String why = "the worker fell silent";
        return returned(statements.list(EXPIRED + LOSE, Lost::of, why), why);
    }

    /** Takes back what a worker held that is gone; returns how many tasks that were. Part of the caller's transaction. */
    @Transactional(Transactional.TxType.MANDATORY)
    int takeBack(UUID worker) {
        String why = "the worker process is gone";
        return returned(statements.list(HELD + LOSE, Lost::of, worker, why), why);
    }

    private int returned(List<Lost> lost, String why) {
        Tally parked = new Tally();
        Tally back = new Tally();
        for (Lost one : lost) {
            if (takesWorkersDown(one)) {
                setbacks.giveUp(
                        one.lease(),
                        "parked after %d workers were lost, one after another, each while it ran this task alone"
                                .formatted(one.alone()),
                        parked);
            } else {
                LOG.debugf("task %s: back in the queue, %s", one.task(), why);
                back.add(one.study(), one.task(), "back in the queue, " + why);
                signals.study(one.study());
            }
        }
        parked.say(LOG, Logger.Level.WARN);
        back.say(LOG, Logger.Level.INFO);
        if (!lost.isEmpty()) {
            signals.work();
        }
        return lost.size();
    }

    /** Where workers die of something else, it takes more of them to tell: a quick task may have been there by chance each time. */
    private boolean takesWorkersDown(Lost one) {
        if (one.alone() < Setbacks.MOST) {
            return false;
        }
        int elsewhere = statements
                .find(ELSEWHERE, row -> row.getInt("workers"), one.task(), one.alone() - 1, one.task())
                .orElse(0);
        return one.alone() >= Setbacks.MOST * (1 + elsewhere);
    }

    private record Lost(UUID task, long token, UUID study, int alone, String parameters) {

        static Lost of(ResultSet row) throws SQLException {
            return new Lost(
                    row.getObject(1, UUID.class),
                    row.getLong(2),
                    row.getObject(3, UUID.class),
                    row.getInt(4),
                    row.getString(5));
        }

        Lease lease() {
            TaskSpec spec = CanonicalJson.read(parameters, TaskSpec.class);
            return new Lease(task, token, 1, 0, study, "", spec, 0, Optional.empty(), List.of());
        }
    }
}

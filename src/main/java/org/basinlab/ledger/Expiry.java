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
import org.basinlab.study.RunSettings;
import org.basinlab.workflow.TaskSpec;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Ends what takes longer than it may: waiting for a worker, an attempt, or an attempt's silence, each by its own limit and all by the
 * database's clock. Workers hold the last two themselves; what they let pass is ended here a little later.
 */
@ApplicationScoped
public class Expiry {

    private static final Logger LOG = Logger.getLogger(Expiry.class);

    /** What a worker has for stopping a task itself. */
    private static final Duration GRACE = Duration.ofSeconds(15);

    private static final Duration BEFORE_NEXT = Duration.ofSeconds(2);

    /** Ended in one transaction, which holds their studies; the rest comes with the next look. */
    static final int MOST = 500;

    /** Of studies with such a limit alone: tasks of others may wait by the hundred thousand. */
    private static final String WAITED = """
            WITH limited AS MATERIALIZED (
                SELECT s.id, s.settings
                  FROM ledger.study s
                 WHERE s.state IN ('QUEUED', 'RUNNING')
                   AND (CAST(? AS float8) IS NOT NULL OR jsonb_path_exists(s.settings, '$.limits.*.queue')))
            SELECT q.task_id, coalesce(q.token, 0), q.study_id, CAST(t.parameters AS text), l.seconds, 'queue'
              FROM limited s
              JOIN ledger.task_queue q ON q.study_id = s.id
              JOIN ledger.task t ON t.id = q.task_id
             CROSS JOIN LATERAL (
                   SELECT coalesce(CAST(s.settings #>> ARRAY['limits', t.kind, 'queue'] AS float8), CAST(? AS float8)) AS seconds) l
             WHERE q.state = 'READY'
               AND q.ready_at + make_interval(secs => l.seconds) < clock_timestamp()
             ORDER BY q.task_id
             LIMIT ?
               FOR UPDATE OF q SKIP LOCKED
            """;

    /** An attempt runs from when its worker is at it: before that it waits for others of its claim. */
    private static final String RAN = """
            SELECT q.task_id, q.token, q.study_id, CAST(t.parameters AS text),
                   CASE WHEN r.over THEN l.run ELSE l.silence END,
                   CASE WHEN r.over THEN 'run' ELSE 'silence' END
              FROM ledger.task_queue q
              JOIN ledger.task t ON t.id = q.task_id
              JOIN ledger.study s ON s.id = q.study_id
             CROSS JOIN LATERAL (
                   SELECT coalesce(CAST(s.settings #>> ARRAY['limits', t.kind, 'run'] AS float8), CAST(? AS float8)) AS run,
                          coalesce(CAST(s.settings #>> ARRAY['limits', t.kind, 'silence'] AS float8), CAST(? AS float8)) AS silence) l
             CROSS JOIN LATERAL (
                   SELECT coalesce(q.begun_token = q.token AND q.begun_at + make_interval(secs => l.run + ?) < clock_timestamp(), false) AS over,
                          coalesce(q.progress_at + make_interval(secs => l.silence + ?) < clock_timestamp(), false) AS silent) r
             WHERE q.state = 'LEASED'
               AND (r.over OR r.silent)
             ORDER BY q.task_id
             LIMIT ?
               FOR UPDATE OF q SKIP LOCKED
            """;

    private final Setbacks setbacks;
    private final Statements statements;

    Expiry(Setbacks setbacks, Statements statements) {
        this.setbacks = setbacks;
        this.statements = statements;
    }

    /**
     * Ends what is over its limit, {@value #MOST} of a kind at most.
     *
     * @param defaults what holds where a study says nothing; no limit where absent
     * @return how many tasks or attempts were ended
     */
    @Transactional
    public int enforce(RunSettings.TimeLimits defaults) {
        List<Late> waited =
                statements.list(WAITED, Late::of, seconds(defaults.queue()), seconds(defaults.queue()), MOST);
        Tally parked = new Tally();
        waited.forEach(late -> setbacks.giveUp(
                late.lease(), "no worker took it for %d s, which is its limit".formatted(late.seconds()), parked));
        double grace = GRACE.toSeconds();
        List<Late> ran = statements.list(
                RAN, Late::of, seconds(defaults.run()), seconds(defaults.silence()), grace, grace, MOST);
        ran.forEach(late -> setbacks.fail(
                late.lease(),
                late.limit().equals("run")
                        ? "it ran longer than %d s, which is its limit".formatted(late.seconds())
                        : "it made no progress for %d s, which is its limit".formatted(late.seconds()),
                Setbacks.Fault.TIME,
                BEFORE_NEXT,
                parked));
        parked.say(LOG, Logger.Level.WARN);
        return waited.size() + ran.size();
    }

    private static @Nullable Double seconds(Optional<Long> limit) {
        return limit.map(Long::doubleValue).orElse(null);
    }

    private record Late(UUID task, long token, UUID study, String parameters, long seconds, String limit) {

        static Late of(ResultSet row) throws SQLException {
            return new Late(
                    row.getObject(1, UUID.class),
                    row.getLong(2),
                    row.getObject(3, UUID.class),
                    row.getString(4),
                    row.getLong(5),
                    row.getString(6));
        }

        Lease lease() {
            TaskSpec spec = CanonicalJson.read(parameters, TaskSpec.class);
            return new Lease(task, token, 1, 0, study, "", spec, 0, Optional.empty(), List.of());
        }
    }
}

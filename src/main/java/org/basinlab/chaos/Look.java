package org.basinlab.chaos;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** What the database says, asked straight; waits for one that is away. */
final class Look {

    private static final Duration LONGEST_OUTAGE = Duration.ofMinutes(2);

    private static final String LOSSES = "SELECT count(*) FROM ledger.attempt WHERE outcome = 'lost'";

    private final Supplier<DataSource> database;

    /** @param database asked for anew each time, as its port may change */
    Look(Supplier<DataSource> database) {
        this.database = database;
    }

    /** Attempts that were taken from a worker that was not heard of. */
    int losses() {
        return (int) number(LOSSES);
    }

    static int losses(Connection connection) {
        try {
            return (int) number(connection, LOSSES);
        } catch (SQLException e) {
            throw new ChaosException("the database cannot be asked: " + e.getMessage(), e);
        }
    }

    /** Attempts of these processes that have no end: what they held has not come back. */
    int openAttempts(List<Long> pids) {
        return (int) number("""
                SELECT count(*)
                  FROM ledger.attempt a
                  JOIN ledger.worker w ON w.id = a.worker_id
                 WHERE a.outcome IS NULL
                   AND w.pid = ANY (?)
                """, (Object) pids.toArray(Long[]::new));
    }

    /** Tasks that these processes lost and that nobody has taken again, though they could be. */
    int waitingAgain(List<Long> pids) {
        return (int) number("""
                SELECT count(DISTINCT q.task_id)
                  FROM ledger.task_queue q
                  JOIN ledger.study s ON s.id = q.study_id
                  JOIN ledger.attempt a ON a.task_id = q.task_id
                  JOIN ledger.worker w ON w.id = a.worker_id
                 WHERE q.state = 'READY'
                   AND s.state IN ('QUEUED', 'RUNNING')
                   AND a.outcome = 'lost'
                   AND w.pid = ANY (?)
                """, (Object) pids.toArray(Long[]::new));
    }

    /** How many of these processes have been heard of since that moment of the database's clock. */
    int heardSince(List<Long> pids, double epoch) {
        return (int) number("""
                SELECT count(DISTINCT pid)
                  FROM ledger.worker
                 WHERE stopped_at IS NULL
                   AND pid = ANY (?)
                   AND extract(epoch FROM seen_at) > ?
                """, pids.toArray(Long[]::new), epoch);
    }

    /** The database's clock in seconds. */
    double now() {
        return number("SELECT extract(epoch FROM clock_timestamp())");
    }

    /** For how long the database has been up. */
    double upSeconds() {
        return number("SELECT extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())");
    }

    /** Whether a process has said that it takes tasks. */
    boolean isRegistered(long pid) {
        return heardSince(List.of(pid), 0) > 0;
    }

    boolean holds(long pid, UUID study) {
        return number("""
                SELECT count(*)
                  FROM ledger.task_queue q
                  JOIN ledger.worker w ON w.id = q.worker_id
                 WHERE w.pid = ?
                   AND q.study_id = ?
                """, pid, study) > 0;
    }

    boolean holdsSomething(long pid) {
        return number("""
                SELECT count(*)
                  FROM ledger.task_queue q
                  JOIN ledger.worker w ON w.id = q.worker_id
                 WHERE w.pid = ?
                """, pid) > 0;
    }

    /** For how long a process has worked since the last point from which what it holds can go on. */
    double unsavedSeconds(long pid) {
        return number("""
                SELECT coalesce(max(extract(epoch FROM clock_timestamp() - greatest(a.started_at, p.saved_at))), 0)
                  FROM ledger.attempt a
                  JOIN ledger.worker w ON w.id = a.worker_id
                  LEFT JOIN ledger.resume_point p ON p.task_id = a.task_id
                 WHERE a.outcome IS NULL
                   AND w.pid = ?
                """, pid);
    }

    /** How many of these processes take tasks. */
    int taking(List<Long> pids) {
        return heardSince(pids, 0);
    }

    /** How many of these processes, of one slot each, hold nothing while a task is there to be taken. */
    int idleInVain(List<Long> pids) {
        Long[] all = pids.toArray(Long[]::new);
        return (int) number("""
                SELECT least(
                    (SELECT count(*)
                       FROM ledger.worker w
                      WHERE w.stopped_at IS NULL
                        AND w.pid = ANY (?)
                        AND NOT EXISTS (
                            SELECT FROM ledger.task_queue q WHERE q.worker_id = w.id AND q.state = 'LEASED')),
                    (SELECT count(*)
                       FROM ledger.task_queue q
                       JOIN ledger.study s ON s.id = q.study_id
                      WHERE q.state = 'READY'
                        AND q.device <> 'gpu'
                        AND q.run_at <= clock_timestamp()
                        AND s.state IN ('QUEUED', 'RUNNING')))
                """, (Object) all);
    }

    boolean isEnded(UUID study) {
        return number("SELECT count(*) FROM ledger.study WHERE id = ? AND finished_at IS NOT NULL", study) > 0;
    }

    String stateOf(UUID study) {
        return texts("", "SELECT state FROM ledger.study WHERE id = '%s'".formatted(study)).stream()
                .findFirst()
                .orElse("not there");
    }

    /** Changes whenever anything in the queue does, and when a task gets on. */
    String stillness() {
        return texts("", """
                SELECT count(*) || ' ' || coalesce(md5(string_agg(
                           concat_ws(' ', task_id, state, missing, token, progress), ',' ORDER BY task_id)), '')
                       || (SELECT ' ' || count(*) FROM ledger.study WHERE finished_at IS NOT NULL)
                  FROM ledger.task_queue
                """).get(0);
    }

    /** Attempts of a process that ended otherwise than done or given back. */
    int chargedAtDrain(long pid) {
        return (int) number("""
                SELECT count(*)
                  FROM ledger.attempt a
                  JOIN ledger.worker w ON w.id = a.worker_id
                 WHERE w.pid = ?
                   AND (a.outcome IS NULL OR a.outcome IN ('failed', 'lost'))
                   AND a.started_at > clock_timestamp() - interval '10 minutes'
                """, pid);
    }

    /** Tasks that are in no queue and at no end. */
    int lostTasks() {
        return (int) number("""
                SELECT count(*)
                  FROM ledger.task t
                  JOIN ledger.study s ON s.id = t.study_id
                 WHERE t.outcome IS NULL
                   AND s.bundle IS NULL
                   AND NOT EXISTS (SELECT FROM ledger.task_queue q WHERE q.task_id = t.id)
                """);
    }

    /** Tasks of which more than one result was accepted. */
    int duplicatedTasks() {
        return (int) number("""
                SELECT count(*)
                  FROM (SELECT task_id
                          FROM ledger.attempt
                         WHERE outcome = 'succeeded'
                         GROUP BY task_id
                        HAVING count(*) > 1) d
                """);
    }

    /** How the tasks of a study of probes ended, for people. */
    String probesByEnd(UUID study) {
        return String.join(", ", texts("", """
                SELECT count(*) || ' ' || coalesce(outcome, 'open') || ' (' || (parameters #>> '{probe,behaviour}') || ')'
                  FROM ledger.task
                 WHERE study_id = '%s'
                 GROUP BY outcome, parameters #>> '{probe,behaviour}'
                 ORDER BY 1
                """.formatted(study)));
    }

    /**
     * Probes that are not at the end that is theirs: one that misbehaves fails, one that behaves succeeds, and is blocked only where
     * it needs one that misbehaves.
     */
    List<String> probesThatEndedWrongly(UUID study) {
        return texts("", """
                SELECT format('probe %%s (%%s) ended %%s: %%s', id, parameters #>> '{probe,behaviour}', outcome, reason)
                  FROM ledger.task t
                 WHERE study_id = '%s'
                   AND outcome IS DISTINCT FROM
                       CASE WHEN parameters #>> '{probe,behaviour}' <> 'ok' THEN 'FAILED'
                            WHEN EXISTS (
                                 SELECT FROM ledger.task_input i
                                   JOIN ledger.task u ON u.id = i.input_task_id
                                  WHERE i.task_id = t.id AND u.parameters #>> '{probe,behaviour}' <> 'ok')
                            THEN 'BLOCKED'
                            ELSE 'SUCCEEDED' END
                """.formatted(study));
    }

    int openTasks() {
        return (int) number("SELECT count(*) FROM ledger.task_queue");
    }

    /** What happened, in numbers. */
    Map<String, Integer> counts() {
        Map<String, Integer> counts = new TreeMap<>();
        texts("", """
                SELECT 'tasks ' || lower(coalesce(outcome, 'open')) || '|' || count(*)
                  FROM ledger.task
                 GROUP BY outcome
                 UNION ALL
                SELECT 'attempts ' || coalesce(outcome, 'open') || '|' || count(*)
                  FROM ledger.attempt
                 GROUP BY outcome
                 UNION ALL
                SELECT 'worker processes|' || count(*)
                  FROM ledger.worker
                 UNION ALL
                SELECT 'results refused|' || count(*)
                  FROM ledger.audit
                 WHERE action = 'result-refused'
                """).forEach(row -> {
            String[] words = row.split("\\|", 2);
            counts.put(words[0], Integer.valueOf(words[1]));
        });
        return counts;
    }

    /** The database's clock, for people. */
    String clock() {
        return texts("", "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')")
                .get(0);
    }

    /** Ends one session of the processes under test, drawn anew each time, if there is one. */
    int endOneSession() {
        return (int) number("""
                SELECT count(pg_terminate_backend(pid))
                  FROM (SELECT pid
                          FROM pg_stat_activity
                         WHERE backend_type = 'client backend'
                           AND datname = current_database()
                           AND application_name <> 'basinlab chaos'
                         ORDER BY md5(CAST(pid AS text) || CAST(clock_timestamp() AS text))
                         LIMIT 1) a
                """);
    }

    /** Rows of one column of text, in a transaction of their own, after some preparation in it. */
    List<String> texts(String prepare, String query) {
        return ask(connection -> {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                if (!prepare.isEmpty()) {
                    statement.execute(prepare);
                }
                List<String> rows = new ArrayList<>();
                try (ResultSet found = statement.executeQuery(query)) {
                    while (found.next()) {
                        rows.add(found.getString(1));
                    }
                }
                connection.rollback();
                return rows;
            }
        });
    }

    void execute(String statements) {
        ask(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute(statements);
            }
        });
    }

    private double number(String sql, Object... parameters) {
        return ask(connection -> number(connection, sql, parameters));
    }

    private static double number(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                if (parameters[i] instanceof Long[] several) {
                    statement.setArray(i + 1, connection.createArrayOf("bigint", several));
                } else {
                    statement.setObject(i + 1, parameters[i]);
                }
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getDouble(1);
            }
        }
    }

    private <T> T ask(Question<T> question) {
        long end = System.nanoTime() + LONGEST_OUTAGE.toNanos();
        while (true) {
            try (Connection connection = database.get().getConnection()) {
                return question.ask(connection);
            } catch (SQLException e) {
                String state = String.valueOf(e.getSQLState());
                boolean away = state.startsWith("08") || state.startsWith("57P") || state.startsWith("53");
                if (!away || System.nanoTime() > end) {
                    throw new ChaosException("the database cannot be asked: " + e.getMessage(), e);
                }
                Threads.sleep(Duration.ofMillis(200));
            }
        }
    }

    /** Something that a connection answers. */
    @FunctionalInterface
    private interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }
}

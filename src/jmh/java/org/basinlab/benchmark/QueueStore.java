package org.basinlab.benchmark;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.UUID;
import javax.sql.DataSource;

/** What the store says of studies, by its own clock. */
final class QueueStore {

    private static final String STATE = "SELECT state FROM results.studies WHERE id = ?";

    private static final String SECONDS = """
            SELECT extract(epoch FROM max(t.finished_at) - min(a.started_at))
              FROM ledger.task t
              JOIN ledger.attempt a ON a.task_id = t.id
             WHERE t.study_id = ?
            """;

    /** Tasks, those with exactly one attempt, and those that succeeded. */
    private static final String ONCE = """
            SELECT count(*) FILTER (WHERE attempts = 1 AND state = 'SUCCEEDED') = count(*) FROM results.tasks WHERE study_id = ?
            """;

    /** From when a task was ready, at the latest, to when it was in a worker's hands: of tasks that nothing comes before. */
    private static final String FROM_SUBMISSION = """
            SELECT 1000 * extract(epoch FROM a.started_at - s.created_at)
              FROM ledger.study s
              JOIN ledger.task t ON t.study_id = s.id
              JOIN ledger.attempt a ON a.task_id = t.id
             WHERE s.name = ?
            """;

    private static final String FROM_INPUT = """
            SELECT 1000 * extract(epoch FROM a.started_at - i.finished_at)
              FROM ledger.task t
              JOIN ledger.attempt a ON a.task_id = t.id
              JOIN ledger.task_input n ON n.task_id = t.id
              JOIN ledger.task i ON i.id = n.input_task_id
             WHERE t.study_id = ?
            """;

    private static final String LOSS = """
            SELECT extract(epoch FROM lost.ended_at) AS requeued, extract(epoch FROM next.started_at) AS again
              FROM ledger.task t
              JOIN ledger.attempt lost ON lost.task_id = t.id AND lost.number = 1
              LEFT JOIN ledger.attempt next ON next.task_id = t.id AND next.number = 2
             WHERE t.study_id = ?
            """;

    private static final String NOW = "SELECT extract(epoch FROM clock_timestamp())";

    private static final String RUNNING = """
            SELECT count(*) FROM ledger.task_queue WHERE study_id = ? AND state = 'LEASED'
            """;

    /** Those that have just said so: a mark is old where a worker has found something since. */
    private static final String IDLE = """
            SELECT count(*)
              FROM ledger.worker w
             WHERE w.idle_since IS NOT NULL
               AND w.seen_at > clock_timestamp() - interval '2 seconds'
               AND NOT EXISTS (SELECT FROM ledger.task_queue q WHERE q.worker_id = w.id)
            """;

    private final DataSource database;

    QueueStore(DataSource database) {
        this.database = database;
    }

    /** Looks often and cheaply until the study has ended; refuses one that did not succeed. */
    void await(UUID study) throws SQLException, InterruptedException {
        try (Connection connection = database.getConnection();
                PreparedStatement ask = connection.prepareStatement(STATE)) {
            ask.setObject(1, study);
            for (String state = text(ask); !state.equals("SUCCEEDED"); state = text(ask)) {
                if (state.equals("FAILED") || state.equals("CANCELLED")) {
                    throw new IllegalStateException("study %s ended as %s".formatted(study, state));
                }
                Thread.sleep(20);
            }
        }
    }

    /** From the first attempt's start to the last task's end. */
    double seconds(UUID study) throws SQLException {
        return numbers(SECONDS, study)[0];
    }

    void requireEachOnce(UUID study) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement ask = connection.prepareStatement(ONCE)) {
            ask.setObject(1, study);
            if (!text(ask).equals("t")) {
                throw new IllegalStateException("each task of study %s must have been run once".formatted(study));
            }
        }
    }

    /** Milliseconds, rising. */
    double[] fromSubmission(String name) throws SQLException {
        return numbers(FROM_SUBMISSION, name);
    }

    /** Milliseconds, rising. */
    double[] fromInput(UUID study) throws SQLException {
        return numbers(FROM_INPUT, study);
    }

    boolean isRunning(UUID study) throws SQLException {
        return numbers(RUNNING, study)[0] > 0;
    }

    /** Until a worker has begun and found nothing to do. */
    void awaitIdle() throws SQLException, InterruptedException {
        while (number(IDLE) == 0) {
            Thread.sleep(10);
        }
    }

    /** When the only task of a study was back in the queue and when it ran again, in seconds after {@code from}; NaN where it did not. */
    double[] loss(UUID study, double from) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement ask = connection.prepareStatement(LOSS)) {
            ask.setObject(1, study);
            try (ResultSet row = ask.executeQuery()) {
                row.next();
                double requeued = row.getDouble(1);
                double again = row.getDouble(2);
                return new double[] {requeued - from, row.wasNull() ? Double.NaN : again - from};
            }
        }
    }

    /** Seconds since 1970 by the database's clock. */
    double now() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement ask = connection.prepareStatement(NOW);
                ResultSet row = ask.executeQuery()) {
            row.next();
            return row.getDouble(1);
        }
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }

    double number(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement ask = connection.prepareStatement(sql);
                ResultSet row = ask.executeQuery()) {
            row.next();
            return row.getDouble(1);
        }
    }

    private double[] numbers(String sql, Object parameter) throws SQLException {
        double[] numbers = new double[0];
        try (Connection connection = database.getConnection();
                PreparedStatement ask = connection.prepareStatement(sql)) {
            ask.setObject(1, parameter);
            try (ResultSet rows = ask.executeQuery()) {
                while (rows.next()) {
                    numbers = Arrays.copyOf(numbers, numbers.length + 1);
                    numbers[numbers.length - 1] = rows.getDouble(1);
                }
            }
        }
        Arrays.sort(numbers);
        return numbers;
    }

    private static String text(PreparedStatement ask) throws SQLException {
        try (ResultSet row = ask.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }
}

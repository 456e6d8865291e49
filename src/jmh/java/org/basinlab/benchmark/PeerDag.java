package org.basinlab.benchmark;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.basinlab.workflow.PlannedTask;

/**
 * A graph of tasks that compute nothing, in tables of its own: what an application must keep beside a scheduler that knows single
 * jobs only. One transaction a task writes its attempt and its result and tells its dependants. That is less than our queue does, which
 * also writes the attempt when it begins, fences it by a token, looks for equal work and settles the study.
 */
final class PeerDag {

    static final String SCHEMA = "peer";

    private static final String TABLES = """
            DROP SCHEMA IF EXISTS peer CASCADE;
            CREATE SCHEMA peer;
            CREATE TABLE peer.task (
                id          integer     PRIMARY KEY,
                missing     integer     NOT NULL,
                outcome     text,
                finished_at timestamptz
            ) WITH (fillfactor = 70);
            CREATE TABLE peer.input (
                task  integer NOT NULL REFERENCES peer.task,
                input integer NOT NULL REFERENCES peer.task,
                PRIMARY KEY (task, input)
            );
            CREATE INDEX input_by_input ON peer.input (input);
            CREATE TABLE peer.attempt (
                token      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                task       integer     NOT NULL REFERENCES peer.task,
                started_at timestamptz NOT NULL,
                ended_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
                outcome    text        NOT NULL
            );
            CREATE INDEX attempt_by_task ON peer.attempt (task);
            """;

    private static final String TASKS = """
            INSERT INTO peer.task (id, missing) SELECT * FROM UNNEST(?::int[], ?::int[])
            """;

    private static final String INPUTS = """
            INSERT INTO peer.input (task, input) SELECT * FROM UNNEST(?::int[], ?::int[])
            """;

    private static final String FINISH = """
            WITH ended AS (
                INSERT INTO peer.attempt (task, started_at, outcome)
                VALUES (?, clock_timestamp() - make_interval(secs => ?), 'succeeded'))
            UPDATE peer.task SET outcome = 'SUCCEEDED', finished_at = clock_timestamp() WHERE id = ? AND outcome IS NULL
            """;

    private static final String TELL = """
            UPDATE peer.task t
               SET missing = missing - 1
              FROM peer.input i
             WHERE i.input = ?
               AND t.id = i.task
            RETURNING t.id, t.missing
            """;

    private static final String LEFT = """
            SELECT count(*) FROM peer.task WHERE outcome IS NULL
            """;

    private static final String TIMES = """
            SELECT extract(epoch FROM max(ended_at) - min(started_at)), count(*), count(DISTINCT task) FROM peer.attempt
            """;

    private final DataSource database;
    private final AtomicReference<Exception> fault = new AtomicReference<>();

    PeerDag(DataSource database) {
        this.database = database;
    }

    /** Makes the tables anew and puts the tasks in; returns those that are ready. */
    List<Integer> write(List<PlannedTask> tasks) throws SQLException {
        List<Integer> ids = new ArrayList<>();
        List<Integer> missing = new ArrayList<>();
        List<Integer> of = new ArrayList<>();
        List<Integer> inputs = new ArrayList<>();
        List<Integer> ready = new ArrayList<>();
        for (PlannedTask task : tasks) {
            ids.add(task.ordinal());
            missing.add(task.inputs().size());
            task.inputs().forEach(input -> {
                of.add(task.ordinal());
                inputs.add(input);
            });
            if (task.inputs().isEmpty()) {
                ready.add(task.ordinal());
            }
        }
        try (Connection connection = database.getConnection();
                Statement make = connection.createStatement()) {
            make.execute(TABLES);
            insert(connection, TASKS, ids, missing);
            insert(connection, INPUTS, of, inputs);
        }
        return ready;
    }

    private static void insert(Connection connection, String sql, List<Integer> first, List<Integer> second)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setArray(1, connection.createArrayOf("int4", first.toArray()));
            insert.setArray(2, connection.createArrayOf("int4", second.toArray()));
            insert.executeUpdate();
        }
    }

    /**
     * Attempt, result and readiness of one task; part of the transaction of {@code connection}.
     *
     * @param nanos since the task began
     * @return the tasks that became ready
     */
    static List<Integer> finish(Connection connection, int task, long nanos) throws SQLException {
        try (PreparedStatement finish = connection.prepareStatement(FINISH)) {
            finish.setInt(1, task);
            finish.setDouble(2, nanos * 1e-9);
            finish.setInt(3, task);
            if (finish.executeUpdate() != 1) {
                throw new IllegalStateException("task %d was done before".formatted(task));
            }
        }
        List<Integer> ready = new ArrayList<>();
        try (PreparedStatement tell = connection.prepareStatement(TELL)) {
            tell.setInt(1, task);
            try (ResultSet told = tell.executeQuery()) {
                while (told.next()) {
                    if (told.getInt(2) == 0) {
                        ready.add(told.getInt(1));
                    }
                }
            }
        }
        return ready;
    }

    /** What ends a task, all of it or nothing. A fault ends the benchmark: neither scheduler tells who waits for its tasks. */
    interface Ending {
        List<Integer> end(Connection connection) throws SQLException;
    }

    List<Integer> inTransaction(Ending ending) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                List<Integer> ready = ending.end(connection);
                connection.commit();
                return ready;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException | RuntimeException e) {
            fault.compareAndSet(null, e);
            throw new IllegalStateException(e);
        }
    }

    /** Waits until all tasks are done; returns the seconds from the first attempt's start to the last one's end. */
    double await(int tasks) throws SQLException, InterruptedException {
        try (Connection connection = database.getConnection();
                PreparedStatement left = connection.prepareStatement(LEFT);
                PreparedStatement times = connection.prepareStatement(TIMES)) {
            while (number(left) > 0) {
                Exception found = fault.get();
                if (found != null) {
                    throw new IllegalStateException("a task of the benchmark failed", found);
                }
                Thread.sleep(50);
            }
            try (ResultSet row = times.executeQuery()) {
                row.next();
                if (row.getInt(2) != tasks || row.getInt(3) != tasks) {
                    throw new IllegalStateException("%d tasks must have one attempt each, %d have %d"
                            .formatted(tasks, row.getInt(3), row.getInt(2)));
                }
                return row.getDouble(1);
            }
        }
    }

    private static int number(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }
}

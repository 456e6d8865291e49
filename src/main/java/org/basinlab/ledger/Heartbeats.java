package org.basinlab.ledger;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What a worker says of itself every few seconds, over a connection of its own: that it is there, which leases it goes on
 * with, how far their tasks are and what they had to say.
 */
@ApplicationScoped
public class Heartbeats {

    /** Less than a lease has left when two in a row went unheard. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    /**
     * A row that somebody holds, such as the transaction that finishes it, is passed over: its lease is not put off, and it counts
     * as alive by what was there before. So a heartbeat waits for nobody and nobody for it.
     */
    private static final String EXTEND = """
            WITH sign AS (
                SELECT * FROM unnest(?::uuid[], ?::bigint[], ?::boolean[], ?::real[], ?::boolean[]) AS s (task_id, token, begun, progress, moved)),
            mine AS (
                SELECT q.task_id, q.token, s.begun, s.progress, s.moved
                  FROM sign s
                  JOIN ledger.task_queue q ON q.task_id = s.task_id AND q.token = s.token
                 WHERE q.state IN ('LEASED', 'READY')),
            free AS (
                SELECT q.task_id
                  FROM mine m
                  JOIN ledger.task_queue q ON q.task_id = m.task_id AND q.token = m.token
                 WHERE q.state IN ('LEASED', 'READY')
                   FOR UPDATE OF q SKIP LOCKED),
            put_off AS (
                UPDATE ledger.task_queue q
                   SET state = 'LEASED',
                       worker_id = ?,
                       ready_at = NULL,
                       lease_until = clock_timestamp() + make_interval(secs => ?),
                       progress = CASE WHEN m.begun THEN m.progress END,
                       begun_at = CASE WHEN NOT m.begun THEN NULL
                                       WHEN q.begun_token = q.token THEN q.begun_at
                                       ELSE clock_timestamp() END,
                       begun_token = CASE WHEN m.begun THEN q.token END,
                       progress_at = CASE WHEN m.moved THEN clock_timestamp() ELSE q.progress_at END
                  FROM mine m
                  JOIN free f ON f.task_id = m.task_id
                 WHERE q.task_id = m.task_id)
            SELECT token FROM mine
            """;

    private static final String HERE = """
            UPDATE ledger.worker
               SET seen_at = clock_timestamp(),
                   state = ?,
                   fault = ?,
                   idle_since = CASE WHEN ? THEN coalesce(idle_since, clock_timestamp()) END
             WHERE id = ?
               AND state <> 'stopped'
            """;

    private final ReservedConnection connection;

    Heartbeats(ReservedConnections connections) {
        this.connection = connections.reserve("heartbeat", PATIENCE);
    }

    /**
     * One lease that its worker goes on with.
     *
     * @param begun whether its worker is at it by now; of one claim only one runs at a time, and the others wait
     * @param progress in [0, 1]
     * @param moved whether its task has got on since the last time, or waits for its turn
     * @param lines what it has said since then
     */
    public record Sign(
            UUID task, long token, boolean begun, double progress, boolean moved, List<AttemptLogs.Said> lines) {
        public Sign {
            lines = List.copyOf(lines);
        }
    }

    /** What an attempt said that has ended since. */
    public record Words(long token, List<AttemptLogs.Said> lines) {
        public Words {
            lines = List.copyOf(lines);
        }
    }

    /**
     * What a worker says of itself.
     *
     * @param idle whether a slot of it has nothing to do: others wake it then
     * @param fault why it takes no more tasks, where its device failed
     */
    public record Self(UUID worker, WorkerState state, boolean idle, Optional<String> fault) {}

    /**
     * Puts the deadlines of these leases off; one that ran out is taken up again while nobody else has the task.
     *
     * @param words of attempts that have ended
     * @return the tokens that still count
     * @throws IllegalStateException if the store does not answer
     */
    public Set<Long> beat(Self self, Duration lease, List<Sign> signs, List<Words> words) {
        return connection.call(open -> {
            Set<Long> alive = signs.isEmpty() ? Set.of() : extend(open, self.worker(), lease, signs);
            for (Sign sign : signs) {
                AttemptLogs.write(open, sign.token(), sign.lines());
            }
            for (Words ended : words) {
                AttemptLogs.write(open, ended.token(), ended.lines());
            }
            here(open, self);
            return alive;
        });
    }

    /** That it is there, and whether it idles, without its leases. */
    public void here(Self self) {
        connection.call(open -> {
            here(open, self);
            return self;
        });
    }

    private static Set<Long> extend(Connection open, UUID worker, Duration lease, List<Sign> signs)
            throws SQLException {
        try (PreparedStatement statement = open.prepareStatement(EXTEND)) {
            statement.setArray(
                    1, open.createArrayOf("uuid", signs.stream().map(Sign::task).toArray()));
            statement.setArray(
                    2,
                    open.createArrayOf("bigint", signs.stream().map(Sign::token).toArray()));
            statement.setArray(
                    3,
                    open.createArrayOf(
                            "boolean", signs.stream().map(Sign::begun).toArray()));
            statement.setArray(
                    4,
                    open.createArrayOf(
                            "real",
                            signs.stream().map(sign -> (float) sign.progress()).toArray()));
            statement.setArray(
                    5,
                    open.createArrayOf(
                            "boolean", signs.stream().map(Sign::moved).toArray()));
            statement.setObject(6, worker);
            statement.setDouble(7, lease.toMillis() / 1000.0);
            Set<Long> alive = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    alive.add(rows.getLong(1));
                }
            }
            return alive;
        }
    }

    private static void here(Connection open, Self self) throws SQLException {
        try (PreparedStatement statement = open.prepareStatement(HERE)) {
            statement.setString(1, self.state().label());
            statement.setString(2, self.fault().orElse(null));
            statement.setBoolean(3, self.idle());
            statement.setObject(4, self.worker());
            statement.executeUpdate();
        }
    }

    @PreDestroy
    void close() {
        connection.close();
    }
}

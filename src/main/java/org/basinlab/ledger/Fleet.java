package org.basinlab.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/** Who takes tasks, and what there is to take; works on any connection to the store. */
public final class Fleet {

    private static final String WORKERS = """
            SELECT w.id, w.host, w.pid, w.device, w.slots, w.memory_bytes, w.code_version, w.schema_version, w.started_at,
                   w.seen_at, w.stopped_at, w.idle_since,
                   CASE WHEN w.stopped_at IS NOT NULL THEN 'stopped'
                        WHEN w.seen_at < clock_timestamp() - make_interval(secs => ?) THEN 'silent'
                        ELSE w.state
                    END AS state,
                   coalesce(held.tasks, 0) AS running
              FROM ledger.worker w
              LEFT JOIN (
                   SELECT worker_id, count(*) AS tasks
                     FROM ledger.task_queue
                    WHERE state = 'LEASED'
                    GROUP BY worker_id) held ON held.worker_id = w.id
             WHERE ? OR w.stopped_at IS NULL
             ORDER BY w.stopped_at IS NOT NULL, w.started_at DESC, w.id
            """;

    private static final String QUEUE = """
            SELECT s.id, s.name, s.state, s.priority, s.aged, s.max_running,
                   count(*) FILTER (WHERE q.state = 'WAITING') AS waiting,
                   count(*) FILTER (WHERE q.state = 'READY' AND q.run_at <= clock_timestamp()) AS ready,
                   count(*) FILTER (WHERE q.state = 'READY' AND q.run_at > clock_timestamp()) AS later,
                   count(*) FILTER (WHERE q.state = 'LEASED') AS running,
                   min(q.ready_at) FILTER (WHERE q.state = 'READY') AS ready_since,
                   min(q.run_at) FILTER (WHERE q.state = 'READY' AND q.run_at > clock_timestamp()) AS next_at
              FROM ledger.task_queue q
              JOIN ledger.study s ON s.id = q.study_id
             GROUP BY s.id
             ORDER BY s.priority + s.aged DESC, s.created_at, s.id
            """;

    private static final String OPEN_FOR = """
            SELECT count(*) AS tasks
              FROM ledger.task_queue q
              JOIN ledger.study s ON s.id = q.study_id
             WHERE q.state IN ('READY', 'LEASED')
               AND s.state IN ('QUEUED', 'RUNNING')
               AND q.device IN ('any', ?)
               AND q.memory_bytes <= ?
            """;

    private final Query query;

    public Fleet(DataSource database) {
        this.query = new Query(database);
    }

    /**
     * The processes that take tasks, the newest first.
     *
     * @param lease how long one may be silent
     * @param stopped with those that have ended
     */
    public List<WorkerView> workers(Duration lease, boolean stopped) {
        return query.list(WORKERS, Fleet::worker, lease.toMillis() / 1000.0, stopped);
    }

    /** The studies that have something in the queue, in the order in which they are served. */
    public List<QueueView> queue() {
        return query.list(QUEUE, Fleet::studyInQueue);
    }

    /**
     * Whether anything is left that such a worker might still be given: tasks that it could take, now or later, and tasks that
     * others run, since more may become ready when they end. What is paused does not count.
     */
    public boolean hasWorkFor(String device, long memoryBytes) {
        return query.find(OPEN_FOR, row -> row.getLong("tasks"), device, memoryBytes)
                        .orElseThrow()
                > 0;
    }

    private static WorkerView worker(ResultSet row) throws SQLException {
        return new WorkerView(
                Query.uuid(row, "id"),
                row.getString("host"),
                row.getLong("pid"),
                row.getString("state"),
                row.getString("device"),
                row.getInt("slots"),
                row.getInt("running"),
                row.getLong("memory_bytes"),
                Query.optionalText(row, "code_version"),
                Query.optionalInt(row, "schema_version"),
                Query.instant(row, "started_at"),
                Query.instant(row, "seen_at"),
                Query.optionalInstant(row, "stopped_at"),
                Query.optionalInstant(row, "idle_since"));
    }

    private static QueueView studyInQueue(ResultSet row) throws SQLException {
        return new QueueView(
                Query.uuid(row, "id"),
                row.getString("name"),
                row.getString("state"),
                row.getInt("priority"),
                row.getInt("aged"),
                Query.optionalInt(row, "max_running"),
                row.getInt("waiting"),
                row.getInt("ready"),
                row.getInt("later"),
                row.getInt("running"),
                Query.optionalInstant(row, "ready_since"),
                Query.optionalInstant(row, "next_at"));
    }
}

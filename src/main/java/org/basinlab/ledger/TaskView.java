package org.basinlab.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A task as people see it, with its newest attempt.
 *
 * @param ordinal its place in the plan, from 0
 * @param reason why it failed or was blocked
 * @param reusedFrom the earlier task whose result it took
 * @param attempts how often it was tried; empty when never
 * @param seconds what the newest attempt took; empty before its end
 * @param workerId the process that has it, or had it last
 * @param worker the host of that process
 * @param changedAt since when it is in its state, by the database's clock; empty while an input is missing
 * @param progress how far it is while it runs, in [0, 1]; empty where nothing was said yet
 */
public record TaskView(
        UUID id,
        UUID studyId,
        String study,
        int ordinal,
        String kind,
        String state,
        Optional<String> reason,
        String arm,
        String scheme,
        OptionalInt stage,
        int groupSize,
        int groupId,
        String matching,
        String variant,
        OptionalLong seed,
        Optional<UUID> networkId,
        Optional<UUID> reusedFrom,
        OptionalInt attempts,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        Optional<Double> seconds,
        Optional<UUID> workerId,
        Optional<String> worker,
        Optional<Instant> changedAt,
        Optional<Double> progress) {

    /**
     * Rows for {@link #of}. What is put off after a failure changed when the attempt ended, and again when its time has come.
     *
     * <p>{@code t} is the task, and a condition on it is to follow.
     */
    static final String ROWS = """
            SELECT r.*, t.version, w.id AS worker_id, w.host AS worker,
                   CASE q.state
                   WHEN 'LEASED' THEN newest.started_at
                   WHEN 'READY' THEN
                        CASE WHEN q.ready_at > clock_timestamp() THEN newest.ended_at ELSE greatest(q.ready_at, newest.ended_at) END
                   WHEN 'WAITING' THEN NULL
                   ELSE t.finished_at
                   END AS changed_at,
                   CASE WHEN q.state = 'LEASED' THEN q.progress END AS progress
              FROM ledger.task t
              JOIN results.tasks r ON r.id = t.id
              LEFT JOIN ledger.task_queue q ON q.task_id = t.id
              LEFT JOIN LATERAL (
                   SELECT worker_id, started_at, ended_at
                     FROM ledger.attempt
                    WHERE task_id = t.id
                    ORDER BY number DESC
                    LIMIT 1) newest ON true
              LEFT JOIN ledger.worker w ON w.id = newest.worker_id
            """;

    static TaskView of(ResultSet row) throws SQLException {
        return new TaskView(
                Query.uuid(row, "id"),
                Query.uuid(row, "study_id"),
                row.getString("study"),
                row.getInt("ordinal"),
                row.getString("kind"),
                row.getString("state"),
                Query.optionalText(row, "reason"),
                row.getString("arm"),
                row.getString("scheme"),
                Query.optionalInt(row, "stage"),
                row.getInt("group_size"),
                row.getInt("group_id"),
                row.getString("matching"),
                row.getString("variant"),
                Query.optionalLong(row, "seed"),
                Query.optionalUuid(row, "network_id"),
                Query.optionalUuid(row, "reused_from"),
                Query.optionalInt(row, "attempts"),
                Query.optionalInstant(row, "started_at"),
                Query.optionalInstant(row, "finished_at"),
                Query.optionalDouble(row, "seconds"),
                Query.optionalUuid(row, "worker_id"),
                Query.optionalText(row, "worker"),
                Query.optionalInstant(row, "changed_at"),
                Query.optionalDouble(row, "progress"));
    }
}

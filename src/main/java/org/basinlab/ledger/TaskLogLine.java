package org.basinlab.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;

/**
 * What an attempt at a task said. Task, attempt and line name it.
 *
 * @param attempt its number, from 1
 * @param line its place within the attempt, from 1
 * @param level {@code info}, {@code warn} or {@code error}
 */
public record TaskLogLine(UUID task, int attempt, int line, Instant at, String level, String message) {

    static TaskLogLine of(ResultSet row) throws SQLException {
        return new TaskLogLine(
                Query.uuid(row, "task_id"),
                row.getInt("number"),
                row.getInt("line"),
                Query.instant(row, "at"),
                row.getString("level"),
                row.getString("message"));
    }
}

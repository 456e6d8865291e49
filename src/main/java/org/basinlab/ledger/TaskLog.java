package org.basinlab.ledger;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** What the attempts at a task said, in parts; works on any connection to the store. */
public final class TaskLog {

    private static final String LINES = """
            SELECT a.task_id, a.number, l.line, l.at, l.level, l.message
              FROM ledger.attempt a
              JOIN ledger.attempt_log l ON l.token = a.token
             WHERE a.task_id = ?
               AND (a.number, l.line) > (?, ?)
             ORDER BY a.number, l.line
             LIMIT ?
            """;

    private final Query query;

    public TaskLog(DataSource database) {
        this.query = new Query(database);
    }

    /** The lines of all attempts, the first attempt first. */
    public Page<TaskLogLine> page(UUID task, Slice slice) {
        Optional<Cursor> after = Cursor.read(slice, 2);
        List<TaskLogLine> lines = query.list(
                LINES,
                TaskLogLine::of,
                task,
                after.map(cursor -> cursor.whole(0)).orElse(0),
                after.map(cursor -> cursor.whole(1)).orElse(0),
                slice.limit() + 1);
        if (lines.size() <= slice.limit()) {
            return new Page<>(lines, Optional.empty());
        }
        List<TaskLogLine> part = lines.subList(0, slice.limit());
        TaskLogLine last = part.get(part.size() - 1);
        return new Page<>(part, Optional.of(Cursor.of(last.attempt(), last.line())));
    }
}

package org.basinlab.ledger;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** What the attempts at a task said, in parts; works on any connection to the store. */
public final class TaskLog {

    private final AttemptLogs logs;

    public TaskLog(DataSource database) {
        this.logs = new AttemptLogs(database);
    }

    /** The lines of all attempts, the first attempt first. */
    public Page<TaskLogLine> page(UUID task, Slice slice) {
        Optional<Cursor> after = Cursor.read(slice, 2);
        AttemptLogs.Position from = new AttemptLogs.Position(
                after.map(cursor -> cursor.whole(0)).orElse(0),
                after.map(cursor -> cursor.whole(1)).orElse(0));
        List<TaskLogLine> lines = logs.list(task, from, slice.limit() + 1).stream()
                .map(line -> new TaskLogLine(
                        task,
                        line.position().attempt(),
                        line.position().line(),
                        line.at(),
                        line.level(),
                        line.message()))
                .toList();
        if (lines.size() <= slice.limit()) {
            return new Page<>(lines, Optional.empty());
        }
        List<TaskLogLine> part = lines.subList(0, slice.limit());
        TaskLogLine last = part.get(part.size() - 1);
        return new Page<>(part, Optional.of(Cursor.of(last.attempt(), last.line())));
    }
}

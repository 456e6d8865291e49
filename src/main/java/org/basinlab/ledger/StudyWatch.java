package org.basinlab.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What happens to one study from some moment on: each look says what is new since the one before. For one thread.
 *
 * <p>Times are the database's. A transaction that commits late is found by looking {@link #OVERLAP} further back than the look
 * before; what was said already is remembered for as long and not said again. So within one watch everything is said once; a
 * watch that begins where another one ended may say what happened in the last seconds before that again.
 */
public final class StudyWatch {

    /** How late a transaction may commit what it wrote. */
    static final Duration OVERLAP = Duration.ofSeconds(5);

    /** Tasks in one look; the rest comes with the next. */
    static final int MOST = 1_000;

    private static final int MOST_LINES = 2_000;

    private static final String NOW = "SELECT clock_timestamp() AS now";

    private static final String CHANGED = """
            SELECT id, max(at) AS at
              FROM (SELECT t.id, t.finished_at AS at
                      FROM ledger.task t
                     WHERE t.study_id = ? AND t.finished_at >= ?
                     UNION ALL
                    SELECT q.task_id, greatest(a.started_at, a.ended_at)
                      FROM ledger.task_queue q
                      JOIN ledger.attempt a ON a.task_id = q.task_id
                     WHERE q.study_id = ? AND greatest(a.started_at, a.ended_at) >= ?
                     UNION ALL
                    SELECT q.task_id, q.ready_at
                      FROM ledger.task_queue q
                     WHERE q.study_id = ? AND q.ready_at >= ?) changes
             GROUP BY id
             ORDER BY max(at), id
            """;

    private static final String TASKS = TaskView.ROWS + """
             WHERE t.id = ANY (CAST(? AS uuid[]))
            """;

    private static final String PROGRESS = """
            SELECT q.task_id, a.number, q.progress
              FROM ledger.task_queue q
              JOIN ledger.attempt a ON a.token = q.token
             WHERE q.study_id = ? AND q.state = 'LEASED' AND q.progress IS NOT NULL AND q.progress_at >= ?
             LIMIT ?
            """;

    /** Of attempts that run, and of those that have ended meanwhile. */
    private static final String LOG = """
            SELECT a.task_id, a.number, l.line, l.at, l.level, l.message
              FROM (SELECT token
                      FROM ledger.task_queue
                     WHERE study_id = ? AND state = 'LEASED'
                     UNION
                    SELECT token
                      FROM ledger.attempt
                     WHERE task_id = ANY (CAST(? AS uuid[]))) tokens
              JOIN ledger.attempt a ON a.token = tokens.token
              JOIN ledger.attempt_log l ON l.token = a.token
             WHERE l.at >= ?
             ORDER BY l.at, a.task_id, a.number, l.line
             LIMIT ?
            """;

    private final Query query;
    private final Reports reports;
    private final UUID study;
    private final Map<Object, Instant> said = new HashMap<>();
    private Instant since;
    private @Nullable StudyView shown;

    /** @param since from when on; from now on where absent */
    public StudyWatch(DataSource database, UUID study, Optional<Instant> since) {
        this.query = new Query(database);
        this.reports = new Reports(database);
        this.study = study;
        this.since = since.orElseGet(this::now);
    }

    /** What is new. */
    public Look look() {
        Instant now = now();
        Instant from = since.minus(OVERLAP);
        Object at = from.atOffset(ZoneOffset.UTC);
        List<Change> changed = query.list(
                CHANGED,
                row -> new Change(Query.uuid(row, "id"), Query.instant(row, "at")),
                study,
                at,
                study,
                at,
                study,
                at);
        List<Change> unsaid =
                changed.stream().filter(change -> !said.containsKey(change)).toList();
        List<Change> changes = unsaid.subList(0, Math.min(MOST, unsaid.size()));
        String ids =
                changes.stream().map(change -> change.task().toString()).collect(Collectors.joining(",", "{", "}"));
        List<TaskLogLine> log = query.list(LOG, TaskLogLine::of, study, ids, at, MOST_LINES);
        Instant until = until(now, changes, log);
        changes.forEach(change -> said.put(change, until));
        Look look = new Look(
                news(),
                inOrder(changes, ids),
                fresh(progress(at), progress -> progress, until),
                fresh(log, line -> List.of(line.task(), line.attempt(), line.line()), until),
                since,
                until);
        since = until;
        said.values().removeIf(when -> when.isBefore(from));
        return look;
    }

    /** Where the next look goes on: now, or, where there was more than one look takes, at the last that it took. */
    private Instant until(Instant now, List<Change> changes, List<TaskLogLine> log) {
        Instant until = now;
        if (changes.size() == MOST) {
            until = earlier(until, changes.get(MOST - 1).at().plus(OVERLAP));
        }
        if (log.size() == MOST_LINES) {
            until = earlier(until, log.get(MOST_LINES - 1).at().plus(OVERLAP));
        }
        return until.isBefore(since) ? now : until;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private List<TaskView> inOrder(List<Change> changes, String ids) {
        if (changes.isEmpty()) {
            return List.of();
        }
        Map<UUID, TaskView> tasks = query.list(TASKS, TaskView::of, ids).stream()
                .collect(Collectors.toMap(TaskView::id, Function.identity()));
        return changes.stream()
                .map(change -> Optional.ofNullable(tasks.get(change.task())))
                .flatMap(Optional::stream)
                .toList();
    }

    private List<TaskProgress> progress(Object from) {
        return query.list(
                PROGRESS,
                row -> new TaskProgress(Query.uuid(row, "task_id"), row.getInt("number"), row.getDouble("progress")),
                study,
                from,
                MOST);
    }

    /** The study where it looks otherwise than before. */
    private Optional<StudyView> news() {
        Optional<StudyView> found = reports.findStudy(study).filter(view -> !view.equals(shown));
        found.ifPresent(view -> shown = view);
        return found;
    }

    private <T> List<T> fresh(List<T> things, Function<T, Object> name, Instant until) {
        return things.stream()
                .filter(thing -> said.put(name.apply(thing), until) == null)
                .toList();
    }

    private Instant now() {
        return query.find(NOW, row -> Query.instant(row, "now")).orElseThrow();
    }

    private record Change(UUID task, Instant at) {}

    /**
     * What is new.
     *
     * @param study the whole of it, where anything in it changed
     * @param tasks those that became ready, began, or ended an attempt, in that order
     * @param from where the look before ended
     * @param until where the next one goes on
     */
    public record Look(
            Optional<StudyView> study,
            List<TaskView> tasks,
            List<TaskProgress> progress,
            List<TaskLogLine> log,
            Instant from,
            Instant until) {

        /** Lines ({@link TaskLogLine}) and changes of tasks ({@link TaskView}) as they happened. */
        public List<Record> inOrder() {
            List<Record> all = new ArrayList<>(log);
            all.addAll(tasks);
            all.sort(Comparator.comparing(this::time));
            return all;
        }

        private Instant time(Record thing) {
            return thing instanceof TaskLogLine line
                    ? line.at()
                    : ((TaskView) thing).changedAt().orElse(until);
        }
    }
}

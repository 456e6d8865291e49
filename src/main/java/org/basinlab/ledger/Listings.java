package org.basinlab.ledger;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.study.Study;
import org.basinlab.workflow.TaskSpec;
import org.basinlab.workflow.TaskState;
import org.jspecify.annotations.Nullable;

/**
 * The lists of the store in parts, and single things out of them. A part begins after a key, never at an offset, so that
 * it costs the same at the end of a long list as at its beginning and nothing is shown twice while rows are added.
 *
 * <p>Lists of a study are in the order of its plan; that order stands in the tables, which is why the statements begin
 * there and not at the views.
 */
public final class Listings {

    private static final String STUDIES = """
            SELECT s.id, s.name, s.paper, s.seed, s.state, s.version, s.tasks, s.created_at, s.started_at, s.finished_at,
                   s.bundle, s.partial, l.priority, l.max_running
              FROM results.studies s
              JOIN ledger.study l ON l.id = s.id
             WHERE CAST(? AS timestamptz) IS NULL OR (s.created_at, s.id) < (CAST(? AS timestamptz), CAST(? AS uuid))
             ORDER BY s.created_at DESC, s.id DESC
             LIMIT ?
            """;

    private static final String KNOWN = """
            SELECT id
              FROM ledger.study
             WHERE id = ?
            """;

    private static final String NEWEST = """
            SELECT version, CAST(canonical AS text) AS canonical
              FROM ledger.study_version
             WHERE study_id = ?
             ORDER BY version DESC
             LIMIT 1
            """;

    private static final String TASKS = TaskView.ROWS + """
             WHERE t.study_id = ?
               AND (t.version, t.ordinal) > (?, ?)
               AND (CAST(? AS text) IS NULL OR r.state = ?)
               AND (CAST(? AS text) IS NULL OR t.kind = ?)
             ORDER BY t.version, t.ordinal
             LIMIT ?
            """;

    private static final String NETWORKS = """
            SELECT r.*, t.version, t.ordinal
              FROM ledger.task t
              JOIN results.networks r ON r.task_id = t.id
             WHERE t.study_id = ?
               AND (t.version, t.ordinal) > (?, ?)
             ORDER BY t.version, t.ordinal
             LIMIT ?
            """;

    /** The rows of results.metrics; the first condition on the ordinal is what the index can use. */
    private static final String METRICS = """
            SELECT *
              FROM ledger.placed_metric
             WHERE study_id = ?
               AND (version, ordinal) >= (?, ?)
               AND (version, ordinal, metric_id) > (?, ?, ?)
               AND (CAST(? AS text) IS NULL OR metric = ?)
               AND (CAST(? AS text) IS NULL OR arm = ?)
               AND (CAST(? AS text) IS NULL OR split = ?)
             ORDER BY version, ordinal, metric_id
             LIMIT ?
            """;

    /** The rows of results.checks; a task has few, which are numbered as they are asked for. */
    private static final String CHECKS = """
            SELECT *
              FROM (SELECT t.version, t.ordinal, t.arm, t.network_id, t.scheme, t.stage, t.group_size, t.group_id, t.matching,
                           t.variant, t.seed, c.metric, c.space, c.check_name, c.measured, c.bound, c.passed,
                           row_number() OVER (PARTITION BY t.id ORDER BY c.metric, c.space, c.check_name) AS item
                      FROM ledger.task t
                      JOIN ledger.sanity_check c ON c.task_id = coalesce(t.reused_from, t.id)
                     WHERE t.study_id = ?
                       AND (t.version, t.ordinal) >= (?, ?)) checks
             WHERE (version, ordinal, item) > (?, ?, ?)
               AND (CAST(? AS boolean) IS NULL OR passed = CAST(? AS boolean))
             ORDER BY version, ordinal, item
             LIMIT ?
            """;

    private static final String TASK = TaskView.ROWS + """
             WHERE t.id = ?
            """;

    /** An index holds the ids in the order of their texts. */
    private static final String TASKS_FROM_TO = TaskView.ROWS + """
             WHERE t.id BETWEEN ? AND ?
             ORDER BY t.id
             LIMIT ?
            """;

    private static final String INPUTS = """
            SELECT input_task_id
              FROM ledger.task_input
             WHERE task_id = ?
             ORDER BY position
            """;

    private static final String ATTEMPTS = """
            SELECT a.number, a.worker_id, w.host, a.started_at, a.ended_at, a.outcome, a.message
              FROM ledger.attempt a
              JOIN ledger.worker w ON w.id = a.worker_id
             WHERE a.task_id = ?
             ORDER BY a.number
            """;

    private static final String PLACES = """
            SELECT r.*
              FROM results.networks r
              JOIN results.studies s ON s.id = r.study_id
             WHERE r.id = ?
             ORDER BY s.created_at, s.id, r.arm, r.task_id
            """;

    private static final String PARENTS = """
            SELECT p.position, p.parent_id, n.sha256, p.share, CAST(p.permutation AS text) AS permutations
              FROM ledger.network_parent p
              JOIN ledger.network n ON n.id = p.parent_id
             WHERE p.network_id = ?
             ORDER BY p.position
            """;

    private final Query query;

    public Listings(DataSource database) {
        this.query = new Query(database);
    }

    /** All studies, the newest first. */
    public Page<StudyView> studies(Slice slice) {
        Optional<Cursor> after = Cursor.read(slice, 2);
        Object time = after.map(cursor -> at(cursor.instant(0))).orElse(null);
        Object id = after.map(cursor -> cursor.uuid(1)).orElse(null);
        List<StudyView> bare = query.list(STUDIES, StudyStates::bare, time, time, id, slice.limit() + 1);
        Page<StudyView> page = page(bare, slice, last -> Cursor.of(last.createdAt(), last.id()));
        return new Page<>(new StudyStates(query).count(page.items()), page.next());
    }

    public boolean hasStudy(UUID study) {
        return query.find(KNOWN, row -> Query.uuid(row, "id"), study).isPresent();
    }

    /** A study as its newest plan has it: with all seeds that it was extended by. */
    public Optional<Planned> findPlanned(UUID study) {
        return query.find(
                NEWEST,
                row -> new Planned(
                        row.getInt("version"), CanonicalJson.readLenient(row.getString("canonical"), Study.class)),
                study);
    }

    /**
     * A study as one version of its plan has it.
     *
     * @param version from 1
     */
    public record Planned(int version, Study study) {}

    /** The tasks of a study, those of one state or kind where it is named. */
    public Page<TaskView> tasks(UUID study, Optional<TaskState> state, Optional<TaskSpec.Kind> kind, Slice slice) {
        PlanPlace after = PlanPlace.after(slice, 2);
        String onlyState = state.map(TaskState::name).orElse(null);
        String onlyKind = kind.map(TaskSpec.Kind::label).orElse(null);
        List<Placed<TaskView>> rows = query.list(
                TASKS,
                row -> new Placed<>(TaskView.of(row), PlanPlace.of(row.getInt("version"), row.getInt("ordinal"))),
                study,
                after.version(),
                after.ordinal(),
                onlyState,
                onlyState,
                onlyKind,
                onlyKind,
                slice.limit() + 1);
        return bare(page(rows, slice, last -> last.place().cursor()));
    }

    /** The networks of a study: trained, merged, and controls. */
    public Page<NetworkView> networks(UUID study, Slice slice) {
        PlanPlace after = PlanPlace.after(slice, 2);
        List<Placed<NetworkView>> rows = query.list(
                NETWORKS,
                row -> new Placed<>(NetworkView.of(row), PlanPlace.of(row.getInt("version"), row.getInt("ordinal"))),
                study,
                after.version(),
                after.ordinal(),
                slice.limit() + 1);
        return bare(page(rows, slice, last -> last.place().cursor()));
    }

    /** The measured numbers of a study, those of one metric, arm or split where it is named. */
    public Page<MetricView> metrics(
            UUID study, Optional<String> metric, Optional<String> arm, Optional<String> split, Slice slice) {
        PlanPlace after = PlanPlace.after(slice, 3);
        List<@Nullable Object> parameters = new ArrayList<>(
                List.of(study, after.version(), after.ordinal(), after.version(), after.ordinal(), after.item()));
        for (Optional<String> filter : List.of(metric, arm, split)) {
            parameters.add(filter.orElse(null));
            parameters.add(filter.orElse(null));
        }
        parameters.add(slice.limit() + 1);
        List<Placed<MetricView>> rows = query.list(
                METRICS,
                row -> new Placed<>(
                        MetricView.of(row),
                        new PlanPlace(row.getInt("version"), row.getInt("ordinal"), row.getLong("metric_id"))),
                parameters.toArray());
        return bare(page(rows, slice, last -> last.place().itemCursor()));
    }

    /** The sanity checks of a study's attacks, those that passed or failed where that is asked for. */
    public Page<CheckView> checks(UUID study, Optional<Boolean> passed, Slice slice) {
        PlanPlace after = PlanPlace.after(slice, 3);
        List<Placed<CheckView>> rows = query.list(
                CHECKS,
                row -> new Placed<>(
                        CheckView.of(row),
                        new PlanPlace(row.getInt("version"), row.getInt("ordinal"), row.getLong("item"))),
                study,
                after.version(),
                after.ordinal(),
                after.version(),
                after.ordinal(),
                after.item(),
                passed.orElse(null),
                passed.orElse(null),
                slice.limit() + 1);
        return bare(page(rows, slice, last -> last.place().itemCursor()));
    }

    /** The tasks whose ids begin with these hexadecimal digits and hyphens, at most {@code most}, of all studies. */
    public List<TaskView> tasksBeginningWith(String beginning, int most) {
        return query.list(TASKS_FROM_TO, TaskView::of, padded(beginning, '0'), padded(beginning, 'f'), most);
    }

    /** The least, or the greatest, id that begins so. */
    private static UUID padded(String beginning, char digit) {
        String digits = beginning.replace("-", "");
        if (!digits.matches("[0-9a-fA-F]{1,32}")) {
            throw new IllegalArgumentException(
                    "the beginning of an id must be 1 to 32 hexadecimal digits, was '%s'".formatted(beginning));
        }
        String whole = digits + String.valueOf(digit).repeat(32 - digits.length());
        return UUID.fromString(whole.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
    }

    public Optional<TaskDetail> findTask(UUID id) {
        return query.find(
                        TASK,
                        row -> new TaskDetail(
                                TaskView.of(row),
                                row.getString("parameters"),
                                Query.optionalText(row, "key"),
                                List.of(),
                                List.of()),
                        id)
                .map(bare ->
                        bare.with(query.list(INPUTS, input -> Query.uuid(input, "input_task_id"), id), attempts(id)));
    }

    private List<TaskDetail.Attempt> attempts(UUID task) {
        return query.list(
                ATTEMPTS,
                row -> new TaskDetail.Attempt(
                        row.getInt("number"),
                        Query.uuid(row, "worker_id"),
                        row.getString("host"),
                        Query.instant(row, "started_at"),
                        Query.optionalInstant(row, "ended_at"),
                        Query.optionalText(row, "outcome"),
                        Query.optionalText(row, "message")),
                task);
    }

    public Optional<NetworkDetail> findNetwork(UUID id) {
        List<NetworkView> places = query.list(PLACES, NetworkView::of, id);
        return places.isEmpty()
                ? Optional.empty()
                : Optional.of(new NetworkDetail(
                        places,
                        query.list(
                                PARENTS,
                                row -> new NetworkDetail.Parent(
                                        row.getInt("position"),
                                        Query.uuid(row, "parent_id"),
                                        row.getString("sha256"),
                                        row.getDouble("share"),
                                        Query.optionalText(row, "permutations")),
                                id)));
    }

    private static Object at(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    /** One row more than the limit was asked for: it tells that there is a next part. */
    private static <T> Page<T> page(List<T> rows, Slice slice, Function<T, String> cursor) {
        if (rows.size() <= slice.limit()) {
            return new Page<>(rows, Optional.empty());
        }
        List<T> items = rows.subList(0, slice.limit());
        return new Page<>(items, Optional.of(cursor.apply(items.get(items.size() - 1))));
    }

    private static <T> Page<T> bare(Page<Placed<T>> page) {
        return new Page<>(page.items().stream().map(Placed::item).toList(), page.next());
    }

    private record Placed<T>(T item, PlanPlace place) {}

    /** Where a row stands in the order of the plan; {@code item} tells apart the rows of one task. */
    private record PlanPlace(int version, int ordinal, long item) {

        static PlanPlace of(int version, int ordinal) {
            return new PlanPlace(version, ordinal, 0);
        }

        /** Before everything where the slice is the first. */
        static PlanPlace after(Slice slice, int size) {
            return Cursor.read(slice, size)
                    .map(cursor -> new PlanPlace(cursor.whole(0), cursor.whole(1), size == 3 ? cursor.number(2) : 0))
                    .orElse(new PlanPlace(0, -1, 0));
        }

        String cursor() {
            return Cursor.of(version, ordinal);
        }

        String itemCursor() {
            return Cursor.of(version, ordinal, item);
        }
    }
}

package org.basinlab.ledger;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What the views of schema {@code results} say, for the command line and HTTP; works on any connection to the store. */
public final class Reports {

    private static final String STUDIES = """
            SELECT s.id, s.name, s.paper, s.seed, s.state, s.version, s.tasks, s.created_at, s.started_at, s.finished_at,
                   s.bundle, s.partial, l.priority, l.max_running
              FROM results.studies s
              JOIN ledger.study l ON l.id = s.id
             WHERE (CAST(? AS uuid) IS NULL OR s.id = CAST(? AS uuid))
             ORDER BY s.created_at DESC, s.id
            """;

    private static final String MATCHES = """
            SELECT id
              FROM results.studies
             WHERE CAST(id AS text) LIKE ? || '%' OR name = ?
             ORDER BY created_at DESC
            """;

    private static final String STATE = """
            SELECT state
              FROM results.studies
             WHERE id = ?
            """;

    private static final String KINDS = """
            SELECT t.kind,
                   count(*),
                   count(*) FILTER (WHERE t.outcome = 'SUCCEEDED'),
                   count(*) FILTER (WHERE q.state = 'LEASED'),
                   count(*) FILTER (WHERE t.outcome = 'FAILED'),
                   count(*) FILTER (WHERE t.outcome = 'BLOCKED'),
                   sum(t.flops),
                   coalesce(sum(t.flops) FILTER (WHERE t.outcome IS NULL), 0)
              FROM ledger.task t
              LEFT JOIN ledger.task_queue q ON q.task_id = t.id
             WHERE t.study_id = ?
             GROUP BY t.kind
             ORDER BY min(t.ordinal)
            """;

    private static final String FAILURES = """
            SELECT kind || ' ' || arm || '/' || scheme || ' ' || group_id || ': ' || reason
              FROM results.tasks
             WHERE study_id = ? AND state = 'FAILED'
             ORDER BY ordinal
             LIMIT 5
            """;

    /** The table of a study, as `run` prints it and as anybody can ask for it. */
    private static final String TABLE = """
            SELECT arm, scheme, stage, group_size, matching, variant, metric, space, at, split,
                   avg(value) FILTER (WHERE status = 'ok') AS mean,
                   stddev_samp(value) FILTER (WHERE status = 'ok') AS sd,
                   count(*) FILTER (WHERE status = 'ok') AS n,
                   count(*) FILTER (WHERE status <> 'ok') AS excluded,
                   count(*) FILTER (WHERE status = 'check-failed') AS check_failed
              FROM results.metrics
             WHERE study_id = ?
             GROUP BY arm, scheme, stage, group_size, matching, variant, metric, space, at, split
             ORDER BY arm <> 'main', arm, metric, split DESC NULLS LAST, space, at, group_size,
                      array_position(ARRAY['trained', 'hierarchical', 'merge-many', 'reference', 'naive', 'logit-ensemble',
                                           'equal-accuracy-early-stop', 'equal-accuracy-l2', 'equal-accuracy-weight-noise',
                                           'norm-rescaled', 'noise-matched', 'l2-path'], scheme),
                      scheme, variant
            """;

    /** The headlines of that table for people, who see one study and put no parameters in. */
    private static final String TABLE_TO_COPY = """
            SELECT arm, scheme, group_size, variant, split, metric, avg(value), stddev_samp(value), count(*)
              FROM results.metrics
             WHERE study_id = '%s' AND at IS NULL AND status = 'ok'
             GROUP BY 1, 2, 3, 4, 5, 6
             ORDER BY 1, 6, 5, 3, 2, 4""";

    /** Everything that stands in that table. */
    private static final String EVERYTHING_TO_COPY = """
            SELECT arm, scheme, group_size, variant, metric, space, split, at,
                   avg(value), stddev_samp(value), count(*)
              FROM results.metrics
             WHERE study_id = '%s' AND status = 'ok'
             GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
             ORDER BY 5, 6, 7, 1, 3, 2, 4, 8""";

    private final Query query;

    public Reports(DataSource database) {
        this.query = new Query(database);
    }

    /** All studies, the newest first. */
    public List<StudyView> listStudies() {
        return studies(null);
    }

    public Optional<StudyView> findStudy(UUID id) {
        return studies(id).stream().findFirst();
    }

    /** Studies whose id begins with this text or whose name it is, the newest first. */
    public List<UUID> listMatches(String idOrName) {
        return query.list(MATCHES, row -> row.getObject(1, UUID.class), escape(idOrName), idOrName);
    }

    public StudyProgress progress(UUID study) {
        String state = query.find(STATE, row -> row.getString(1), study)
                .orElseThrow(() -> new IllegalArgumentException("no study has the id " + study));
        List<StudyProgress.Kind> kinds = query.list(
                KINDS,
                row -> new StudyProgress.Kind(
                        row.getString(1),
                        row.getInt(2),
                        row.getInt(3),
                        row.getInt(4),
                        row.getInt(5),
                        row.getInt(6),
                        row.getDouble(7),
                        row.getDouble(8)),
                study);
        return new StudyProgress(state, kinds, query.list(FAILURES, row -> row.getString(1), study));
    }

    /** Mean, standard deviation and number of every metric by arm, scheme and group size. */
    public List<ResultRow> table(UUID study) {
        return query.list(TABLE, Reports::resultRow, study);
    }

    /** A statement that gives the means of the table of a study, ready to copy; several lines, no double quotes. */
    public static String tableStatement(UUID study) {
        return TABLE_TO_COPY.formatted(study);
    }

    /** The same for every metric at every point. */
    public static String everythingStatement(UUID study) {
        return EVERYTHING_TO_COPY.formatted(study);
    }

    private static ResultRow resultRow(ResultSet row) throws SQLException {
        return new ResultRow(
                row.getString("arm"),
                row.getString("scheme"),
                Query.optionalInt(row, "stage"),
                row.getInt("group_size"),
                row.getString("matching"),
                row.getString("variant"),
                row.getString("metric"),
                Query.optionalText(row, "space"),
                Optional.ofNullable(row.getBigDecimal("at")).map(BigDecimal::stripTrailingZeros),
                Query.optionalText(row, "split"),
                Query.optionalDouble(row, "mean"),
                Query.optionalDouble(row, "sd"),
                row.getInt("n"),
                row.getInt("excluded"),
                row.getInt("check_failed"));
    }

    private List<StudyView> studies(@Nullable UUID only) {
        return new StudyStates(query).count(query.list(STUDIES, StudyStates::bare, only, only));
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }
}

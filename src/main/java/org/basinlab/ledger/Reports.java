package org.basinlab.ledger;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What the views of schema {@code results} say, for the command line and HTTP; works on any connection to the store. */
public final class Reports {

    private static final String STUDIES = """
            SELECT s.id, s.name, s.paper, s.seed, s.state, s.version, s.tasks, s.created_at, s.started_at, s.finished_at
              FROM results.studies s
             WHERE (CAST(? AS uuid) IS NULL OR s.id = CAST(? AS uuid))
             ORDER BY s.created_at DESC, s.id
            """;

    private static final String STATES = """
            SELECT state, count(*), count(reused_from)
              FROM results.tasks
             WHERE study_id = ?
             GROUP BY state
            """;

    private static final String MATCHES = """
            SELECT id
              FROM results.studies
             WHERE CAST(id AS text) LIKE ? || '%' OR name = ?
             ORDER BY created_at DESC
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
                   avg(value) FILTER (WHERE status = 'ok'),
                   stddev_samp(value) FILTER (WHERE status = 'ok'),
                   count(*) FILTER (WHERE status = 'ok'),
                   count(*) FILTER (WHERE status <> 'ok')
              FROM results.metrics
             WHERE study_id = ?
             GROUP BY arm, scheme, stage, group_size, matching, variant, metric, space, at, split
             ORDER BY arm <> 'main', arm, metric, split DESC NULLS LAST, space, at, group_size,
                      array_position(ARRAY['trained', 'hierarchical', 'merge-many', 'reference', 'naive'], scheme),
                      variant
            """;

    private final DataSource database;

    public Reports(DataSource database) {
        this.database = database;
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
        return list(MATCHES, row -> row.getObject(1, UUID.class), escape(idOrName), idOrName);
    }

    public StudyProgress progress(UUID study) {
        String state = list("SELECT state FROM results.studies WHERE id = ?", row -> row.getString(1), study).stream()
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no study has the id " + study));
        List<StudyProgress.Kind> kinds = list(
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
        return new StudyProgress(state, kinds, list(FAILURES, row -> row.getString(1), study));
    }

    /** Mean, standard deviation and number of every metric by arm, scheme and group size. */
    public List<ResultRow> table(UUID study) {
        return list(TABLE, Reports::resultRow, study);
    }

    private static ResultRow resultRow(ResultSet row) throws SQLException {
        return new ResultRow(
                row.getString(1),
                row.getString(2),
                optionalInt(row, 3),
                row.getInt(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                Optional.ofNullable(row.getString(8)),
                Optional.ofNullable(row.getBigDecimal(9)).map(BigDecimal::stripTrailingZeros),
                Optional.ofNullable(row.getString(10)),
                optionalDouble(row, 11),
                optionalDouble(row, 12),
                row.getInt(13),
                row.getInt(14));
    }

    private List<StudyView> studies(@Nullable UUID only) {
        List<StudyView> views = new ArrayList<>();
        for (StudyView bare : list(STUDIES, Reports::bareStudy, only, only)) {
            Map<String, Integer> states = new TreeMap<>();
            int[] reused = {0};
            list(
                    STATES,
                    row -> {
                        states.put(row.getString(1), row.getInt(2));
                        return reused[0] += row.getInt(3);
                    },
                    bare.id());
            views.add(new StudyView(
                    bare.id(),
                    bare.name(),
                    bare.paper(),
                    bare.seed(),
                    bare.state(),
                    bare.version(),
                    bare.tasks(),
                    states,
                    reused[0],
                    bare.createdAt(),
                    bare.startedAt(),
                    bare.finishedAt()));
        }
        return views;
    }

    private static StudyView bareStudy(ResultSet row) throws SQLException {
        return new StudyView(
                row.getObject(1, UUID.class),
                row.getString(2),
                Optional.ofNullable(row.getString(3)),
                row.getLong(4),
                row.getString(5),
                row.getInt(6),
                row.getInt(7),
                Map.of(),
                0,
                row.getTimestamp(8).toInstant(),
                optionalInstant(row, 9),
                optionalInstant(row, 10));
    }

    private static OptionalInt optionalInt(ResultSet row, int column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(value);
    }

    private static Optional<Double> optionalDouble(ResultSet row, int column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? Optional.empty() : Optional.of(value);
    }

    private static Optional<Instant> optionalInstant(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }

    private <T> List<T> list(String sql, RowReader<T> reader, @Nullable Object... parameters) {
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                query.setObject(i + 1, parameters[i]);
            }
            List<T> found = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    found.add(reader.read(rows));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException("the store cannot be read: " + e.getMessage(), e);
        }
    }

    /** One value out of the row that the result stands at. */
    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }
}

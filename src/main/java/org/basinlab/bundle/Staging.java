package org.basinlab.bundle;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.postgresql.PGConnection;

/** The rows of a bundle on their way into the store, in one transaction: beside the tables first, then held against them, then in. */
final class Staging {

    private final Connection connection;
    private final List<Table> tables;
    private final List<Target> targets;

    Staging(Connection connection, List<Table> tables, List<Target> targets) {
        this.connection = connection;
        this.tables = List.copyOf(tables);
        this.targets = List.copyOf(targets);
    }

    /** @param rows by table, as {@link Duck#toRows} wrote them */
    void fill(Map<String, Path> rows) throws SQLException, IOException {
        for (Table table : tables) {
            String stage = "stage_" + table.name();
            execute("CREATE TEMP TABLE %s (row_number bigint GENERATED ALWAYS AS IDENTITY, %s) ON COMMIT DROP"
                    .formatted(
                            stage,
                            table.join(column ->
                                    column.name() + " " + column.kind().postgres())));
            try (Reader reader = Files.newBufferedReader(rows.get(table.name()))) {
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn(
                                "COPY %s (%s) FROM STDIN (FORMAT csv, NULL '\\N')"
                                        .formatted(stage, table.join(Column::name)),
                                reader);
            }
            execute("ANALYZE " + stage);
        }
    }

    /** @throws BundleException if what is in the store under the same names is something else */
    void requireNoConflict() throws SQLException {
        for (Target target : targets) {
            long conflicts = count(target.conflicts());
            if (conflicts > 0) {
                throw new BundleException("the store has other contents under %d ids of table %s; nothing was changed"
                        .formatted(conflicts, target.table()));
            }
            long intrusions = count(target.intrusions());
            if (intrusions > 0) {
                throw new BundleException(
                        "a bundle must add nothing to a study of this store, table %s has %d such rows; nothing was changed"
                                .formatted(target.table(), intrusions));
            }
        }
    }

    /** What is not there yet. Of a study that was there as a part, the bundle's own row counts. */
    void insert(UUID study, String sha256, Contents contents) throws SQLException {
        execute("""
                UPDATE ledger.study l
                   SET bundle = '%s', partial = false, contents = %s, state = s.state,
                       started_at = s.started_at AT TIME ZONE 'UTC', finished_at = s.finished_at AT TIME ZONE 'UTC'
                  FROM stage_studies s
                 WHERE l.id = '%s' AND s.id = l.id AND l.partial
                """.formatted(sha256, Targets.json(contents), study));
        for (Target target : targets) {
            execute(target.insert());
            if (target.store().equals("network")) {
                execute("""
                        UPDATE ledger.task t
                           SET network_id = s.network_id
                          FROM stage_tasks s
                         WHERE t.id = s.id AND t.network_id IS NULL AND s.network_id IS NOT NULL
                        """);
            }
        }
        fillPermutations();
    }

    /** Whether nothing but what bundles may leave out can be missing of the study. */
    boolean hasAllTasks() throws SQLException {
        return count(target("tasks").missing()) == 0;
    }

    /** Brings what an earlier bundle of the same study had left out; checkpoints come apart. */
    void complete(UUID study, String sha256, Contents contents) throws SQLException {
        execute(target("outcomes").insert());
        fillPermutations();
        execute("UPDATE ledger.study SET bundle = '%s', contents = %s WHERE id = '%s'"
                .formatted(sha256, Targets.json(contents), study));
    }

    private Target target(String table) {
        return targets.stream()
                .filter(target -> target.table().equals(table))
                .findFirst()
                .orElseThrow();
    }

    /** Of studies that came with bundles; {@code {}} is one that was left out. */
    private void fillPermutations() throws SQLException {
        execute("""
                UPDATE ledger.network_parent l
                   SET permutation = s.permutation
                  FROM stage_parents s
                  JOIN ledger.network n ON n.id = s.network_id
                  JOIN ledger.task t ON t.id = n.task_id
                  JOIN ledger.study y ON y.id = t.study_id
                 WHERE (l.network_id, l.position) = (s.network_id, s.position)
                   AND l.permutation = '{}' AND s.permutation <> '{}' AND y.bundle IS NOT NULL
                """);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    long count(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}

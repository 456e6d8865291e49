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
import org.basinlab.recipe.CanonicalJson;
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

    /**
     * A claim is named by its digest: a wrong one would stand in the way of the right one for ever.
     *
     * @throws BundleException if a claim has another digest than it says
     */
    void requireClaims() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT id, digest, CAST(definition AS text) AS definition FROM stage_claims ORDER BY row_number")) {
            while (row.next()) {
                String found = CanonicalJson.digest(CanonicalJson.read(row.getString("definition"), Object.class));
                if (!found.equals(row.getString("digest"))) {
                    throw new BundleException("claim %s of a bundle must have the digest %s, it has %s"
                            .formatted(row.getString("id"), row.getString("digest"), found));
                }
            }
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

    /** What is not there yet. */
    void insert(UUID study, String sha256) throws SQLException {
        execute("UPDATE ledger.study SET bundle = '%s', partial = false WHERE id = '%s' AND partial"
                .formatted(sha256, study));
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

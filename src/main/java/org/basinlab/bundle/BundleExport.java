package org.basinlab.bundle;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.ledger.CheckpointStream;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.Progress;
import org.postgresql.PGConnection;

/**
 * Writes studies as bundles. Everything is read in one transaction, so that a bundle shows one state of the store; equal
 * contents give equal bytes (with one version of this program).
 */
public final class BundleExport {

    private static final String ENDED = """
            SELECT s.state IN ('SUCCEEDED', 'FAILED', 'CANCELLED') AS ended, s.partial, to_jsonb(s) ->> 'contents' AS contents
              FROM ledger.study s
             WHERE s.id = '%s'
            """;

    private static final String INCLUDED = """
            SELECT c.sha256, c.bytes
              FROM ledger.checkpoint c
             WHERE c.dropped_at IS NULL
               AND c.sha256 IN (
                   SELECT n.sha256 FROM ledger.network n JOIN bundle_network b ON b.id = n.id
                    UNION
                   SELECT n.initialised_from FROM ledger.network n JOIN bundle_network b ON b.id = n.id
                    UNION
                   SELECT k.sha256 FROM ledger.snapshot k JOIN bundle_task b ON b.id = k.task_id)
             ORDER BY c.sha256
            """;

    private final DataSource database;
    private final String program;

    /** @param program version of this program, as it is written into bundles */
    public BundleExport(DataSource database, String program) {
        this.database = database;
        this.program = program;
    }

    /**
     * Writes the bundle of a study that has ended. Of one that came with a bundle it has at most what that had, under its licence.
     *
     * @param out is not closed
     * @throws BundleException if there is no such study, it has not ended, or only a part of it is here
     */
    public Written write(UUID study, Contents contents, OutputStream out, Progress progress) {
        try (Folder folder = Folder.fresh();
                Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement begin = connection.createStatement()) {
                begin.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
                begin.execute("SET LOCAL TimeZone = 'UTC'");
                Contents allowed = allowed(connection, study, contents);
                Reach.layOut(connection, study);
                return write(connection, study, allowed, folder, out, progress);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("study %s cannot be exported: %s".formatted(study, e.getMessage()), e);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the bundle of study %s cannot be written: %s".formatted(study, e.getMessage()), e);
        }
    }

    private static Contents allowed(Connection connection, UUID study, Contents wanted) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ENDED.formatted(study))) {
            if (!row.next()) {
                throw new BundleException("no study has the id " + study);
            }
            if (row.getBoolean("partial")) {
                throw new BundleException(
                        "a study must be here as a whole before it is exported, of %s only those tasks are that came with another"
                                .formatted(study));
            }
            if (!row.getBoolean("ended")) {
                throw new BundleException("a study must have ended before it is exported, %s has not".formatted(study));
            }
            return Optional.ofNullable(row.getString("contents"))
                    .map(text -> wanted.atMost(CanonicalJson.readLenient(text, Contents.class)))
                    .orElse(wanted);
        }
    }

    private Written write(
            Connection connection, UUID study, Contents contents, Folder folder, OutputStream out, Progress progress)
            throws SQLException, IOException {
        StudyFacts facts = StudyFacts.read(connection, study);
        List<Checkpoint> checkpoints = contents.checkpoints() ? included(connection) : List.of();
        double steps = 2.0 * Tables.all(study, contents).size() + checkpoints.size() + 1;
        Map<String, Long> rows = new TreeMap<>();
        try (BundleZip zip = new BundleZip(out);
                Duck duck = Duck.in(folder.path())) {
            zip.text("specification.yaml", facts.specification());
            zip.text("specification.json", facts.canonical());
            zip.text("README.md", RoCrate.readme(facts));
            zip.text(Verdicts.PATH, facts.verdicts().json());
            for (Map.Entry<String, String> statement :
                    facts.verdicts().statements().entrySet()) {
                zip.text(statement.getKey(), statement.getValue());
            }
            int done = 0;
            for (Table table : Tables.all(study, contents)) {
                rows.put(table.name(), table(connection, table, contents, folder, duck, zip));
                done += 2;
                progress.at(done / steps);
            }
            for (Checkpoint checkpoint : checkpoints) {
                write(checkpoint, folder, zip);
                progress.at(++done / steps);
            }
            String crate = RoCrate.json(facts, contents, program, zip.members());
            zip.text(RoCrate.PATH, crate);
            Manifest manifest = new Manifest(
                    Manifest.FORMAT,
                    Manifest.VERSION,
                    program,
                    study,
                    facts.name(),
                    facts.identity(),
                    facts.data(),
                    contents,
                    rows,
                    zip.members());
            zip.text(Manifest.PATH, CanonicalJson.write(manifest));
            progress.at(1);
            return new Written(facts.name(), zip.members().size(), rows, checkpoints.size());
        }
    }

    private static long table(
            Connection connection, Table table, Contents contents, Folder folder, Duck duck, BundleZip zip)
            throws SQLException, IOException {
        Path rows = folder.file("rows");
        Path parquet = folder.file("table.parquet");
        long count;
        try (Writer writer = Files.newBufferedWriter(rows)) {
            count = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut(
                            "COPY (%s) TO STDOUT (FORMAT csv, NULL '\\N', FORCE_QUOTE *)".formatted(table.query()),
                            writer);
        }
        duck.toParquet(table, rows, parquet);
        zip.file(table.parquet(), parquet, false);
        if (contents.csv()) {
            Path csv = folder.file("table.csv");
            duck.toCsv(table, parquet, csv);
            zip.file(table.csv(), csv, true);
            Files.delete(csv);
        }
        Files.delete(rows);
        Files.delete(parquet);
        return count;
    }

    private static List<Checkpoint> included(Connection connection) throws SQLException {
        List<Checkpoint> included = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(INCLUDED)) {
            while (row.next()) {
                included.add(new Checkpoint(row.getString(1), row.getLong(2)));
            }
        }
        return included;
    }

    /** Each chunk is verified as it is read, and the whole by the digest that the manifest gets. */
    private void write(Checkpoint checkpoint, Folder folder, BundleZip zip) throws IOException {
        Path file = folder.file("checkpoint");
        try (OutputStream out = Files.newOutputStream(file)) {
            new CheckpointStream(database).write(checkpoint.sha256(), 0, checkpoint.bytes(), out);
        }
        zip.file("checkpoints/%s.safetensors".formatted(checkpoint.sha256()), file, false);
        String found = zip.members().get(zip.members().size() - 1).sha256();
        if (!found.equals(checkpoint.sha256())) {
            throw new BundleException("checkpoint %s is damaged: the SHA-256 of its chunks together is %s"
                    .formatted(checkpoint.sha256(), found));
        }
        Files.delete(file);
    }

    private record Checkpoint(String sha256, long bytes) {}

    /**
     * What was written.
     *
     * @param name of the study
     * @param rows by table
     */
    public record Written(String name, int members, Map<String, Long> rows, int checkpoints) {}
}

package org.basinlab.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.basinlab.ledger.CheckpointImport;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.Progress;

/**
 * Takes bundles into a store. First everything is verified, then everything is written in one transaction; a bundle that is
 * refused leaves nothing. A study that came so is only read: nothing of it is ever queued, continued, or taken over by others.
 */
public final class BundleImport {

    /** Imports follow one another: two of one bundle at once would both find it missing. */
    private static final String HOLD = "SELECT pg_advisory_xact_lock(hashtextextended('basinlab import', 0))";

    private static final String STUDY =
            "SELECT s.bundle, s.partial, to_jsonb(s) ->> 'contents' AS contents FROM ledger.study s WHERE s.id = ?";

    static final String CHECKPOINTS = "checkpoints/";

    private static final Pattern CHECKPOINT = Pattern.compile(CHECKPOINTS + "([0-9a-f]{64})\\.safetensors");

    private static final long MOST_ROWS = 50_000_000;
    private static final long MOST_UNPACKED = 32L << 30;

    private final DataSource database;
    private final long mostUnpacked;

    public BundleImport(DataSource database) {
        this(database, MOST_UNPACKED);
    }

    /** @param mostUnpacked bytes of a table as text */
    BundleImport(DataSource database, long mostUnpacked) {
        this.database = database;
        this.mostUnpacked = mostUnpacked;
    }

    /** Whether a whole study of this id is there, wherever it is from. */
    public boolean has(UUID study) {
        try (Connection connection = database.getConnection()) {
            return find(connection, study).filter(there -> !there.partial()).isPresent();
        } catch (SQLException e) {
            throw new IllegalStateException("the store cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Takes a bundle in, unless its study is there. One that has more of a study which came with another bundle brings what is missing.
     *
     * @throws BundleException if it is no sound bundle, or the store has other contents under its ids; nothing has changed then
     */
    public Imported take(Path path, Progress progress) {
        String shown = String.valueOf(path);
        if (!Files.isRegularFile(path)) {
            throw new BundleException("a bundle must be a file, %s is none".formatted(shown));
        }
        String sha256 = digest(path, shown);
        try (BundleFile file = BundleFile.open(path, shown)) {
            Manifest manifest = file.manifest();
            try (Connection connection = database.getConnection()) {
                Optional<There> there = find(connection, manifest.study());
                if (there.filter(study -> !study.partial() && study.bundle().equals(Optional.of(sha256)))
                        .isPresent()) {
                    return new Imported(manifest.study(), manifest.name(), sha256, true, manifest.rows(), 0);
                }
            }
            try (Folder folder = Folder.fresh()) {
                Map<String, Path> rows = verify(file, manifest, folder, progress);
                return write(file, manifest, sha256, rows, progress);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the store cannot be read: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IllegalStateException("%s cannot be unpacked: %s".formatted(shown, e.getMessage()), e);
        }
    }

    private static String digest(Path path, String shown) {
        MessageDigest digest = Digests.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new BundleException("%s cannot be read: %s".formatted(shown, e.getMessage()), e);
        }
        return Digests.hex(digest.digest());
    }

    private static Optional<There> find(Connection connection, UUID study) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(STUDY)) {
            query.setObject(1, study);
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(new There(
                                Optional.ofNullable(row.getString("bundle")),
                                row.getBoolean("partial"),
                                Optional.ofNullable(row.getString("contents"))
                                        .map(text -> CanonicalJson.readLenient(text, Contents.class))))
                        : Optional.empty();
            }
        }
    }

    /** @param contents of its bundle; empty for a study of this store, and for a part of one */
    private record There(Optional<String> bundle, boolean partial, Optional<Contents> contents) {}

    /** Holds every member against its digest and every table against its columns; returns the rows of the tables as text. */
    private Map<String, Path> verify(BundleFile file, Manifest manifest, Folder folder, Progress progress)
            throws IOException {
        Map<String, Table> tables = new HashMap<>();
        Tables.all(manifest.study(), manifest.contents()).forEach(table -> tables.put(table.parquet(), table));
        Map<String, Path> rows = new LinkedHashMap<>();
        double all = manifest.members().size();
        int done = 0;
        try (Duck duck = Duck.in(folder.path())) {
            for (Manifest.Member member : manifest.members()) {
                Table table = tables.remove(member.path());
                if (table == null) {
                    requireNamed(file, member);
                    file.verify(member, OutputStream.nullOutputStream());
                } else {
                    rows.put(table.name(), rows(file, manifest, member, table, folder, duck));
                }
                progress.at(0.7 * ++done / all);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not start: " + e.getMessage(), e);
        }
        if (!tables.isEmpty()) {
            throw file.refused("it must hold "
                    + tables.keySet().stream().sorted().findFirst().orElseThrow());
        }
        return rows;
    }

    private static void requireNamed(BundleFile file, Manifest.Member member) {
        if (member.path().startsWith(CHECKPOINTS)) {
            var named = CHECKPOINT.matcher(member.path());
            if (!named.matches() || !named.group(1).equals(member.sha256())) {
                throw file.refused("a checkpoint must be called by its SHA-256, %s is not".formatted(member.path()));
            }
        }
    }

    private Path rows(BundleFile file, Manifest manifest, Manifest.Member member, Table table, Folder folder, Duck duck)
            throws IOException {
        Path parquet = folder.file(table.name() + ".parquet");
        Path rows = folder.file(table.name());
        file.verify(member, parquet);
        try {
            Map<String, String> found = duck.columns(parquet);
            Map<String, String> wanted = new LinkedHashMap<>();
            table.columns()
                    .forEach(column -> wanted.put(column.name(), column.kind().duck()));
            if (!new ArrayList<>(found.entrySet()).equals(new ArrayList<>(wanted.entrySet()))) {
                throw file.refused("%s must have the columns %s, it has %s".formatted(member.path(), wanted, found));
            }
            Duck.Promise promise = duck.promise(parquet);
            long expected = manifest.rows().getOrDefault(table.name(), -1L);
            if (promise.rows() != expected || expected > MOST_ROWS || promise.bytes() > mostUnpacked) {
                throw file.refused("%s must have %d rows and unpack to at most %d bytes, it says %d and %d"
                        .formatted(member.path(), expected, mostUnpacked, promise.rows(), promise.bytes()));
            }
            Duck.Weight weight = duck.weigh(table, parquet);
            if (weight.bytes() > mostUnpacked || weight.longest() > Duck.LONGEST_LINE) {
                throw file.refused("%s must be at most %d bytes of text, %d in one value, it is %d and %d"
                        .formatted(member.path(), mostUnpacked, Duck.LONGEST_LINE, weight.bytes(), weight.longest()));
            }
            duck.toRows(table, parquet, rows);
        } catch (SQLException e) {
            throw new BundleException("%s cannot be read as Parquet: %s".formatted(member.path(), firstLine(e)), e);
        }
        Files.delete(parquet);
        return rows;
    }

    private Imported write(BundleFile file, Manifest manifest, String sha256, Map<String, Path> rows, Progress progress)
            throws SQLException, IOException {
        UUID study = manifest.study();
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement begin = connection.createStatement()) {
                begin.execute(HOLD);
                Staging staging = new Staging(
                        connection, Tables.all(study, manifest.contents()), Targets.all(sha256, manifest.contents()));
                staging.fill(rows);
                Scrutiny scrutiny = new Scrutiny(file, manifest, staging, connection);
                scrutiny.require();
                staging.requireNoConflict();
                Optional<There> there = find(connection, study).filter(known -> !known.partial());
                progress.at(0.8);
                if (there.isEmpty()) {
                    staging.insert(study, sha256, manifest.contents());
                    scrutiny.requireShown();
                } else {
                    Optional<Contents> had = there.get().contents().filter(manifest.contents()::exceeds);
                    if (had.isEmpty() || !staging.hasAllTasks()) {
                        connection.rollback();
                        return new Imported(study, manifest.name(), sha256, true, manifest.rows(), 0);
                    }
                    staging.complete(study, sha256, manifest.contents().with(had.get()));
                }
                progress.at(0.9);
                int checkpoints = checkpoints(connection, file, manifest);
                connection.commit();
                progress.at(1);
                return new Imported(study, manifest.name(), sha256, false, manifest.rows(), checkpoints);
            } catch (SQLException e) {
                // What the store says of the rows, and not of itself, is the bundle's fault.
                String state = String.valueOf(e.getSQLState());
                if (state.matches("(22|23|54|P0).*")) {
                    throw file.refused("its rows do not fit: " + firstLine(e));
                }
                throw e;
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private int checkpoints(Connection connection, BundleFile file, Manifest manifest)
            throws SQLException, IOException {
        CheckpointImport checkpoints = new CheckpointImport(database);
        int added = 0;
        for (Manifest.Member member : manifest.members()) {
            if (member.path().startsWith(CHECKPOINTS)) {
                java.io.ByteArrayOutputStream bytes =
                        new java.io.ByteArrayOutputStream(Math.toIntExact(member.bytes()));
                file.verify(member, bytes);
                added += checkpoints.add(connection, bytes.toByteArray()) ? 1 : 0;
            }
        }
        return added;
    }

    private static String firstLine(SQLException fault) {
        return String.valueOf(fault.getMessage()).lines().findFirst().orElse("").strip();
    }

    /**
     * What came of it.
     *
     * @param before whether the study was there already, with as much; nothing has changed then
     * @param rows of the bundle, by table
     * @param checkpoints whose bytes are new in the store
     */
    public record Imported(
            UUID study, String name, String sha256, boolean before, Map<String, Long> rows, int checkpoints) {}
}

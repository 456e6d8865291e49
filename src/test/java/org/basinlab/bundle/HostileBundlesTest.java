package org.basinlab.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert;
import org.basinlab.StoreForTests;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.Progress;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Each bundle is sound as a file, with every digest right, and says one thing that no study of ours would. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileBundlesTest {

    private static final Contents WITH_NETWORKS =
            new Contents(true, Contents.Outcomes.CITED, false, false, Contents.LICENCE);

    @TempDir
    Path folder;

    @Inject
    RealStudy studies;

    @Inject
    DataSource database;

    private byte[] sound = new byte[0];

    @BeforeEach
    void make_a_sound_one() {
        if (sound.length == 0) {
            UUID study = studies.run(2750);
            studies.judge(study);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            new BundleExport(database, "test").write(study, WITH_NETWORKS, out, Progress.UNWATCHED);
            sound = out.toByteArray();
        }
    }

    /** @param rows SQL of DuckDB in which %s is the table as it is */
    private Changed table(String table, String rows) {
        return members -> {
            String path = "tables/%s.parquet".formatted(table);
            Path before = folder.resolve("before.parquet");
            Path after = folder.resolve("after.parquet");
            Files.write(before, members.get(path));
            long count;
            try (Connection duck = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
                    Statement statement = duck.createStatement()) {
                statement.execute("COPY (%s) TO '%s' (FORMAT parquet, COMPRESSION zstd)"
                        .formatted(rows.formatted("read_parquet('%s')".formatted(before)), after));
                try (ResultSet row =
                        statement.executeQuery("SELECT count(*) FROM read_parquet('%s')".formatted(after))) {
                    row.next();
                    count = row.getLong(1);
                }
            }
            BrokenBundlesTest.replace(members, path, Files.readAllBytes(after));
            manifest("\"%s\":\\d+".formatted(table), "\"%s\":%d".formatted(table, count))
                    .in(members);
        };
    }

    private static Changed manifest(String pattern, String by) {
        return members -> members.put(
                "manifest.json",
                BrokenBundlesTest.text(members, "manifest.json")
                        .replaceFirst(pattern, by)
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static Changed text(String path, String text) {
        return members -> BrokenBundlesTest.replace(members, path, text.getBytes(StandardCharsets.UTF_8));
    }

    /** One thing that is changed in a bundle. */
    private interface Changed {
        void in(Map<String, byte[]> members) throws IOException, SQLException;
    }

    private Path bundle(Changed... changes) throws IOException, SQLException {
        Map<String, byte[]> members = BrokenBundlesTest.members(sound);
        for (Changed change : changes) {
            change.in(members);
        }
        return Files.write(folder.resolve("bundle.zip"), BrokenBundlesTest.zip(members, entry -> {}));
    }

    private void assertRefused(BundleImport imports, DataSource store, String why, Changed... changes)
            throws IOException, SQLException {
        Path file = bundle(changes);

        Throwable fault = ThrowableAssert.catchThrowable(() -> imports.take(file, Progress.UNWATCHED));

        assertThat(fault).as(why).isInstanceOf(BundleException.class).hasMessageContaining(why);
        assertThat(fault.getMessage()).hasLineCount(1).doesNotContain("\u001b");
        assertThat(EmptyStore.rows(store, "SELECT id FROM ledger.study"))
                .as(why)
                .isEmpty();
    }

    @Test
    void what_no_study_of_ours_would_say_is_one_clear_line_and_changes_nothing() throws Exception {
        try (EmptyStore store = new EmptyStore(folder.resolve("store"))) {
            BundleImport imports = new BundleImport(store.database());
            refuseStudies(imports, store.database());
            refuseClaims(imports, store.database());
            refuseVerdicts(imports, store.database());
            assertRefused(
                    imports,
                    store.database(),
                    "a checkpoint must have bytes, and a chunk for each MiB of them",
                    table("checkpoints", "SELECT * REPLACE (99 AS chunks) FROM %s"));
            assertRefused(
                    imports,
                    store.database(),
                    "must stand in table checkpoints with its",
                    table("checkpoints", "SELECT * REPLACE (CAST(7 AS BIGINT) AS bytes, 1 AS chunks) FROM %s"));
            assertThat(imports.take(bundle(), Progress.UNWATCHED).before()).isFalse();
        }
    }

    private void refuseStudies(BundleImport imports, DataSource store) throws IOException, SQLException {
        assertRefused(
                imports,
                store,
                "a study must be named by 1 to 80 lower-case letters, digits and hyphens, and no hyphen first, one is 'evil?[31m??X-A: b'",
                table(
                        "studies",
                        "SELECT * REPLACE ('evil' || chr(27) || '[31m' || chr(13) || chr(10) || 'X-A: b' AS name) FROM %s"));
        assertRefused(
                imports,
                store,
                "its name in manifest.json must be that of its tables, it is 'small-plan' there and 'other' here",
                table("studies", "SELECT * REPLACE ('other' AS name) FROM %s"));
        assertRefused(
                imports,
                store,
                "its identity in manifest.json must be that of its tables",
                manifest("\"identity\":\"[0-9a-f]+\"", "\"identity\":\"%s\"".formatted("ab".repeat(32))));
        assertRefused(
                imports,
                store,
                "its data in manifest.json must be that of its tables",
                manifest("\"data\":\\[[^]]*]", "\"data\":[]"));
        assertRefused(
                imports,
                store,
                "its study must have ended, it is RUNNING",
                table("studies", "SELECT * REPLACE ('RUNNING' AS state) FROM %s"));
        assertRefused(
                imports,
                store,
                "must be of a time since 2000 that is not ahead",
                table("studies", "SELECT * REPLACE (TIMESTAMP '2099-01-01' AS created_at) FROM %s"));
        assertRefused(
                imports,
                store,
                "specification.yaml must be that of table studies",
                table("studies", "SELECT * REPLACE ('other' AS specification) FROM %s"));
        assertRefused(
                imports,
                store,
                "specification.json must be that of the newest version of its plan",
                text("specification.json", "{}"));
        assertRefused(
                imports,
                store,
                "it must be of one study",
                table("studies", "SELECT * FROM %1$s UNION ALL SELECT * REPLACE (uuid() AS id) FROM %1$s WHERE whole"));
        assertRefused(
                imports,
                store,
                "names must have no control characters, some of table tasks have",
                table("tasks", "SELECT * REPLACE ('ma' || chr(27) AS arm) FROM %s"));
    }

    private void refuseClaims(BundleImport imports, DataSource store) throws IOException, SQLException {
        assertRefused(
                imports,
                store,
                "claim H1 must have the digest",
                table("claims", "SELECT * REPLACE ('{\"x\":1}' AS definition) FROM %s"));
        String digest = CanonicalJson.digest(Map.of("x", 1));
        assertRefused(
                imports,
                store,
                "claim H1 cannot be read: not the JSON of a Claim",
                table(
                        "claims",
                        "SELECT * REPLACE ('{\"x\":1}' AS definition, '%s' AS digest) FROM %%s".formatted(digest)),
                table("study_claims", "SELECT * REPLACE ('%s' AS digest) FROM %%s".formatted(digest)));
        assertRefused(
                imports,
                store,
                "claim H2 must be defined under its own id, it is under 'H1'",
                table("claims", "SELECT * REPLACE ('H2' AS id) FROM %s"));
        assertRefused(
                imports,
                store,
                "texts must have no control characters, one of claim H1 has",
                table(
                        "claims",
                        "SELECT * REPLACE (replace(definition, 'Pairs', '\\u001b[31m') AS definition) FROM %s"));
    }

    private void refuseVerdicts(BundleImport imports, DataSource store) throws IOException, SQLException {
        assertRefused(
                imports,
                store,
                "the verdict on H1 must be what its conclusion says, it is 'H1 reproduced null' and that 'H1 inconclusive null'",
                table("verdicts", "SELECT * REPLACE ('reproduced' AS outcome) FROM %s"));
        assertRefused(
                imports,
                store,
                "the verdict on H1 cannot be read: not the JSON of a Conclusion",
                table("verdicts", "SELECT * REPLACE ('{}' AS conclusion) FROM %s"));
        // Jackson takes it for none, the view for no number.
        assertRefused(
                imports,
                store,
                "its rows do not fit: ERROR: invalid input syntax for type integer",
                table(
                        "verdicts",
                        "SELECT * REPLACE (replace(conclusion, '\"n\": 12', '\"n\": \"\"') AS conclusion) FROM %s"));
        assertRefused(imports, store, "verdicts.json must be what its tables say", text(Verdicts.PATH, "[]"));
    }

    @Test
    void texts_that_grow_beyond_the_limits_are_refused_before_they_are_unpacked() throws Exception {
        try (EmptyStore store = new EmptyStore(folder.resolve("grown"))) {
            assertRefused(
                    new BundleImport(store.database(), 20_000_000),
                    store.database(),
                    "tables/attempts.parquet must be at most 20000000 bytes of text",
                    table(
                            "attempts",
                            "SELECT * REPLACE (repeat('x', 100000) AS message) FROM (SELECT t.* FROM %s t, range(50))"));
            assertRefused(
                    new BundleImport(store.database()),
                    store.database(),
                    "16777216 in one value",
                    table("attempts", "SELECT * REPLACE (repeat('x', 17000000) AS message) FROM %s"));
        }
    }

    @Test
    void nothing_is_added_to_a_study_of_the_store() throws Exception {
        try (EmptyStore store = new EmptyStore(folder.resolve("own"))) {
            BundleImport imports = new BundleImport(store.database());
            imports.take(bundle(), Progress.UNWATCHED);
            EmptyStore.change(store.database(), "UPDATE ledger.study SET bundle = NULL, contents = NULL");
            Path file = bundle(
                    table(
                            "metrics",
                            "SELECT * FROM %1$s UNION ALL SELECT * FROM (SELECT * REPLACE ('made-up' AS metric) FROM %1$s LIMIT 1)"));

            Throwable fault = ThrowableAssert.catchThrowable(() -> imports.take(file, Progress.UNWATCHED));

            assertThat(fault)
                    .isInstanceOf(BundleException.class)
                    .hasMessage(
                            "a bundle must add nothing to a study of this store, table metrics has 1 such rows; nothing was changed");
            assertThat(EmptyStore.rows(store.database(), "SELECT metric FROM ledger.metric WHERE metric = 'made-up'"))
                    .isEmpty();
        }
    }

    @Test
    void a_size_that_an_earlier_bundle_made_up_stands_in_nobodys_way() throws Exception {
        try (EmptyStore store = new EmptyStore(folder.resolve("sizes"))) {
            BundleImport imports = new BundleImport(store.database());
            String sha256 = BrokenBundlesTest.members(sound).keySet().stream()
                    .filter(path -> path.startsWith(BundleImport.CHECKPOINTS))
                    .findFirst()
                    .orElseThrow()
                    .replaceAll(".*/|\\..*", "");
            EmptyStore.change(
                    store.database(),
                    "INSERT INTO ledger.checkpoint (sha256, bytes, chunks, dropped_at) VALUES ('%s', 7, 1, clock_timestamp())"
                            .formatted(sha256));

            imports.take(bundle(), Progress.UNWATCHED);

            assertThat(EmptyStore.rows(store.database(), """
                            SELECT c.bytes = sum(octet_length(k.content)) AND c.chunks = count(*) AND c.dropped_at IS NULL
                              FROM ledger.checkpoint c JOIN ledger.checkpoint_chunk k USING (sha256)
                             WHERE sha256 = '%s' GROUP BY sha256""".formatted(sha256))).containsExactly("(t)");
        }
    }
}

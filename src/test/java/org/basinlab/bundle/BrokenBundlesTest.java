package org.basinlab.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.sql.DataSource;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.assertj.core.api.ThrowableAssert;
import org.basinlab.StoreForTests;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.Progress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each bundle is a sound one with one thing wrong; nothing of it must reach the store. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class BrokenBundlesTest {

    @TempDir
    Path folder;

    @Inject
    RealStudy studies;

    @Inject
    DataSource database;

    private UUID study;
    private byte[] sound;

    @BeforeEach
    void make_a_sound_one() {
        study = studies.run(2700);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new BundleExport(database, "test").write(study, Contents.EVIDENCE, out, Progress.UNWATCHED);
        sound = out.toByteArray();
    }

    static Map<String, byte[]> members(byte[] zip) throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                members.put(entry.getName(), in.readAllBytes());
            }
        }
        return members;
    }

    static byte[] zip(Map<String, byte[]> members, Consumer<ZipArchiveEntry> change) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                // A number behind a name makes it one that is there twice.
                ZipArchiveEntry entry = new ZipArchiveEntry(member.getKey().replaceAll("#\\d$", ""));
                change.accept(entry);
                out.putArchiveEntry(entry);
                out.write(member.getValue());
                out.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    static String text(Map<String, byte[]> members, String path) {
        return new String(members.get(path), StandardCharsets.UTF_8);
    }

    /** Puts other bytes in the place of a member, and says so in the manifest. */
    static void replace(Map<String, byte[]> members, String path, byte[] bytes) {
        byte[] before = members.put(path, bytes);
        String manifest = text(members, "manifest.json")
                .replace(Digests.of(before), Digests.of(bytes))
                .replace(
                        "\"bytes\":%d,\"path\":\"%s\"".formatted(before.length, path),
                        "\"bytes\":%d,\"path\":\"%s\"".formatted(bytes.length, path));
        members.put("manifest.json", manifest.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] changed(Consumer<Map<String, byte[]>> change) throws IOException {
        Map<String, byte[]> members = members(sound);
        change.accept(members);
        return zip(members, entry -> {});
    }

    private void assertRefused(EmptyStore store, byte[] bundle, String why) throws IOException {
        Path file = Files.write(folder.resolve("bundle.zip"), bundle);

        Throwable fault =
                ThrowableAssert.catchThrowable(() -> new BundleImport(store.database()).take(file, Progress.UNWATCHED));

        assertThat(fault).as(why).isInstanceOf(BundleException.class).hasMessageContaining(why);
        assertThat(fault.getMessage()).hasLineCount(1);
        assertThat(EmptyStore.rows(
                        store.database(), "SELECT id FROM ledger.study UNION ALL SELECT id FROM ledger.worker"))
                .as(why)
                .isEmpty();
    }

    @Test
    void each_fault_is_one_clear_line_and_changes_nothing() throws IOException {
        try (EmptyStore store = new EmptyStore(folder.resolve("store"))) {
            assertRefused(store, "no zip at all".getBytes(StandardCharsets.UTF_8), "must be a whole zip file");
            assertRefused(store, Arrays.copyOf(sound, sound.length / 2), "must be a whole zip file");
            byte[] flipped = sound.clone();
            int tasks = indexOf(sound, "tables/tasks.parquet".getBytes(StandardCharsets.UTF_8));
            flipped[tasks + 300] ^= 1;
            assertRefused(store, flipped, "tables/tasks.parquet");
            assertRefused(
                    store,
                    changed(members -> members.get("tables/metrics.parquet")[200] ^= 1),
                    "tables/metrics.parquet must have the SHA-256");
            assertRefused(
                    store,
                    changed(members -> members.merge("README.md", new byte[] {'x'}, BrokenBundlesTest::join)),
                    "README.md must have");
            for (String path : new String[] {"../evil", "/evil", "a/../../evil", "a//b", "c:evil", "a/"}) {
                assertRefused(
                        store,
                        changed(members -> members.put(path, new byte[0])),
                        "its members must have plain relative paths");
            }
            assertRefused(
                    store,
                    changed(members -> members.put("README.md#2", members.get("README.md"))),
                    "it must hold each member once, README.md is there twice");
            assertRefused(
                    store,
                    zip(
                            members(sound),
                            entry -> entry.setUnixMode(entry.getName().equals("README.md") ? 0120777 : 0100644)),
                    "it must hold no links, README.md is one");
            assertRefused(
                    store,
                    changed(members -> members.put("bomb", new byte[50 << 20])),
                    "a member must not be packed to less than 1/100 of its size, bomb is");
            assertRefused(
                    store,
                    changed(members -> members.put("further.txt", new byte[10])),
                    "every member must stand in manifest.json, further.txt does not");
            assertRefused(store, changed(members -> members.remove("tables/tasks.parquet")), "tables/tasks.parquet");
            assertRefused(store, changed(members -> members.remove("manifest.json")), "it must hold manifest.json");
            assertRefused(
                    store,
                    changed(members -> members.put("manifest.json", "{".getBytes(StandardCharsets.UTF_8))),
                    "manifest.json must be that of a bundle");
            assertRefused(
                    store,
                    changed(members -> members.put(
                            "manifest.json",
                            text(members, "manifest.json")
                                    .replace("\"version\":1", "\"version\":2")
                                    .getBytes(StandardCharsets.UTF_8))),
                    "a bundle must be of version 1, this one is of version 2");
        }
    }

    @Test
    void tables_that_are_sound_files_with_wrong_contents_are_refused() throws IOException {
        try (EmptyStore store = new EmptyStore(folder.resolve("store"))) {
            assertRefused(
                    store,
                    changed(members -> replace(members, "tables/tasks.parquet", members.get("tables/inputs.parquet"))),
                    "tables/tasks.parquet must have the columns");
            assertRefused(
                    store,
                    changed(members ->
                            replace(members, "tables/tasks.parquet", "PAR1 no".getBytes(StandardCharsets.UTF_8))),
                    "tables/tasks.parquet cannot be read as Parquet");
            assertRefused(
                    store,
                    changed(members -> members.put(
                            "manifest.json",
                            text(members, "manifest.json")
                                    .replaceFirst("\"metrics\":\\d+", "\"metrics\":1")
                                    .getBytes(StandardCharsets.UTF_8))),
                    "tables/metrics.parquet must have 1 rows");
            assertRefused(
                    store,
                    changed(members -> members.put(
                            "manifest.json",
                            text(members, "manifest.json")
                                    .replace(study.toString(), UUID.randomUUID().toString())
                                    .getBytes(StandardCharsets.UTF_8))),
                    "it must be of one study");
        }
    }

    @Test
    void a_manifest_that_lacks_something_is_one_clear_line() throws IOException {
        Map<String, String> faults = new LinkedHashMap<>();
        String manifest = text(members(sound), "manifest.json");
        faults.put("null", "manifest.json must say that its format is basinlab-bundle");
        faults.put(manifest.replaceFirst("\"path\":\"README.md\"", "\"path\":null"), "path must be there");
        faults.put(manifest.replaceFirst("\"contents\":\\{[^}]*}", "\"contents\":null"), "contents must be there");
        faults.put(
                manifest.replaceFirst("\"outcomes\":\"cited\"", "\"outcomes\":null"),
                "contents must say which outcomes there are");
        faults.put(manifest.replaceFirst("\"study\":\"[^\"]*\"", "\"study\":null"), "study must be there");
        faults.put(manifest.replaceFirst("\"tasks\":\\d+", "\"tasks\":null"), "rows must not be null");
        faults.put(manifest.replaceFirst("\"members\":\\[", "\"members\":[null,"), "members must not be null");
        try (EmptyStore store = new EmptyStore(folder.resolve("store"))) {
            for (Map.Entry<String, String> fault : faults.entrySet()) {
                assertThat(fault.getKey()).as(fault.getValue()).isNotEqualTo(manifest);
                assertRefused(
                        store,
                        changed(members ->
                                members.put("manifest.json", fault.getKey().getBytes(StandardCharsets.UTF_8))),
                        fault.getValue());
            }
        }
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        for (int i = 0; i < bytes.length; i++) {
            if (Arrays.equals(bytes, i, Math.min(bytes.length, i + wanted.length), wanted, 0, wanted.length)) {
                return i;
            }
        }
        throw new AssertionError("not there");
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}

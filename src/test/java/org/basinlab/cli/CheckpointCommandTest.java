package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.basinlab.StoreForTests;
import org.basinlab.ledger.Checkpoints;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Digests;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a store that a server has open at the same time. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class CheckpointCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** More than two chunks. */
    private static final Architecture.Mlp LARGE = new Architecture.Mlp(3_072, List.of(200), 10);

    @TempDir
    Path folder;

    @Inject
    LedgerFixture ledger;

    @Inject
    Checkpoints checkpoints;

    @ConfigProperty(name = "quarkus.datasource.jdbc.url")
    String url;

    @ConfigProperty(name = "quarkus.datasource.username")
    String user;

    @ConfigProperty(name = "quarkus.datasource.password")
    String password;

    private Called call(Object... words) {
        Object[] all = Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--database";
        all[words.length + 1] = "%s?user=%s&password=%s".formatted(url, user, password);
        return Called.with(all);
    }

    private Path network(long seed) throws IOException {
        return NetworkFiles.write(
                folder.resolve("n" + seed), NetworkFiles.weights(LARGE, seed), Map.of("seed", Long.toString(seed)));
    }

    @Test
    void a_file_goes_in_once_and_comes_out_by_the_beginning_of_its_digest() throws IOException {
        Path file = network(1);
        String sha256 = Digests.of(Files.readAllBytes(file));
        Path back = folder.resolve("back");

        Called first = call("checkpoint", "import", file, "--json");
        Called second = call("checkpoint", "import", file);
        Called got = call("checkpoint", "get", sha256.substring(0, 8).toUpperCase(Locale.ROOT), "--out", back);

        assertThat(first.code()).as(first.err()).isZero();
        JsonNode document = JSON.readTree(first.out());
        assertThat(document.get("sha256").asText()).isEqualTo(sha256);
        assertThat(document.get("added").asBoolean()).isTrue();
        assertThat(document.get("architecture").asText()).isEqualTo("3072-200-10");
        assertThat(second.out()).startsWith(sha256 + "  3072-200-10").contains("(was there already)");
        assertThat(got.code()).as(got.err()).isZero();
        assertThat(got.out()).contains("sha256 " + sha256);
        assertThat(back).hasSameBinaryContentAs(file);
        assertThat(checkpoints.read(sha256)).isEqualTo(Files.readAllBytes(file));
    }

    @Test
    void bytes_that_were_given_up_come_back() throws IOException {
        Path file = network(2);
        String sha256 = Digests.of(Files.readAllBytes(file));
        call("checkpoint", "import", file);
        ledger.change("DELETE FROM ledger.checkpoint_chunk WHERE sha256 = ?1", sha256);
        ledger.change("UPDATE ledger.checkpoint SET dropped_at = clock_timestamp() WHERE sha256 = ?1", sha256);

        Called gone = call("checkpoint", "get", sha256, "--out", folder.resolve("x"));
        Called again = call("checkpoint", "import", file, "--json");

        assertThat(gone.code()).isEqualTo(2);
        assertThat(gone.err()).contains("was given up when its study ended");
        assertThat(JSON.readTree(again.out()).get("added").asBoolean()).isTrue();
        assertThat(checkpoints.read(sha256)).isEqualTo(Files.readAllBytes(file));
    }

    @Test
    void damage_is_found_before_a_file_appears() throws IOException {
        Path file = network(3);
        String sha256 = Digests.of(Files.readAllBytes(file));
        call("checkpoint", "import", file);
        ledger.change("""
                UPDATE ledger.checkpoint_chunk c
                   SET content = o.content, digest = o.digest
                  FROM ledger.checkpoint_chunk o
                 WHERE c.sha256 = ?1 AND o.sha256 = ?1 AND c.position < 2 AND o.position = 1 - c.position
                """, sha256);

        Called swapped = call("checkpoint", "get", sha256, "--out", folder.resolve("x"));
        flipABit(sha256);
        Called flipped = call("checkpoint", "get", sha256, "--out", folder.resolve("x"));

        assertThat(swapped.code()).isEqualTo(3);
        assertThat(swapped.err())
                .contains("checkpoint " + sha256 + " is damaged")
                .hasLineCount(1);
        assertThat(flipped.code()).isEqualTo(3);
        assertThat(flipped.err())
                .contains("chunk 1 of checkpoint " + sha256 + " is damaged")
                .hasLineCount(1);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void verify_lists_what_is_damaged_until_it_is_whole_again() throws IOException {
        Path file = network(4);
        String sha256 = Digests.of(Files.readAllBytes(file));
        call("checkpoint", "import", file);
        Called sound = call("checkpoint", "verify", sha256.substring(0, 12));
        flipABit(sha256);

        Called damaged = call("checkpoint", "verify", sha256);
        Called document = call("checkpoint", "verify", sha256, "--json");
        flipABit(sha256);
        Called cured = call("checkpoint", "verify", sha256);

        assertThat(sound).isEqualTo(new Called(0, "1 checkpoint, 2.5 MB read: 1 whole, 0 damaged%n".formatted(), ""));
        assertThat(damaged.code()).isEqualTo(1);
        assertThat(damaged.out())
                .contains(
                        sha256.substring(0, 16),
                        "brought in from elsewhere",
                        "chunk 1 is damaged: its SHA-256 must be ")
                .contains("basinlab checkpoint import FILE", "0 whole, 1 damaged");
        assertThat(damaged.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(150));
        assertThat(document.code()).isEqualTo(1);
        assertThat(JSON.readTree(document.out()).at("/damaged/0/sha256").asText())
                .isEqualTo(sha256);
        assertThat(JSON.readTree(document.out()).at("/damaged/0/found").asText())
                .contains("chunk 1 of checkpoint " + sha256);
        assertThat(cured.code()).isZero();
        assertThat(cured.out()).contains(sha256.substring(0, 16) + " was noted as damaged and is so no more");
    }

    @Test
    void verify_reads_the_networks_of_a_study_alone() throws IOException {
        UUID study = ledger.submit(LedgerFixture.study(3177, 2, "leaves"));
        ledger.runAll(study);
        String leaf = ledger.ask(
                "SELECT min(sha256) FROM results.networks WHERE study_id = ?1 AND stored", String.class, study);
        ledger.change("DELETE FROM ledger.checkpoint_chunk WHERE sha256 = ?1", leaf);

        Called called = call("checkpoint", "verify", "--study", study, "--json");

        JsonNode document = JSON.readTree(called.out());
        assertThat(called.code()).as(called.err()).isEqualTo(1);
        assertThat(document.get("checkpoints").asInt()).isEqualTo(3);
        assertThat(document.get("whole").asInt()).isEqualTo(1);
        assertThat(document.get("givenUp").asInt()).isEqualTo(1);
        assertThat(document.get("damaged")).singleElement().satisfies(one -> {
            assertThat(one.get("sha256").asText()).isEqualTo(leaf);
            assertThat(one.get("name").asText()).startsWith("train main/trained/1/");
            assertThat(one.get("found").asText()).endsWith("must have 1 chunks, the store holds 0");
        });
        assertThat(call("checkpoint", "verify", leaf, "--study", study).code()).isEqualTo(2);
    }

    @Test
    void verify_asks_nothing_of_what_was_given_up_but_takes_a_note_off() {
        String given = "ad".repeat(32);
        String noted = "ae".repeat(32);
        ledger.change(
                "INSERT INTO ledger.checkpoint (sha256, bytes, chunks, dropped_at) VALUES (?1, 9, 1, clock_timestamp())",
                given);
        ledger.change("""
                INSERT INTO ledger.checkpoint (sha256, bytes, chunks, dropped_at, damaged_at, damage)
                VALUES (?1, 9, 1, clock_timestamp(), clock_timestamp(), 'was flipped')
                """, noted);

        Called first = call("checkpoint", "verify", given, noted);
        Called second = call("checkpoint", "verify", given, noted);

        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.out())
                .contains("aeaeaeaeaeaeaeae was noted as damaged and is so no more", "0 B read", "2 were given up");
        assertThat(second.out()).doesNotContain("noted").contains("2 were given up");
    }

    @Test
    void restore_leaves_what_is_whole_and_refuses_what_no_task_made() throws IOException {
        Path file = network(5);
        String sha256 = Digests.of(Files.readAllBytes(file));
        call("checkpoint", "import", file);
        Called whole = call("checkpoint", "restore", sha256.substring(0, 8));
        flipABit(sha256);

        Called foreign = call("checkpoint", "restore", sha256);
        Called again = call("checkpoint", "import", file, "--json");

        assertThat(whole).isEqualTo(new Called(0, "checkpoint %s is whole, nothing was done%n".formatted(sha256), ""));
        assertThat(JSON.readTree(call("checkpoint", "restore", sha256, "--json").out())
                        .get("whole")
                        .asBoolean())
                .isTrue();
        assertThat(foreign.code()).isEqualTo(2);
        assertThat(foreign.err())
                .contains("checkpoint " + sha256 + " was brought in from elsewhere", "basinlab checkpoint import")
                .hasLineCount(1);
        assertThat(JSON.readTree(again.out()).get("added").asBoolean()).isTrue();
        assertThat(checkpoints.read(sha256)).isEqualTo(Files.readAllBytes(file));
        assertThat(call("checkpoint", "restore", "0".repeat(64)).code()).isEqualTo(2);
        assertThat(call("checkpoint", "restore", "12").err()).contains("must be 8 to 64 hexadecimal digits");
    }

    private void flipABit(String sha256) {
        ledger.change(
                "UPDATE ledger.checkpoint_chunk SET content = set_bit(content, 77, 1 - get_bit(content, 77))"
                        + " WHERE sha256 = ?1 AND position = 1",
                sha256);
    }

    @Test
    void digests_that_name_none_or_several_are_refused() {
        String prefix = "abcdef0123";
        for (String last : List.of("0", "1")) {
            ledger.change(
                    "INSERT INTO ledger.checkpoint (sha256, bytes, chunks) VALUES (?1, 1, 1)",
                    prefix + last.repeat(54));
        }
        Path out = folder.resolve("x");

        assertThat(call("checkpoint", "get", prefix, "--out", out).err())
                .contains(prefix + " must begin one checkpoint, it begins several: " + prefix + "000");
        assertThat(call("checkpoint", "get", "0000000", "--out", out))
                .isEqualTo(new Called(
                        2, "", "basinlab: SHA256 must be 8 to 64 hexadecimal digits, was '0000000'%n".formatted()));
        assertThat(call("checkpoint", "get", "%%%%%%%%", "--out", out).code()).isEqualTo(2);
        assertThat(call("checkpoint", "get", "00000000", "--out", out).err())
                .contains("no checkpoint begins with 00000000");
    }

    @Test
    void a_file_that_is_no_network_is_refused_and_nothing_stored() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.txt"), "no network at all");

        Called called = call("checkpoint", "import", text);

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err())
                .contains(text + ": a safetensors file must have a header")
                .hasLineCount(1);
        assertThat(ledger.ask(
                        "SELECT count(*) FROM ledger.checkpoint WHERE sha256 = ?1",
                        Long.class,
                        Digests.of(Files.readAllBytes(text))))
                .isZero();
    }
}

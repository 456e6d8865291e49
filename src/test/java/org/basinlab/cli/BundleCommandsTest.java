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
import java.util.UUID;
import org.basinlab.StoreForTests;
import org.basinlab.ledger.LedgerFixture;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a store that a server has open at the same time. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class BundleCommandsTest {

    @TempDir
    Path folder;

    @Inject
    LedgerFixture ledger;

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

    @Test
    void a_study_goes_out_and_is_known_when_it_comes_back() throws IOException {
        UUID study = ledger.submit(LedgerFixture.pair(2901));
        ledger.runAll(study);
        Path file = folder.resolve("study.zip");

        Called out = call("export", study, "--out", file, "--no-csv", "--json");
        Called again = call("export", study, "--out", file);
        Called in = call("import", file);

        assertThat(out.code()).as(out.err()).isZero();
        JsonNode document = new ObjectMapper().readTree(out.out());
        assertThat(document.get("bytes").asLong()).isEqualTo(Files.size(file));
        assertThat(document.get("rows").get("tasks").asInt()).isEqualTo(6);
        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err()).contains("--out must be a new file").hasLineCount(1);
        assertThat(in.code()).as(in.err()).isZero();
        assertThat(in.out()).contains("(study %s) is there already; nothing was changed".formatted(study));
    }

    @Test
    void what_is_no_bundle_is_one_line_and_exit_code_2() throws IOException {
        Path text = Files.writeString(folder.resolve("text.zip"), "no zip");

        Called refused = call("import", text);
        Called absent = call("import", folder.resolve("nowhere.zip"));

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .startsWith("basinlab: " + text + " must be a whole zip file")
                .hasLineCount(1);
        assertThat(absent.code()).isEqualTo(2);
        assertThat(absent.err()).contains("a bundle must be a file").hasLineCount(1);
    }

    @Test
    void what_cannot_be_exported_leaves_no_file() throws IOException {
        UUID study = ledger.submit(LedgerFixture.pair(2902));

        Called unended = call("export", study, "--out", folder.resolve("a.zip"));
        Called unknown = call("export", "no-such-study", "--out", folder.resolve("b.zip"));

        assertThat(unended.code()).isEqualTo(2);
        assertThat(unended.err())
                .contains("a study must have ended before it is exported")
                .hasLineCount(1);
        assertThat(unknown.code()).isEqualTo(2);
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void the_list_of_studies_says_where_they_are_from() {
        UUID study = ledger.submit(LedgerFixture.pair(2903));
        ledger.change("UPDATE ledger.study SET bundle = repeat('ab', 32) WHERE id = ?1", study);

        Called listed = call("studies");

        assertThat(listed.out().lines().filter(line -> line.startsWith(study.toString())))
                .allMatch(line -> line.endsWith("bundle abababab"));
    }
}

package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceCommandTest {

    @TempDir
    Path folder;

    private Path text(String text) throws IOException {
        return Files.writeString(folder.resolve("README.md"), text);
    }

    @Test
    void what_is_written_is_what_is_printed_and_what_is_checked() throws IOException {
        Path file = text("# Before\n<!-- claims -->\nold\n<!-- /claims -->\nafter\n");

        Called old = Called.with("evidence", "--check", file);
        Called printed = Called.with("evidence");
        Called written = Called.with("evidence", "--write", file);
        Called checked = Called.with("evidence", "--check", file);

        assertThat(old.code()).isOne();
        assertThat(old.out())
                .isEqualTo(
                        "%1$s must have the table of claims that the evidence gives: basinlab evidence --write %1$s puts it there%n"
                                .formatted(file));
        assertThat(printed.out()).isNotBlank();
        assertThat(written.code()).isZero();
        assertThat(Files.readString(file))
                .isEqualTo("# Before\n<!-- claims -->\n" + printed.out() + "<!-- /claims -->\nafter\n");
        assertThat(checked.code()).isZero();
    }

    @Test
    void the_readme_is_checked_with_the_table_that_it_has() {
        assertThat(Called.with("evidence", "--check", "README.md").code()).isZero();
    }

    @Test
    void a_text_without_the_marks_stays_as_it_is_and_is_one_line() throws IOException {
        Path file = text("nothing\n");

        Called written = Called.with("evidence", "--write", file);
        Called absent = Called.with("evidence", "--check", folder.resolve("absent.md"));

        assertThat(written.code()).isEqualTo(2);
        assertThat(written.err())
                .contains("must have the lines <!-- claims -->")
                .hasLineCount(1);
        assertThat(Files.readString(file)).isEqualTo("nothing\n");
        assertThat(absent.code()).isEqualTo(2);
        assertThat(absent.err()).contains("must be a file").hasLineCount(1);
    }

    @Test
    void bundles_of_a_folder_are_listed_and_what_is_none_leaves_the_list_as_it_was() throws IOException {
        Files.copy(Path.of("src/test/resources/bundle/evidence/small.zip"), folder.resolve("small.zip"));

        Called listed = Called.with("evidence", "--index", folder);
        String list = Files.readString(folder.resolve("index.json"));
        Files.writeString(folder.resolve("small.zip"), "no zip");
        Called refused = Called.with("evidence", "--index", folder);
        Called nowhere = Called.with("evidence", "--index", folder.resolve("nowhere"));

        assertThat(listed.code()).as(listed.err()).isZero();
        assertThat(list).startsWith("[\n{\"file\":\"small.zip\",").endsWith("}\n]\n");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).hasLineCount(1);
        assertThat(Files.readString(folder.resolve("index.json"))).isEqualTo(list);
        assertThat(nowhere.code()).isEqualTo(2);
        assertThat(nowhere.err()).contains("--index must name a folder").hasLineCount(1);
    }
}

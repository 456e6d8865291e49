package org.basinlab.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreLayoutTest {

    private final Path folder;

    StoreLayoutTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void a_symbolic_link_and_its_target_are_one_data_home() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);

        assertThat(StoreLayout.in(link)).isEqualTo(StoreLayout.in(real));
    }

    @Test
    void a_file_is_no_data_home() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> StoreLayout.in(file))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("must be a directory, " + file + " is a file");
    }

    @Test
    void a_place_nobody_can_write_to_is_refused() {
        // Not even root can create a folder there.
        Path unwritable = Path.of("/proc/basinlab");

        assertThatThrownBy(() -> StoreLayout.in(unwritable))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("must be writable, " + unwritable + " is not");
    }

    @Test
    void a_path_that_a_shell_would_interpret_is_refused() {
        Path dangerous = folder.resolve("$(touch hit)");

        assertThatThrownBy(() -> StoreLayout.in(dangerous))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("must be free of quotes");
    }

    @Test
    void a_workshop_replaces_what_interrupted_runs_left() throws IOException {
        StoreLayout layout = StoreLayout.in(folder);
        Path abandoned = layout.workshop("half-");
        Files.createDirectories(abandoned.resolve("deep"));
        Files.createSymbolicLink(abandoned.resolve("deep/link"), folder);

        Path workshop = layout.workshop("half-");

        assertThat(abandoned).doesNotExist();
        assertThat(workshop).isEmptyDirectory();
        assertThat(folder).exists();
    }
}

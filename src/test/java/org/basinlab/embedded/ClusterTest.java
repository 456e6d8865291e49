package org.basinlab.embedded;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterTest {

    private final Path dataHome;

    ClusterTest(@TempDir Path dataHome) {
        this.dataHome = dataHome;
    }

    @Test
    void a_store_of_another_major_version_is_refused_with_the_steps_to_take() throws IOException {
        Path data = Files.createDirectories(dataHome.resolve("postgres/data"));
        Files.writeString(data.resolve("PG_VERSION"), "15\n");

        assertThatThrownBy(() -> EmbeddedPostgres.open(dataHome, line -> {}))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("must be of PostgreSQL " + Binaries.MAJOR)
                .hasMessageContaining(data + " is of PostgreSQL 15: dump it")
                .hasMessageContaining("--database");
    }

    @Test
    void a_data_folder_that_is_no_store_is_refused() throws IOException {
        Path data = Files.createDirectories(dataHome.resolve("postgres/data"));

        assertThatThrownBy(() -> EmbeddedPostgres.open(dataHome, line -> {}))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining(data + " must hold a PostgreSQL cluster");
    }
}

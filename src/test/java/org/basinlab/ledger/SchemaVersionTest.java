package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.basinlab.StoreForTests;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class SchemaVersionTest {

    @Inject
    LedgerFixture ledger;

    @Inject
    DataSource database;

    @Test
    void the_newest_migration_is_the_last_of_the_folder() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("migrations"))) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .mapToInt(name -> Integer.parseInt(name.substring(1, 4)))
                            .max())
                    .hasValue(SchemaVersion.NEWEST);
        }
    }

    @Test
    void a_store_is_current_once_it_has_had_them_all() {
        assertThat(SchemaVersion.isCurrent(database)).isTrue();

        ledger.change(
                "UPDATE flyway_schema_history SET success = false WHERE version = ?1",
                "%03d".formatted(SchemaVersion.NEWEST));
        try {
            assertThat(SchemaVersion.isCurrent(database)).isFalse();
        } finally {
            ledger.change(
                    "UPDATE flyway_schema_history SET success = true WHERE version = ?1",
                    "%03d".formatted(SchemaVersion.NEWEST));
        }
    }
}

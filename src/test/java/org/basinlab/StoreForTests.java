package org.basinlab;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.basinlab.embedded.EmbeddedPostgres;

/** A real PostgreSQL in a fresh data home for the tests that need a store. */
public final class StoreForTests implements QuarkusTestResourceLifecycleManager {

    private EmbeddedPostgres postgres;
    private Path home;

    @Override
    public Map<String, String> start() {
        try {
            home = Files.createTempDirectory("basinlab-store");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        postgres = EmbeddedPostgres.open(home, message -> {});
        Map<String, String> configuration = new HashMap<>();
        configuration.put("quarkus.datasource.jdbc.url", postgres.jdbcUrl());
        configuration.put("quarkus.datasource.username", postgres.user());
        configuration.put("quarkus.datasource.password", postgres.password());
        return configuration;
    }

    @Override
    public void stop() {
        if (postgres == null) {
            return;
        }
        postgres.close();
        try (Stream<Path> files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.basinlab.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every command takes. */
final class SharedOptions {

    @Option(
            names = "--data-home",
            paramLabel = "D",
            description =
                    "Where the store and its own PostgreSQL live (default: $BASINLAB_DATA_HOME, or basinlab in the"
                            + " user's data folder).")
    private @Nullable Path dataHome;

    @Option(
            names = "--data-dir",
            paramLabel = "D",
            description = "Where data sets are looked for first, then in $BASINLAB_DATA_DIR and the data home.")
    private @Nullable Path dataDir;

    @Option(
            names = "--database",
            paramLabel = "URL",
            description =
                    "JDBC URL of a PostgreSQL 15 or newer (default: $BASINLAB_DATABASE, or an own PostgreSQL in the"
                            + " data home). User and password may stand in the URL or in $PGUSER and $PGPASSWORD.")
    private @Nullable String database;

    @Option(names = "--json", description = "One JSON document on standard output; everything else on standard error.")
    private boolean json;

    @Option(names = "--verbose", description = "Say more, with stack traces.")
    private boolean verbose;

    boolean json() {
        return json;
    }

    boolean verbose() {
        return verbose;
    }

    Path dataHome() {
        if (dataHome != null) {
            return dataHome.toAbsolutePath().normalize();
        }
        return variable("BASINLAB_DATA_HOME")
                .map(Path::of)
                .orElseGet(SharedOptions::userDataFolder)
                .toAbsolutePath();
    }

    /** The folders in which data sets are looked for, in order. */
    List<Path> dataPlaces() {
        List<Path> places = new ArrayList<>();
        if (dataDir != null) {
            places.add(dataDir);
        }
        variable("BASINLAB_DATA_DIR").map(Path::of).ifPresent(places::add);
        places.add(dataHome().resolve("data"));
        return places.stream()
                .map(Path::toAbsolutePath)
                .map(Path::normalize)
                .distinct()
                .toList();
    }

    Optional<String> database() {
        return database != null ? Optional.of(database) : variable("BASINLAB_DATABASE");
    }

    private static Path userDataFolder() {
        return variable("XDG_DATA_HOME")
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "share"))
                .resolve("basinlab");
    }

    private static Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }
}

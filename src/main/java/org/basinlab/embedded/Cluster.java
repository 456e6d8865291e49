package org.basinlab.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;

/** The database cluster of a data home: its files, their format and its settings. */
final class Cluster {

    private static final String UNFINISHED = "initialising-";

    private static final String SETTINGS_FILE = "basinlab.conf";

    private static final long BYTES_NEEDED = 256L << 20;

    /** The port is missing on purpose: each start chooses it, the last one where that is free. */
    private static final String SETTINGS = """
            # Written by Basinlab at each start. Your own settings go to the end of postgresql.conf.
            listen_addresses = '127.0.0.1'
            unix_socket_directories = ''
            max_connections = 200
            shared_buffers = 128MB
            # A result that was acknowledged survives a power failure.
            fsync = on
            synchronous_commit = on
            full_page_writes = on
            timezone = 'UTC'
            cluster_name = 'basinlab'
            # One file for each weekday, overwritten a week later.
            logging_collector = on
            log_directory = '../log'
            log_filename = 'postgresql-%a.log'
            log_rotation_age = 1d
            log_rotation_size = 0
            log_truncate_on_rotation = on
            log_timezone = 'UTC'
            log_line_prefix = '%m [%p] '
            """;

    private Cluster() {}

    static boolean exists(StoreLayout layout) {
        return Files.exists(layout.data());
    }

    /** Refuses files in another major version's format, which PostgreSQL could not read. */
    static void requireOurVersion(StoreLayout layout) {
        Path file = layout.data().resolve("PG_VERSION");
        String found;
        try {
            found = Files.readString(file).strip();
        } catch (IOException e) {
            throw new EmbeddedPostgresException(
                    "%s must hold a PostgreSQL cluster, but its version cannot be read (%s): put the files back, or choose another --data-home"
                            .formatted(layout.data(), StoreLayout.reason(e)),
                    e);
        }
        if (!found.equals(String.valueOf(Binaries.MAJOR))) {
            throw new EmbeddedPostgresException(
                    "the store must be of PostgreSQL %d, %s is of PostgreSQL %s: dump it with pg_dump of version %3$s, restore it into a new --data-home, or start PostgreSQL %3$s on it yourself and name that with --database"
                            .formatted(Binaries.MAJOR, layout.data(), found));
        }
    }

    /** Creates the cluster beside its place and renames it when it is whole. Call it while holding the start lock. */
    static void create(StoreLayout layout, Binaries binaries, Consumer<String> say) {
        say.accept("creating the store in %s".formatted(layout.data()));
        try {
            Password.create(layout);
            Path unfinished = layout.workshop(UNFINISHED);
            try {
                initialise(layout, binaries, unfinished);
                Files.writeString(
                        unfinished.resolve("postgresql.conf"),
                        "%ninclude '%s'%n".formatted(SETTINGS_FILE),
                        StandardOpenOption.APPEND);
                Files.writeString(unfinished.resolve(SETTINGS_FILE), SETTINGS);
                Files.move(unfinished, layout.data(), StandardCopyOption.ATOMIC_MOVE);
                StoreLayout.force(layout.folder());
            } finally {
                StoreLayout.discard(unfinished);
            }
        } catch (IOException e) {
            throw new EmbeddedPostgresException(
                    "the store must be created in %s, which failed: %s"
                            .formatted(layout.folder(), StoreLayout.reason(e)),
                    e);
        }
    }

    /** Brings the settings of an older Basinlab up to date. */
    static void writeSettings(StoreLayout layout) throws IOException {
        Path file = layout.data().resolve(SETTINGS_FILE);
        if (!Files.exists(file) || !Files.readString(file).equals(SETTINGS)) {
            Files.writeString(file, SETTINGS);
        }
    }

    /** Collation and character classes come from PostgreSQL itself, so that they are equal on every machine. */
    private static void initialise(StoreLayout layout, Binaries binaries, Path target) throws IOException {
        Command.Result result = Command.postgres(List.of(
                binaries.program("initdb").toString(),
                "--pgdata=" + target,
                "--username=" + StoreLayout.NAME,
                "--pwfile=" + layout.password(),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--data-checksums",
                "--no-instructions"));
        if (result.status() != 0) {
            throw new IOException(result.complaint());
        }
    }

    /** Says before any work that the disk is too full for a new store. */
    static void requireRoom(StoreLayout layout) {
        long free;
        try {
            free = Files.getFileStore(layout.folder()).getUsableSpace();
        } catch (IOException e) {
            // Some file systems do not tell; then a write will.
            return;
        }
        if (free < BYTES_NEEDED) {
            throw new EmbeddedPostgresException(
                    "a new store needs %d MB of free disk, %s has %d MB: free some, or choose another --data-home"
                            .formatted(BYTES_NEEDED >> 20, layout.folder(), free >> 20));
        }
    }
}

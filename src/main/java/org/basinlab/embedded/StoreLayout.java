package org.basinlab.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where things lie in a data home.
 *
 * <pre>
 * DATA_HOME/postgres/
 *   binaries-DIGEST/     PostgreSQL's programs, unpacked
 *   data/                the cluster; appears only when it is whole
 *   password, pgpass     readable by the owner only
 *   log/                 start.log of the last start, then one file per weekday
 *   place                machine and process namespace of the last start
 *   port                 of the last start; taken again where it is free
 *   start.lock           held while someone decides, starts or stops
 *   users.lock           held, shared, by every program that uses the server
 * </pre>
 *
 * @param folder {@code DATA_HOME/postgres}, absolute, without symbolic links
 */
record StoreLayout(Path folder) {

    /** The name of the database and of its owner. */
    static final String NAME = "basinlab";

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private static final long ABANDONED_SECONDS = 60;

    /** pg_ctl hands paths to a shell within double quotes. */
    private static final String UNQUOTABLE = "\"$`\\\n\r";

    /** Whether a cluster is there, or was begun. */
    static boolean isIn(Path dataHome) {
        return Files.exists(dataHome.resolve("postgres"));
    }

    /** The layout of {@code dataHome}, whose folders are created for the owner only where they are missing. */
    static StoreLayout in(Path dataHome) {
        Path home = dataHome.toAbsolutePath().normalize();
        try {
            FileAttribute<?> ownerOnly = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
            createMissing(home, ownerOnly);
            Path folder = home.toRealPath().resolve("postgres");
            createMissing(folder, ownerOnly);
            StoreLayout layout = new StoreLayout(folder);
            layout.requireUsable();
            return layout;
        } catch (FileAlreadyExistsException | NotDirectoryException e) {
            throw new EmbeddedPostgresException(
                    "the data home must be a directory, %s is a file: choose another with --data-home"
                            .formatted(e.getFile()),
                    e);
        } catch (IOException e) {
            throw notWritable(home, e);
        }
    }

    private static void createMissing(Path directory, FileAttribute<?> ownerOnly) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, ownerOnly);
        }
    }

    private void requireUsable() throws IOException {
        if (UNQUOTABLE.chars().anyMatch(character -> folder.toString().indexOf(character) >= 0)) {
            throw new EmbeddedPostgresException(
                    "the path of the data home must be free of quotes, $, ` and \\, was %s: choose another with --data-home"
                            .formatted(folder.getParent()));
        }
        if (!Files.isWritable(folder) || !Files.isExecutable(folder)) {
            throw new AccessDeniedException(folder.toString());
        }
    }

    private static EmbeddedPostgresException notWritable(Path home, IOException found) {
        boolean plain = found instanceof AccessDeniedException || found instanceof NoSuchFileException;
        return new EmbeddedPostgresException(
                "the data home must be writable, %s is not (%s): choose another with --data-home"
                        .formatted(home, plain ? "access denied" : reason(found)),
                found);
    }

    Path data() {
        return folder.resolve("data");
    }

    Path password() {
        return folder.resolve("password");
    }

    Path passFile() {
        return folder.resolve("pgpass");
    }

    Path logs() {
        return folder.resolve("log");
    }

    Path startLog() {
        return logs().resolve("start.log");
    }

    Path port() {
        return folder.resolve("port");
    }

    Path place() {
        return folder.resolve("place");
    }

    Path startLock() {
        return folder.resolve("start.lock");
    }

    Path usersLock() {
        return folder.resolve("users.lock");
    }

    Path pidFile() {
        return data().resolve("postmaster.pid");
    }

    /**
     * A new, empty folder beside the place where its content will go, after removing those of interrupted runs.
     *
     * <p>An initdb outlives the program that started it when that is killed; it ends by itself and is waited for.
     */
    Path workshop(String prefix) throws IOException {
        List<Path> abandoned;
        try (Stream<Path> siblings = Files.list(folder)) {
            abandoned = siblings.filter(
                            sibling -> sibling.getFileName().toString().startsWith(prefix))
                    .toList();
        }
        for (Path tree : abandoned) {
            if (!Postmaster.await(() -> discard(tree), ABANDONED_SECONDS)) {
                throw new IOException("cannot remove %s: remove it by hand".formatted(tree));
            }
        }
        return Files.createTempDirectory(folder, prefix, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }

    /** Writes the entries of {@code directory} to disk, so that a rename in it survives a power failure. */
    static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Removes {@code tree}, and says whether all of it is gone; symbolic links in it are removed, not followed. */
    static boolean discard(Path tree) {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
            return true;
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    /** What an I/O error says, without the path when Java puts nothing else into the message. */
    static String reason(IOException error) {
        String message = String.valueOf(error.getMessage());
        if (error instanceof AccessDeniedException) {
            return "access denied: " + message;
        }
        if (error instanceof NoSuchFileException) {
            return "no such file: " + message;
        }
        return message.lines().findFirst().orElse("") + (message.contains("No space left") ? ": the disk is full" : "");
    }
}

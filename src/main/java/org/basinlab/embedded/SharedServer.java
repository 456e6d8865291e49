package org.basinlab.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The server of one data home, shared by the uses within this program and by other programs.
 *
 * <p>Programs agree through two locked files, which the kernel frees when a program dies: {@code start.lock} is held
 * while one decides, starts or stops; {@code users.lock} is held, shared, by every program that uses the server. Who
 * leaves and then gets {@code users.lock} for itself is the last one. A program locks a file through one channel only,
 * because closing any other channel on it would free the lock.
 */
final class SharedServer {

    /** What a user of the running server needs to know. */
    record Access(int port, String password) {

        @Override
        public String toString() {
            return "Access[port=%d]".formatted(port);
        }
    }

    private static final Map<Path, SharedServer> SERVERS = new HashMap<>();

    private final StoreLayout layout;
    private int uses;
    private @Nullable FileChannel users;

    private SharedServer(StoreLayout layout) {
        this.layout = layout;
    }

    /** The one server of this data home in this program. */
    static SharedServer of(StoreLayout layout) {
        synchronized (SERVERS) {
            return SERVERS.computeIfAbsent(layout.folder(), folder -> new SharedServer(layout));
        }
    }

    StoreLayout layout() {
        return layout;
    }

    /** Adds a use, and starts the server if it does not run. */
    synchronized Access enter(Consumer<String> say) {
        try (FileChannel starting = openLockFile(layout.startLock())) {
            takeTurn(starting, say);
            FileChannel mine = users;
            if (mine == null) {
                mine = openLockFile(layout.usersLock());
            }
            try {
                boolean alone = users == null && nobodyUses(mine);
                Access access = run(alone, say);
                if (users == null) {
                    mine.lock(0, Long.MAX_VALUE, true);
                    users = mine;
                }
                uses++;
                return access;
            } finally {
                if (users == null) {
                    mine.close();
                }
            }
        } catch (IOException e) {
            throw lockFailed(e);
        } catch (OverlappingFileLockException e) {
            throw new EmbeddedPostgresException(
                    "the data home %s must be opened by one class loader of this program, another holds it already"
                            .formatted(layout.folder().getParent()),
                    e);
        }
    }

    /** Leaves no server behind that nobody could use. */
    private Access run(boolean alone, Consumer<String> say) {
        try {
            return new ServerStart(layout, say).ensureRunning(users == null && !alone);
        } catch (EmbeddedPostgresException e) {
            if (alone) {
                Postmaster.running(layout).ifPresent(postmaster -> postmaster.stop(layout));
            }
            throw e;
        }
    }

    /** Ends a use; the last of all programs stops the server. */
    synchronized void leave() {
        uses--;
        FileChannel mine = users;
        if (uses > 0 || mine == null) {
            return;
        }
        users = null;
        // A pending interrupt would close the channels and end the waiting.
        boolean interrupted = Thread.interrupted();
        try (mine;
                FileChannel starting = openLockFile(layout.startLock())) {
            takeTurn(starting, line -> {});
            mine.close();
            try (FileChannel free = openLockFile(layout.usersLock())) {
                Optional<Postmaster> running = Postmaster.running(layout);
                if (running.isPresent() && nobodyUses(free)) {
                    running.get().stop(layout);
                }
            }
        } catch (IOException e) {
            throw lockFailed(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void takeTurn(FileChannel starting, Consumer<String> say) throws IOException {
        FileLock turn = starting.tryLock();
        if (turn == null) {
            say.accept("waiting for another program that starts or stops PostgreSQL in the same data home");
            starting.lock();
        }
    }

    private static boolean nobodyUses(FileChannel users) throws IOException {
        FileLock alone = users.tryLock();
        if (alone == null) {
            return false;
        }
        alone.release();
        return true;
    }

    private static FileChannel openLockFile(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private EmbeddedPostgresException lockFailed(IOException error) {
        return new EmbeddedPostgresException(
                "the data home must be writable and on a file system that can lock files, %s is not (%s): choose another with --data-home"
                        .formatted(layout.folder(), StoreLayout.reason(error)),
                error);
    }
}

package org.basinlab.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One program's use of the PostgreSQL that belongs to a data home.
 *
 * <p>All programs on one data home share one server: the first to come starts it, the last to {@link #close() close}
 * stops it. A program that dies without closing leaves the server running for the next one to adopt. The server listens
 * on 127.0.0.1 only, asks for a password (SCRAM), and writes every commit to disk before it answers.
 *
 * <p>Safe for use by several threads. There is no shutdown hook here: whoever opens closes.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    private final SharedServer server;
    private final SharedServer.Access access;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedPostgres(SharedServer server, SharedServer.Access access) {
        this.server = server;
        this.access = access;
    }

    /**
     * Opens the database of this data home: starts PostgreSQL unless another program has it running already.
     *
     * <p>The first call on a data home unpacks PostgreSQL and creates the store, which takes some seconds. Blocks while
     * another program starts or stops the same server, and while the server recovers after a crash. Calling it again
     * after the server itself was killed starts it again, on its old port if that is still free.
     *
     * @param dataHome created, readable by its owner only, if it is missing
     * @param say receives one line before each step that takes noticeable time
     * @throws EmbeddedPostgresException if this machine or the data home cannot hold a PostgreSQL, or it does not start
     */
    public static EmbeddedPostgres open(Path dataHome, Consumer<String> say) {
        Platform.require(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
        SharedServer server = SharedServer.of(StoreLayout.in(dataHome));
        return new EmbeddedPostgres(server, server.enter(say));
    }

    /** Whether this data home has a database already; nothing is started or written. */
    public static boolean isIn(Path dataHome) {
        return StoreLayout.isIn(dataHome);
    }

    /**
     * Why {@link #open} could not work here, as far as that can be told without starting or writing anything; empty if
     * nothing stands in the way.
     */
    public static Optional<String> obstacle(Path dataHome) {
        Path folder = dataHome.toAbsolutePath().normalize();
        while (!Files.exists(folder) && folder.getParent() != null) {
            folder = folder.getParent();
        }
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            return Optional.of("the data home must be writable, %s is %s: choose another with --data-home"
                    .formatted(folder, Files.isDirectory(folder) ? "not" : "a file"));
        }
        try {
            Platform.require(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
            Command.requirePostgresMayUse(folder);
            return Optional.empty();
        } catch (EmbeddedPostgresException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** {@code jdbc:postgresql://127.0.0.1:PORT/basinlab}, without the credentials. */
    public String jdbcUrl() {
        return Session.url(access.port(), StoreLayout.NAME);
    }

    public String user() {
        return StoreLayout.NAME;
    }

    public String password() {
        return access.password();
    }

    public int port() {
        return access.port();
    }

    /** A file that {@code psql} takes as {@code PGPASSFILE}, readable by its owner only. */
    public Path passFile() {
        return server.layout().passFile();
    }

    /**
     * Ends this use; the last program out stops PostgreSQL by a fast shutdown and waits until it is gone. A second call
     * does nothing. Completes even in an interrupted thread.
     *
     * @throws EmbeddedPostgresException if PostgreSQL does not stop; nothing that was committed is lost then
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.leave();
        }
    }
}

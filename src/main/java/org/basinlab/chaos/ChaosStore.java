package org.basinlab.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.sql.DataSource;
import org.basinlab.embedded.EmbeddedPostgres;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL of this run's own, with {@code fsync} on as users have it, that can be stopped and killed. */
final class ChaosStore implements AutoCloseable {

    private static final Duration LONGEST_STOP = Duration.ofSeconds(60);

    private final Path home;

    /** Each start is one more use of the same server; all are given back at the end. */
    private final Deque<EmbeddedPostgres> uses = new ArrayDeque<>();

    private volatile int port;
    private boolean closed;

    /**
     * One that is not started yet.
     *
     * @param home a folder of its own
     */
    ChaosStore(Path home) {
        this.home = home;
    }

    int port() {
        return port;
    }

    synchronized String user() {
        return uses.getLast().user();
    }

    synchronized String password() {
        return uses.getLast().password();
    }

    /** Straight to the server, past every relay. */
    DataSource direct() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url(port));
        source.setUser(user());
        source.setPassword(password());
        source.setApplicationName("basinlab chaos");
        source.setConnectTimeout(5);
        source.setSocketTimeout(60);
        return source;
    }

    /** The database as seen through a port of 127.0.0.1. */
    static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:%d/basinlab".formatted(port);
    }

    /** Fast shutdown: sessions are ended, what is in memory is written. */
    void stop() {
        ProcessHandle server = server();
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -s INT \"$1\"", "sh", Long.toString(server.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new ChaosException("a signal needs /bin/sh: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChaosException("the run of faults was interrupted");
        }
        awaitEnd(server);
    }

    /** {@code kill -9} of the main process: what was not written to disk is gone. */
    void kill() {
        ProcessHandle server = server();
        server.destroyForcibly();
        awaitEnd(server);
    }

    /** Starts it, the first time or again, and recovers it where it was killed. */
    synchronized void start() {
        if (closed) {
            throw new ChaosException("the run of faults was ended");
        }
        EmbeddedPostgres use = EmbeddedPostgres.open(home, line -> {});
        uses.add(use);
        port = use.port();
    }

    @Override
    public synchronized void close() {
        closed = true;
        while (!uses.isEmpty()) {
            uses.removeLast().close();
        }
    }

    private ProcessHandle server() {
        Path file = home.resolve("postgres").resolve("data").resolve("postmaster.pid");
        try {
            long pid = Long.parseLong(Files.readAllLines(file).get(0).strip());
            return ProcessHandle.of(pid)
                    .orElseThrow(
                            () -> new ChaosException("PostgreSQL must run as process %d, it does not".formatted(pid)));
        } catch (IOException | NumberFormatException e) {
            throw new ChaosException("PostgreSQL must run, %s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static void awaitEnd(ProcessHandle server) {
        long end = System.nanoTime() + LONGEST_STOP.toNanos();
        while (server.isAlive() && System.nanoTime() < end) {
            Threads.sleep(Duration.ofMillis(20));
        }
        if (server.isAlive()) {
            throw new ChaosException("PostgreSQL (process %d) must end within %d s, it did not"
                    .formatted(server.pid(), LONGEST_STOP.toSeconds()));
        }
    }
}

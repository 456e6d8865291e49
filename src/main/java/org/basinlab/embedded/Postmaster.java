package org.basinlab.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The main process of a running PostgreSQL, as {@code postmaster.pid} and {@code /proc} show it.
 *
 * @param port on 127.0.0.1
 */
record Postmaster(long pid, int port) {

    private static final int PORT_LINE = 3;

    /** What the process table knows of one cluster. */
    private static final Path PROCESSES = Path.of("/proc");

    /** A fast shutdown writes what is in memory, which is quick unless the disk is very slow. */
    private static final long STOP_SECONDS = 120;

    /** PostgreSQL's helpers notice within a second that their main process is gone. */
    private static final long ORPHAN_SECONDS = 20;

    private static final long POLL_MILLIS = 20;

    /** What {@code postmaster.pid} says, be it true or stale; empty if there is none or it is damaged. */
    static Optional<Postmaster> recorded(StoreLayout layout) {
        try {
            List<String> lines = Files.readAllLines(layout.pidFile());
            if (lines.size() <= PORT_LINE) {
                return Optional.empty();
            }
            return Optional.of(new Postmaster(
                    Long.parseLong(lines.get(0).strip()),
                    Integer.parseInt(lines.get(PORT_LINE).strip())));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The main process that runs this very cluster. */
    static Optional<Postmaster> running(StoreLayout layout) {
        return recorded(layout).filter(postmaster -> serves(postmaster.pid(), layout));
    }

    boolean isRunning(StoreLayout layout) {
        return serves(pid, layout);
    }

    /**
     * Removes a {@code postmaster.pid} that names no process of this cluster.
     *
     * <p>PostgreSQL does so itself, except where the number now belongs to another process, or to a dead one that
     * nobody has reaped: then it would refuse to start for ever. Removing the file is safe only when no process of the
     * cluster is left, so those without a main process are waited for.
     */
    static void forgetStale(StoreLayout layout) {
        if (!Files.exists(layout.pidFile())) {
            return;
        }
        if (!await(() -> servants(layout).isEmpty(), ORPHAN_SECONDS)) {
            throw new EmbeddedPostgresException(
                    "the store %s must be free before it is started, but processes %s of a dead PostgreSQL still use it: end them (kill -INT) and try again"
                            .formatted(layout.data(), servants(layout)));
        }
        try {
            Files.deleteIfExists(layout.pidFile());
        } catch (IOException e) {
            throw new EmbeddedPostgresException(
                    "the stale %s must be removable (%s)".formatted(layout.pidFile(), StoreLayout.reason(e)), e);
        }
    }

    /** Fast shutdown: sessions are ended, what is in memory is written; returns when the process is gone. */
    void stop(StoreLayout layout) {
        // SIGINT, since SIGTERM would wait until every client has left.
        Command.run(List.of("/bin/sh", "-c", "kill -s INT \"$1\"", "sh", String.valueOf(pid)));
        if (!await(() -> !isRunning(layout), STOP_SECONDS)) {
            throw new EmbeddedPostgresException(
                    "PostgreSQL (process %d) must stop within %d s of SIGINT, but still runs: see %s"
                            .formatted(pid, STOP_SECONDS, layout.logs()));
        }
    }

    /** Every process whose working folder is the cluster: each of PostgreSQL's changes there at once. */
    private static List<Long> servants(StoreLayout layout) {
        try (Stream<Path> processes = Files.list(PROCESSES)) {
            return processes
                    .map(process -> process.getFileName().toString())
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .map(Long::valueOf)
                    .filter(pid -> serves(pid, layout))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new EmbeddedPostgresException("the process table must be readable in %s".formatted(PROCESSES), e);
        }
    }

    /** A process that has ended, reaped or not, has neither a command line nor a working folder. */
    private static boolean serves(long pid, StoreLayout layout) {
        Path process = PROCESSES.resolve(String.valueOf(pid));
        String command;
        try {
            command = new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return false;
        }
        String program = command.split("\0", 2)[0];
        if (!program.startsWith("postgres:") && !program.endsWith("/postgres")) {
            return false;
        }
        try {
            return Files.readSymbolicLink(process.resolve("cwd")).equals(layout.data());
        } catch (IOException e) {
            // Without the right to look into it, the folder it was started with must do.
            return command.contains("\0" + layout.data() + "\0");
        }
    }

    static boolean await(BooleanSupplier condition, long seconds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            pause();
        }
        return true;
    }

    static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedPostgresException("interrupted while waiting for PostgreSQL", e);
        }
    }
}

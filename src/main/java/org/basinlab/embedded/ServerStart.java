package org.basinlab.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Brings the server of a data home to where it answers: adopts a running one, else starts it. */
final class ServerStart {

    private static final int ATTEMPTS = 5;

    /** Recovery after a crash replays at most a few hundred MB of log; a busy disk may take minutes for that. */
    private static final long READY_SECONDS = 600;

    private static final long SILENT_SECONDS = 60;

    private static final int LAST_LINES = 20;

    private static final String PORT_TAKEN = "Address already in use";

    private final StoreLayout layout;
    private final Consumer<String> say;

    /** Every method is for the holder of the start lock only. */
    ServerStart(StoreLayout layout, Consumer<String> say) {
        this.layout = layout;
        this.say = say;
    }

    /**
     * The way into the running server.
     *
     * @param othersUse whether other programs hold the server in use at this moment
     */
    SharedServer.Access ensureRunning(boolean othersUse) {
        if (Cluster.exists(layout)) {
            Cluster.requireOurVersion(layout);
            Password.read(layout);
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Postmaster> running = Postmaster.running(layout);
            Postmaster postmaster = running.isPresent() ? running.get() : start(othersUse);
            Password password = Password.read(layout);
            if (becomesReady(postmaster, password)) {
                return new SharedServer.Access(postmaster.port(), password.text());
            }
        }
        throw notStarted("it ended right after each of %d starts; %s".formatted(ATTEMPTS, lastComplaint()));
    }

    private Postmaster start(boolean othersUse) {
        Command.requirePostgresMayUse(layout.folder());
        requireSamePlace(othersUse);
        if (!Cluster.exists(layout)) {
            Cluster.requireRoom(layout);
        }
        Binaries binaries = Binaries.in(layout, say);
        if (!Cluster.exists(layout)) {
            Cluster.create(layout, binaries, say);
        }
        int preferred = lastPort();
        Postmaster.forgetStale(layout);
        try {
            Files.createDirectories(layout.logs());
            Cluster.writeSettings(layout);
            Files.writeString(layout.place(), place());
            Postmaster started = launch(binaries, preferred);
            Files.writeString(layout.port(), Integer.toString(started.port()));
            return started;
        } catch (IOException e) {
            throw notStarted(StoreLayout.reason(e));
        }
    }

    /** pg_ctl puts the server into a session of its own, out of the reach of our terminal's Ctrl-C. */
    private Postmaster launch(Binaries binaries, int preferred) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Files.deleteIfExists(layout.startLog());
            Command.Result result = Command.postgres(List.of(
                    binaries.program("pg_ctl").toString(),
                    "start",
                    "--pgdata=" + layout.data(),
                    "--log=" + layout.startLog(),
                    "--wait",
                    "--timeout=" + SILENT_SECONDS,
                    "--options=-p " + freePort(attempt == 0 ? preferred : 0)));
            Optional<Postmaster> running = Postmaster.running(layout);
            if (running.isPresent()) {
                return running.get();
            }
            String complaint = Files.exists(layout.startLog()) ? lastComplaint() : result.complaint();
            if (!complaint.contains(PORT_TAKEN) && !startLog().contains(PORT_TAKEN)) {
                throw notStarted(complaint);
            }
        }
        throw notStarted("each of %d free ports was taken before PostgreSQL could have it".formatted(ATTEMPTS));
    }

    /** False if the server went away meanwhile. */
    private boolean becomesReady(Postmaster postmaster, Password password) {
        long begun = System.nanoTime();
        boolean told = false;
        while (TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun) < READY_SECONDS) {
            Session.Answer answer = ask(postmaster, password);
            switch (answer) {
                case READY -> {
                    return true;
                }
                case WRONG_PASSWORD ->
                    throw new EmbeddedPostgresException(
                            "the password in %s must open the store, PostgreSQL on port %d refuses it: put the right file back, or choose another --data-home"
                                    .formatted(layout.password(), postmaster.port()));
                case STRANGER ->
                    throw notStarted("another PostgreSQL answers on its port %d".formatted(postmaster.port()));
                case SILENT, BUSY -> {
                    if (!postmaster.isRunning(layout)) {
                        return false;
                    }
                    if (answer == Session.Answer.BUSY && !told) {
                        say.accept("waiting for PostgreSQL, which recovers after a crash or shuts down");
                        told = true;
                    }
                    Postmaster.pause();
                }
            }
        }
        throw notStarted("it was not ready within %d s; %s".formatted(READY_SECONDS, lastComplaint()));
    }

    private Session.Answer ask(Postmaster postmaster, Password password) {
        try {
            return Session.ask(postmaster.port(), password, layout.data());
        } catch (SQLException e) {
            throw notStarted(String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given"));
        }
    }

    /** The process that holds our port is not visible from another machine or container, so it cannot be asked. */
    private void requireSamePlace(boolean othersUse) {
        if (!othersUse || !Files.exists(layout.place())) {
            return;
        }
        try {
            if (!Files.readString(layout.place()).equals(place())) {
                throw new EmbeddedPostgresException(
                        "the data home %s must be used from one machine or container at a time, a program in another uses it: choose another --data-home, or name one PostgreSQL for both with --database"
                                .formatted(layout.folder().getParent()));
            }
        } catch (IOException e) {
            throw notStarted(StoreLayout.reason(e));
        }
    }

    private static String place() throws IOException {
        return "boot %s, processes %s%n"
                .formatted(
                        Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                                .strip(),
                        Files.readSymbolicLink(Path.of("/proc/self/ns/pid")));
    }

    /** {@code preferred} if nobody listens there, else any free port of 127.0.0.1. */
    private static int freePort(int preferred) throws IOException {
        InetAddress local = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(local, preferred));
            return socket.getLocalPort();
        } catch (IOException e) {
            if (preferred == 0) {
                throw e;
            }
            return freePort(0);
        }
    }

    /** The port of the last start, so that pools and notebooks that know it find the store again; 0 before the first. */
    private int lastPort() {
        try {
            return Files.exists(layout.port())
                    ? Integer.parseInt(Files.readString(layout.port()).strip())
                    : 0;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    private String startLog() throws IOException {
        return Files.exists(layout.startLog()) ? Files.readString(layout.startLog(), StandardCharsets.UTF_8) : "";
    }

    /** What PostgreSQL last complained of, among the last lines of its newest log. */
    private String lastComplaint() {
        try (Stream<Path> logs = Files.list(layout.logs())) {
            Optional<Path> newest =
                    logs.max(Comparator.comparing(log -> log.toFile().lastModified()));
            List<String> lines = newest.isPresent() ? Files.readAllLines(newest.get()) : List.of();
            List<String> last = lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
            return new Command.Result(1, String.join("\n", last)).complaint();
        } catch (IOException e) {
            return StoreLayout.reason(e);
        }
    }

    private EmbeddedPostgresException notStarted(String found) {
        return new EmbeddedPostgresException(
                "PostgreSQL must start on %s, but %s; its log is in %s".formatted(layout.data(), found, layout.logs()));
    }
}

package org.basinlab.cli;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.basinlab.recipe.Digests;
import org.basinlab.study.Study;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * The start of the server inside this process: store first, then Quarkus, and in the end the reverse.
 *
 * @param slots how many tasks run at a time
 * @param web where pages are served, if they are
 * @param run the study to run to its end, if one is
 */
record Launch(SharedOptions options, int slots, Optional<Web> web, Optional<Run> run) {

    private static final int MOST_SLOTS = 1_024;

    /** What PostgreSQL's write-ahead log and indexes may take beside that. */
    private static final long SPARE_BYTES = 200L << 20;

    /** The launch of this process; beans read it, tests have none. */
    private static final AtomicReference<@Nullable Launch> CURRENT = new AtomicReference<>();

    private static final AtomicReference<@Nullable Store> STORE = new AtomicReference<>();

    /**
     * A study to run.
     *
     * @param another start a new one even if the same one is there
     * @param storedBytes what all its networks and the outcomes of their images take up in the store
     */
    record Run(Study study, String specification, boolean another, long storedBytes) {}

    /** The address at which pages are served. */
    record Web(String host, int port) {

        static Web at(String host, int port) {
            if (port < 0 || port > 65_535) {
                throw new UsageException("--port must lie in [0, 65535], was " + port);
            }
            if (port != 0 && !isFree(host, port)) {
                throw new UnusableException("%s:%d must be free, another program listens there (--port chooses another)"
                        .formatted(host, port));
            }
            return new Web(host, port);
        }

        /** 8080 on this machine alone, or any port when that is taken: pages are a by-product of a run. */
        static Web nearestFree() {
            return new Web("127.0.0.1", isFree("127.0.0.1", 8080) ? 8080 : 0);
        }

        /** Where pages are, once the server is up: with port 0 the system chose one. */
        String url() {
            int actual = ConfigProvider.getConfig()
                    .getOptionalValue("quarkus.http.port", Integer.class)
                    .orElse(port);
            return "http://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, actual);
        }

        private static boolean isFree(String host, int port) {
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(new InetSocketAddress(InetAddress.getByName(host), port));
                return true;
            } catch (IOException e) {
                return false;
            }
        }
    }

    static int slots(@Nullable Integer asked, int least, int usual) {
        return slots("--workers", asked, least, usual);
    }

    static int slots(String option, @Nullable Integer asked, int least, int usual) {
        int slots = asked == null ? usual : asked;
        if (slots < least || slots > MOST_SLOTS) {
            throw new UsageException("%s must lie in [%d, %d], was %d".formatted(option, least, MOST_SLOTS, slots));
        }
        return slots;
    }

    static Launch current() {
        Launch launch = CURRENT.get();
        if (launch == null) {
            throw new IllegalStateException("this process was not started by a command");
        }
        return launch;
    }

    static Optional<Launch> find() {
        return Optional.ofNullable(CURRENT.get());
    }

    static Store store() {
        Store store = STORE.get();
        if (store == null) {
            throw new IllegalStateException("the store is not open");
        }
        return store;
    }

    /**
     * Refuses to begin when what is still to come does not fit on the disk of our own store.
     *
     * @param shareToCome of the networks
     * @param dataBytes of data sets
     */
    void requireRoom(double shareToCome, long dataBytes) {
        if (options.database().isPresent() || run.isEmpty()) {
            return;
        }
        try {
            long needed = (long) (shareToCome * run.get().storedBytes()) + dataBytes + SPARE_BYTES;
            long free = Files.getFileStore(options.dataHome()).getUsableSpace();
            if (free < needed) {
                throw new UnusableException(
                        "%s must have %s free for what is left of this study, it has %s (--data-home names another place)"
                                .formatted(options.dataHome(), Sizes.bytes(needed), Sizes.bytes(free)));
            }
        } catch (IOException e) {
            throw new UnusableException("the free space at %s cannot be read: %s".formatted(options.dataHome(), e));
        }
    }

    /** Runs the application to its end and returns its exit code. */
    int start(Class<? extends QuarkusApplication> application, String... arguments) {
        CURRENT.set(this);
        Store store = Store.open(options, System.err::println);
        STORE.set(store);
        store.configure();
        configure();
        CountDownLatch ended = new CountDownLatch(1);
        // After Ctrl-C Quarkus takes its own things down first; the database goes last.
        Thread closing = new Thread(() -> closeAfter(ended, store), "close-store");
        Runtime.getRuntime().addShutdownHook(closing);
        AtomicInteger code = new AtomicInteger(ExitCode.SOMETHING_FAILED);
        AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
        try {
            Quarkus.run(
                    application,
                    (exit, thrown) -> {
                        code.set(exit);
                        fault.set(thrown);
                    },
                    arguments);
        } catch (RuntimeException e) {
            fault.set(e);
        } finally {
            ended.countDown();
        }
        store.close();
        if (isProcessEnding()) {
            // What the application says while it is being taken down means nothing.
            return ExitCode.INTERRUPTED;
        }
        Throwable thrown = fault.get();
        if (thrown != null) {
            throw thrown instanceof RuntimeException known ? known : new UndeclaredThrowableException(thrown);
        }
        return code.get();
    }

    /** Whether a signal ends this process: then no hook can be added any more. */
    static boolean isProcessEnding() {
        Thread probe = new Thread(() -> {}, "probe");
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            return !Runtime.getRuntime().removeShutdownHook(probe);
        } catch (IllegalStateException e) {
            return true;
        }
    }

    private void closeAfter(CountDownLatch ended, Store store) {
        if (run.isPresent() && ended.getCount() > 0) {
            System.err.println();
            System.err.println("interrupted: what is finished is kept, the same command goes on with it");
        }
        if (!options.verbose()) {
            // Libraries that are taken down in the middle of something complain of it.
            Logger.getLogger("").setLevel(Level.OFF);
        }
        try {
            if (!ended.await(30, TimeUnit.SECONDS)) {
                System.err.println("basinlab: stopping took longer than 30 s; the store is closed all the same");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        store.close();
    }

    /** Where results wait for this store: one store's are of no use to another, which would refuse them. */
    static Path waitingResults(Path dataHome, Optional<String> database) {
        return dataHome.resolve(database.map(url -> url.split("\\?", 2)[0].getBytes(StandardCharsets.UTF_8))
                .map(address -> "waiting-results-" + Digests.of(address).substring(0, 16))
                .orElse("waiting-results"));
    }

    private void configure() {
        System.setProperty("quarkus.log.level", options.verbose() ? "INFO" : "WARN");
        if (options.verbose()) {
            System.setProperty("quarkus.log.console.format", "%d{yyyy-MM-dd HH:mm:ss} %-5p %c{1.} %s%e%n");
        }
        System.setProperty("quarkus.http.host-enabled", Boolean.toString(web.isPresent()));
        web.ifPresent(at -> {
            System.setProperty("quarkus.http.host", at.host());
            System.setProperty("quarkus.http.port", Integer.toString(at.port()));
        });
        if (options.database().isEmpty()) {
            System.setProperty(
                    "basinlab.upkeep.store-directory", options.dataHome().toString());
        }
        System.setProperty(
                "basinlab.worker.data-path",
                options.dataPlaces().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        System.setProperty(
                "basinlab.dispatch.buffer",
                waitingResults(options.dataHome(), options.database()).toString());
        if (store().isOwn()) {
            System.setProperty(
                    "basinlab.dispatch.store-folder", options.dataHome().toString());
        }
        System.setProperty("quarkus.datasource.jdbc.max-size", Integer.toString(2 * slots + 12));
    }
}

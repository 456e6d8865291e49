package org.basinlab.cli;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.util.Optional;
import javax.sql.DataSource;
import org.basinlab.dispatch.Slots;
import org.basinlab.worker.ThisMachine;

/** Serves until it is stopped. */
public final class ServeApplication implements QuarkusApplication {

    private static final long BETWEEN_LOOKS_MILLIS = 1_000;

    private final Slots slots;
    private final ThisMachine machine;
    private final DataSource database;

    ServeApplication(Slots slots, ThisMachine machine, DataSource database) {
        this.slots = slots;
        this.machine = machine;
        this.database = database;
    }

    @Override
    public int run(String... args) {
        if (Launch.isProcessEnding()) {
            return ExitCode.INTERRUPTED;
        }
        Launch launch = Launch.current();
        Launch.Web web = launch.web().orElseThrow();
        System.err.println("serving %s with %d slots; Ctrl-C stops".formatted(web.url(), launch.slots()));
        if (launch.slots() > 0) {
            slots.tellEnd(System.err::println);
            slots.start(machine.facts(launch.slots()), Optional.empty());
        }
        Thread evidence = new Thread(() -> Evidence.bring(database, System.err::println), "evidence");
        evidence.setDaemon(true);
        evidence.start();
        Thread watch = new Thread(this::stopWhenBroken, "watch-slots");
        watch.setDaemon(true);
        watch.start();
        Quarkus.waitForExit();
        if (launch.slots() == 0) {
            System.err.println("ended");
        }
        end(watch);
        Optional<String> broken = slots.broken();
        if (broken.isPresent()) {
            throw new UnusableException(broken.get());
        }
        return ExitCode.DONE;
    }

    /** What it asks is gone in a moment. */
    private static void end(Thread watch) {
        watch.interrupt();
        try {
            watch.join(BETWEEN_LOOKS_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A server whose slots cannot go on ends, so that whoever watches over it sees that. */
    private void stopWhenBroken() {
        try {
            while (slots.broken().isEmpty()) {
                Thread.sleep(BETWEEN_LOOKS_MILLIS);
            }
            Quarkus.asyncExit(ExitCode.ENVIRONMENT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

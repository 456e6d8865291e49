package org.basinlab.cli;

import io.quarkus.runtime.QuarkusApplication;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.basinlab.dispatch.Slots;
import org.basinlab.ledger.Fleet;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.WorkerFacts;
import org.basinlab.worker.ThisMachine;

/** Takes tasks until it is stopped, or nothing is left for it. */
public final class WorkerApplication implements QuarkusApplication {

    private static final long BETWEEN_LOOKS_MILLIS = 500;

    /** Nothing to do at two looks, not between a task and the next. */
    private static final int LOOKS_UNTIL_IDLE = 2;

    /** A slot that takes a task every moment says so now and then. */
    private static final int MOST_LINES_A_LOOK = 4;

    private final Slots slots;
    private final ThisMachine machine;
    private final Fleet fleet;
    private final PrintStream err = System.err;
    private final Map<Long, String> running = new HashMap<>();
    private final long began = System.nanoTime();

    WorkerApplication(Slots slots, ThisMachine machine, DataSource database) {
        this.slots = slots;
        this.machine = machine;
        this.fleet = new Fleet(database);
    }

    /** @param args whether it ends when nothing is left */
    @Override
    public int run(String... args) throws InterruptedException {
        if (Launch.isProcessEnding()) {
            return ExitCode.INTERRUPTED;
        }
        boolean untilIdle = Boolean.parseBoolean(args[0]);
        Launch launch = Launch.current();
        WorkerFacts facts = machine.facts(launch.slots());
        slots.tellEnd(err::println);
        slots.start(facts, Optional.empty());
        err.println("worker on %s (%s, process %d): %d %s, %s of heap, %s, version %s"
                .formatted(
                        facts.host(),
                        facts.device(),
                        facts.pid(),
                        facts.slots(),
                        facts.slots() == 1 ? "slot" : "slots",
                        Sizes.bytes(facts.memoryBytes()),
                        facts.environment().getOrDefault("engine", "no engine"),
                        facts.environment().getOrDefault("code", "unknown")));
        err.println("store %s; Ctrl-C or SIGTERM stops".formatted(Launch.store().shownUrl()));
        return takeTasks(untilIdle, facts);
    }

    private int takeTasks(boolean untilIdle, WorkerFacts facts) throws InterruptedException {
        int idle = 0;
        while (!Launch.isProcessEnding()) {
            tellChanges();
            Optional<String> broken = slots.broken();
            if (broken.isPresent()) {
                throw new UnusableException(broken.get());
            }
            idle = untilIdle && slots.isIdle() && !isWorkLeft(facts) ? idle + 1 : 0;
            if (idle >= LOOKS_UNTIL_IDLE) {
                err.println("nothing is left in the queue for this worker");
                slots.tellEnd(line -> {});
                slots.stop();
                return ExitCode.DONE;
            }
            Thread.sleep(BETWEEN_LOOKS_MILLIS);
        }
        slots.stop();
        return ExitCode.INTERRUPTED;
    }

    /** While the store does not answer nobody knows; the slots say when that is too long. */
    private boolean isWorkLeft(WorkerFacts facts) {
        try {
            return fleet.hasWorkFor(facts.device(), facts.memoryBytes());
        } catch (IllegalStateException e) {
            return true;
        }
    }

    private void tellChanges() {
        Map<Long, String> now = new HashMap<>();
        for (Slots.Running one : slots.running()) {
            Lease lease = one.lease();
            now.put(
                    lease.token(),
                    "%s %s"
                            .formatted(
                                    lease.taskId().toString().substring(0, 8),
                                    lease.spec().kind().label()));
        }
        List<String> begun = now.entrySet().stream()
                .filter(one -> !running.containsKey(one.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        begun.stream().limit(MOST_LINES_A_LOOK).forEach(task -> err.println("%s  runs %s".formatted(clock(), task)));
        if (begun.size() > MOST_LINES_A_LOOK) {
            err.println("%s  runs %d more".formatted(clock(), begun.size() - MOST_LINES_A_LOOK));
        }
        running.clear();
        running.putAll(now);
    }

    private String clock() {
        return Sizes.clock(Duration.ofNanos(System.nanoTime() - began));
    }
}

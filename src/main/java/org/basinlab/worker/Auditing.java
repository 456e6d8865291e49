package org.basinlab.worker;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.basinlab.ledger.Replays;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;
import org.basinlab.workflow.TaskOutcome;
import org.jboss.logging.Logger;

/**
 * Runs a random sample of a study's tasks again, by the code that workers run, and holds what comes out against what the store
 * has. Nothing is handed in and nothing is taken from earlier results.
 */
@ApplicationScoped
public class Auditing {

    private static final Logger LOG = Logger.getLogger(Auditing.class);

    private final Replays replays;
    private final LocalRunner runner;
    private final ThisMachine machine;

    Auditing(Replays replays, LocalRunner runner, ThisMachine machine) {
        this.replays = replays;
        this.runner = runner;
        this.machine = machine;
    }

    /**
     * One task that was run again.
     *
     * @param recorded by which the store knows what came out; empty network where it makes none
     * @param found the same of what came out now; absent where it failed
     * @param failure why it failed, which it did not when it was recorded
     * @param before what computed it then, as far as bytes depend on it
     * @param now the same of this machine
     */
    public record Compared(
            UUID task,
            String name,
            Replays.Result recorded,
            Optional<Replays.Result> found,
            Optional<String> failure,
            Map<String, String> before,
            Map<String, String> now) {

        public boolean isEqual() {
            return found.filter(recorded::equals).isPresent();
        }

        /** Whether equal bytes are promised. */
        public boolean isPromised() {
            return before.equals(now);
        }
    }

    /**
     * An audit of a study.
     *
     * @param tasks how many of its tasks were run and succeeded
     * @param withoutInputs how many of those cannot be run again, because the networks that they take are not stored
     */
    public record Audit(int tasks, int withoutInputs, List<Compared> compared) {
        public Audit {
            compared = List.copyOf(compared);
        }
    }

    /**
     * Runs the sample and records what it finds. A task that succeeded once and fails now is one that differs.
     *
     * @param fraction of the tasks that can be run again, in (0, 1], rounded up
     * @param seed from which the sample follows
     * @param threads how many tasks at a time
     * @throws org.basinlab.dispatch.DataUnavailableException if this machine and the store lack the data of a task
     */
    public Audit audit(UUID study, double fraction, long seed, int threads, Progress progress) {
        List<Replays.Task> all = replays.list(study);
        List<Replays.Task> able = all.stream().filter(Replays.Task::hasInputs).toList();
        int size = (int) Math.ceil(fraction * able.size());
        int[] order = Seeds.shuffled(able.size(), Seeds.generator(Seeds.derive(seed, "audit")));
        Map<String, String> environment = machine.facts(threads).environment();
        AtomicInteger done = new AtomicInteger();
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Compared>> running = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                Replays.Task task = able.get(order[i]);
                running.add(executor.submit(() -> {
                    Compared compared = compare(task, environment);
                    synchronized (progress) {
                        progress.at((double) done.incrementAndGet() / size);
                    }
                    return compared;
                }));
            }
            List<Compared> compared = new ArrayList<>();
            for (Future<Compared> one : running) {
                compared.add(get(one));
            }
            return new Audit(all.size(), all.size() - able.size(), compared);
        } finally {
            end(executor);
        }
    }

    /** What was begun comes to its end, so that nothing is written afterwards; what was not begun is left. */
    private static void end(ExecutorService executor) {
        executor.shutdownNow();
        try {
            while (!executor.awaitTermination(1, TimeUnit.MINUTES)) {
                LOG.info("an audit waits for the tasks that it began");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Compared get(Future<Compared> running) {
        try {
            return running.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("an audit was interrupted", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        }
    }

    private Compared compare(Replays.Task task, Map<String, String> environment) {
        var lease = replays.lease(task.id());
        TaskOutcome outcome = runner.replay(lease, Progress.UNWATCHED);
        Replays.Result recorded = replays.recorded(task.id());
        Map<String, String> now = Circumstances.of(lease.spec().kind(), environment);
        Optional<Replays.Result> found = outcome instanceof TaskOutcome.Succeeded succeeded
                ? Optional.of(replays.found(task.id(), succeeded))
                : Optional.empty();
        Optional<String> failure =
                outcome instanceof TaskOutcome.Rejected rejected ? Optional.of(rejected.reason()) : Optional.empty();
        replays.record(task.id(), recorded, found, now);
        return new Compared(
                task.id(),
                task.name(),
                recorded,
                found,
                failure,
                Circumstances.decisive(replays.environment(task.id())),
                Circumstances.decisive(now));
    }
}

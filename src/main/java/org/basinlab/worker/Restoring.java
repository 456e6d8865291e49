package org.basinlab.worker;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.ledger.CheckpointFacts;
import org.basinlab.ledger.CheckpointHealth;
import org.basinlab.ledger.CheckpointOrigin;
import org.basinlab.ledger.CheckpointStream;
import org.basinlab.ledger.Checkpoints;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.LineageMissingException;
import org.basinlab.ledger.Replays;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.Progress;
import org.basinlab.workflow.NewNetwork;
import org.basinlab.workflow.TaskOutcome;

/**
 * Computes checkpoints that are damaged or were given up again from their lineage, by the code that workers run: first those that they
 * are made of, where these are damaged or given up themselves. What comes out is stored only where it is what its SHA-256 names.
 */
@ApplicationScoped
public class Restoring {

    /** Who restores, for the audit: people do, by the command line. */
    private static final String ACTOR = "cli";

    private final DataSource database;
    private final Checkpoints checkpoints;
    private final CheckpointStream stream;
    private final CheckpointHealth health;
    private final Replays replays;
    private final LocalRunner runner;
    private final ThisMachine machine;

    Restoring(DataSource database, Checkpoints checkpoints, Replays replays, LocalRunner runner, ThisMachine machine) {
        this.database = database;
        this.checkpoints = checkpoints;
        this.stream = new CheckpointStream(database);
        this.health = new CheckpointHealth(database);
        this.replays = replays;
        this.runner = runner;
        this.machine = machine;
    }

    /** Told of each checkpoint before it is computed. */
    @FunctionalInterface
    public interface Watch {

        /**
         * Called before a checkpoint is computed.
         *
         * @param name of the task that is run for it
         * @param number from 1
         * @param of how many there are
         * @return who is told how far it is
         */
        Progress begins(String sha256, String name, int number, int of);
    }

    /**
     * One checkpoint that was computed again.
     *
     * @param name of the task that was run for it
     * @param found SHA-256 of what came out; absent where the task failed
     * @param failure why it failed, which it did not when it was recorded
     * @param before what computed it then, as far as bytes depend on it
     * @param now the same of this machine
     */
    public record Computed(
            String sha256,
            UUID task,
            String name,
            Optional<String> found,
            Optional<String> failure,
            Map<String, String> before,
            Map<String, String> now) {

        /** Whether it came out as it was, and so is stored again. */
        public boolean isEqual() {
            return found.filter(sha256::equals).isPresent();
        }
    }

    /**
     * Computes a checkpoint again.
     *
     * @return in the order in which they were computed, inputs first: all that were needed, or up to the first that came out otherwise;
     *     none where the checkpoint is whole
     * @throws LineageMissingException if the store knows no such checkpoint, or no task of it made it, or something that it is made
     *     of and that is damaged too; nothing has been computed then
     * @throws org.basinlab.dispatch.DataUnavailableException if this machine and the store lack the data of a task
     */
    public List<Computed> restore(String sha256, Watch watch) {
        Map<String, CheckpointOrigin> needed = new LinkedHashMap<>();
        plan(sha256, sha256, needed);
        Map<String, String> environment = machine.facts(1).environment();
        List<Computed> computed = new ArrayList<>();
        for (Map.Entry<String, CheckpointOrigin> one : needed.entrySet()) {
            CheckpointOrigin origin = one.getValue();
            Progress progress = watch.begins(one.getKey(), origin.name(), computed.size() + 1, needed.size());
            Computed result = compute(one.getKey(), origin, environment, progress);
            computed.add(result);
            if (!result.isEqual()) {
                break;
            }
        }
        return List.copyOf(computed);
    }

    /** What must be computed, each after what it is made of. */
    private void plan(String sha256, String wanted, Map<String, CheckpointOrigin> needed) {
        if (needed.containsKey(sha256) || isWhole(sha256)) {
            return;
        }
        CheckpointOrigin origin = CheckpointOrigin.find(database, sha256)
                .orElseThrow(() -> new LineageMissingException(
                        missing(sha256) + (sha256.equals(wanted) ? "" : "; %s is made of it".formatted(wanted))));
        Lease lease = replays.lease(origin.task());
        lease.inputs().forEach(input -> plan(input.sha256(), wanted, needed));
        lease.spec().start().ifPresent(start -> plan(start, wanted, needed));
        needed.put(sha256, origin);
    }

    /** What is said of a checkpoint without lineage. */
    public static String missing(String sha256) {
        return "checkpoint %s was brought in from elsewhere, no task of this store made it: bring it in again with `basinlab checkpoint import`"
                .formatted(sha256);
    }

    private boolean isWhole(String sha256) {
        CheckpointFacts facts = stream.find(sha256)
                .orElseThrow(() -> new LineageMissingException("no checkpoint has the SHA-256 " + sha256));
        return health.examine(facts).state() == CheckpointHealth.State.WHOLE;
    }

    private Computed compute(
            String sha256, CheckpointOrigin origin, Map<String, String> environment, Progress progress) {
        Lease lease = replays.lease(origin.task());
        TaskOutcome outcome = origin.step().isPresent()
                ? runner.replayTo(origin.step().getAsLong(), lease, progress)
                : runner.replay(lease, progress);
        Optional<byte[]> bytes = outcome instanceof TaskOutcome.Succeeded succeeded
                ? succeeded.network().map(NewNetwork::checkpoint)
                : Optional.empty();
        Optional<String> found = bytes.map(Digests::of);
        if (found.filter(sha256::equals).isPresent()) {
            checkpoints.restore(sha256, bytes.orElseThrow(), ACTOR);
        }
        return new Computed(
                sha256,
                origin.task(),
                origin.name(),
                found,
                outcome instanceof TaskOutcome.Rejected rejected ? Optional.of(rejected.reason()) : Optional.empty(),
                Circumstances.decisive(replays.environment(origin.task())),
                Circumstances.decisive(Circumstances.of(lease.spec().kind(), environment)));
    }
}

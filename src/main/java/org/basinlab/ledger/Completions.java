package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.basinlab.workflow.NewNetwork;
import org.basinlab.workflow.TaskOutcome;
import org.jboss.logging.Logger;

/**
 * The end of an attempt, in one transaction: checkpoint, network, lineage, metrics, outcomes of images, checks, verdicts, state,
 * dependants and study. So every metric has its network and every checkpoint its origin, always.
 */
@ApplicationScoped
public class Completions {

    private static final Logger LOG = Logger.getLogger(Completions.class);

    private final Rows.Tasks tasks;
    private final Rows.Queue queue;
    private final Rows.Attempts attempts;
    private final Rows.Networks networks;
    private final Rows.Parents parents;
    private final MetricWriter metrics;
    private final OutcomeWriter outcomes;
    private final VerdictWriter verdicts;
    private final Checkpoints checkpoints;
    private final Readiness readiness;
    private final Settlement settlement;
    private final DatabaseClock clock;

    Completions(
            Rows.Tasks tasks,
            Rows.Queue queue,
            Rows.Attempts attempts,
            Rows.Networks networks,
            Rows.Parents parents,
            MetricWriter metrics,
            OutcomeWriter outcomes,
            VerdictWriter verdicts,
            Checkpoints checkpoints,
            Readiness readiness,
            Settlement settlement,
            DatabaseClock clock) {
        this.tasks = tasks;
        this.queue = queue;
        this.attempts = attempts;
        this.networks = networks;
        this.parents = parents;
        this.metrics = metrics;
        this.outcomes = outcomes;
        this.verdicts = verdicts;
        this.checkpoints = checkpoints;
        this.readiness = readiness;
        this.settlement = settlement;
        this.clock = clock;
    }

    /**
     * Accepts the result of an attempt, unless a newer lease of its task exists.
     *
     * @return whether it was accepted; a refused result leaves no trace but a log line
     */
    @Transactional
    public boolean finish(Lease lease, TaskOutcome outcome) {
        Optional<QueueEntry> held = findNewest(lease);
        if (held.isEmpty()) {
            return false;
        }
        Instant now = clock.now();
        TaskRow task = tasks.get(lease.taskId());
        queue.delete(held.get());
        SortedSet<UUID> touched = new TreeSet<>(List.of(lease.studyId()));
        if (outcome instanceof TaskOutcome.Succeeded succeeded) {
            touched.addAll(succeed(lease, task, succeeded, now));
        } else if (outcome instanceof TaskOutcome.Concluded concluded) {
            conclude(lease, task, concluded, now);
        } else if (outcome instanceof TaskOutcome.Rejected rejected) {
            fail(task, lease, rejected.reason(), now);
        }
        queue.flush();
        touched.forEach(settlement::settleIfDone);
        FaultPoint.BEFORE_COMMIT.reached();
        return true;
    }

    /** The attempt broke in a way that may not come again: the task is ready once more after {@code delay}. */
    @Transactional
    public boolean retry(Lease lease, String reason, Duration delay) {
        Optional<QueueEntry> held = findHeld(lease);
        held.ifPresent(entry -> {
            Instant now = clock.now();
            attempts.getByToken(lease.token()).end(AttemptRow.End.FAILED, reason, now);
            entry.retryAfter(delay, now);
        });
        return held.isPresent();
    }

    /** The worker stops and gives the task back; nobody is charged for it. */
    @Transactional
    public boolean release(Lease lease) {
        Optional<QueueEntry> held = findHeld(lease);
        held.ifPresent(entry -> {
            attempts.getByToken(lease.token()).end(AttemptRow.End.RELEASED, null, clock.now());
            entry.release();
        });
        return held.isPresent();
    }

    /** What the task needs is not here yet: it is ready once more after {@code delay}, and nobody is charged for it. */
    @Transactional
    public boolean postpone(Lease lease, String reason, Duration delay) {
        Optional<QueueEntry> held = findHeld(lease);
        held.ifPresent(entry -> {
            Instant now = clock.now();
            attempts.getByToken(lease.token()).end(AttemptRow.End.RELEASED, reason, now);
            entry.postpone(delay, now);
        });
        return held.isPresent();
    }

    /** The token decides and not the deadline: while nobody else has taken the task, a late result is as good as any. */
    private Optional<QueueEntry> findNewest(Lease lease) {
        Optional<QueueEntry> newest = queue.findNewestLocked(lease);
        if (newest.isEmpty()) {
            LOG.infof("task %s: a result under the old token %d was refused", lease.taskId(), lease.token());
        }
        return newest;
    }

    private Optional<QueueEntry> findHeld(Lease lease) {
        return queue.findLocked(lease.taskId()).filter(entry -> entry.isHeldUnder(lease.token()));
    }

    private SortedSet<UUID> succeed(Lease lease, TaskRow task, TaskOutcome.Succeeded result, Instant now) {
        Optional<UUID> network = result.network().map(made -> keep(lease, made));
        Optional<UUID> subject = network.or(() -> Lease.measured(lease.spec(), lease.inputs()));
        networks.flush();
        metrics.write(task.id(), subject, result.measurements());
        outcomes.write(task.id(), subject, result.images(), result.checks());
        attempts.getByToken(lease.token()).end(AttemptRow.End.SUCCEEDED, null, now);
        task.succeed(subject, now);
        tasks.flush();
        return readiness.succeeded(task, now);
    }

    /** Nothing depends on a judge, and nothing is equal to it. */
    private void conclude(Lease lease, TaskRow task, TaskOutcome.Concluded result, Instant now) {
        verdicts.write(task.id(), result.conclusions());
        attempts.getByToken(lease.token()).end(AttemptRow.End.SUCCEEDED, null, now);
        task.succeed(Optional.empty(), now);
    }

    private void fail(TaskRow task, Lease lease, String reason, Instant now) {
        attempts.getByToken(lease.token()).end(AttemptRow.End.FAILED, reason, now);
        task.fail(reason, now);
        readiness.block(task.id(), "needs task %s, which failed: %s".formatted(task.id(), reason));
    }

    private UUID keep(Lease lease, NewNetwork made) {
        FaultPoint.BEFORE_CHECKPOINT.reached();
        String sha256 = checkpoints.store(made.checkpoint());
        NetworkRow row = new NetworkRow(
                UUID.randomUUID(),
                lease.taskId(),
                lease.spec().kind(),
                made.architecture(),
                sha256,
                lease.spec().start());
        networks.persist(row);
        List<NewNetwork.Parent> from = made.parents();
        if (from.size() != lease.inputs().size()) {
            throw new IllegalStateException("task %s took %d networks and names %d parents"
                    .formatted(lease.taskId(), lease.inputs().size(), from.size()));
        }
        for (int i = 0; i < from.size(); i++) {
            parents.persist(new ParentRow(row.id(), i, lease.inputs().get(i).network(), from.get(i)));
        }
        return row.id();
    }
}

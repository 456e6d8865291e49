package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.basinlab.workflow.NewNetwork;
import org.basinlab.workflow.TaskOutcome;
import org.jspecify.annotations.Nullable;

/** Writes the ends of attempts, several in one transaction and about as many statements as for one. */
@ApplicationScoped
class Endings {

    /** What was accepted before: the same message once more. */
    private static final String SAID = """
            SELECT a.token, concat_ws(': ', a.outcome, a.message)
              FROM ledger.attempt a
              JOIN ledger.task t ON t.id = a.task_id AND t.outcome IS NOT NULL
             WHERE a.token = ANY (?)
               AND a.outcome IN ('succeeded', 'failed')
            """;

    /** A result that comes after its worker was given up, before another took the task, ends a lost attempt once more. */
    private static final String END_ATTEMPTS = """
            UPDATE ledger.attempt a
               SET outcome = e.outcome, message = e.message, fault = e.fault, ended_at = ?
              FROM UNNEST(?::int8[], ?::text[], ?::text[], ?::text[]) AS e (token, outcome, message, fault)
             WHERE a.token = e.token
               AND (a.outcome IS NULL OR a.outcome = 'lost')
            """;

    private static final String END_TASKS = """
            WITH ending AS MATERIALIZED (
                SELECT * FROM UNNEST(?::uuid[], ?::text[], ?::text[], ?::uuid[]) AS e (id, outcome, reason, network)),
            gone AS (
                DELETE FROM ledger.task_queue
                 WHERE task_id IN (SELECT id FROM ending)
                RETURNING task_id)
            UPDATE ledger.task t
               SET outcome = e.outcome, reason = e.reason, network_id = e.network, finished_at = ?
              FROM gone g
              JOIN ending e ON e.id = g.task_id
             WHERE t.id = g.task_id
               AND t.outcome IS NULL
            RETURNING t.id, t.study_id, t.key, t.outcome
            """;

    private final Fencing fencing;
    private final Rows.Networks networks;
    private final Rows.Parents parents;
    private final MetricWriter metrics;
    private final OutcomeWriter outcomes;
    private final VerdictWriter verdicts;
    private final Checkpoints checkpoints;
    private final Readiness readiness;
    private final Settlement settlement;
    private final Signals signals;
    private final Statements statements;

    Endings(
            Fencing fencing,
            Rows.Networks networks,
            Rows.Parents parents,
            MetricWriter metrics,
            OutcomeWriter outcomes,
            VerdictWriter verdicts,
            Checkpoints checkpoints,
            Readiness readiness,
            Settlement settlement,
            Signals signals,
            Statements statements) {
        this.fencing = fencing;
        this.networks = networks;
        this.parents = parents;
        this.metrics = metrics;
        this.outcomes = outcomes;
        this.verdicts = verdicts;
        this.checkpoints = checkpoints;
        this.readiness = readiness;
        this.settlement = settlement;
        this.signals = signals;
        this.statements = statements;
    }

    /** Writes all of them or, where one cannot be written, none. */
    @Transactional
    Said end(List<Completions.Finished> all) {
        Fencing.Held hold =
                fencing.hold(all.stream().map(Completions.Finished::lease).toList());
        Set<Long> held = hold.tokens();
        Map<Long, Completions.Finished> accepted = new LinkedHashMap<>();
        all.stream()
                .filter(one -> held.contains(one.lease().token()))
                .forEach(one -> accepted.putIfAbsent(one.lease().token(), one));
        if (!accepted.isEmpty()) {
            write(accepted.values(), hold.at());
        }
        FaultPoint.BEFORE_COMMIT.reached();
        return new Said(held, held.size() == all.size() ? Map.of() : saidBefore(all));
    }

    private Map<Long, String> saidBefore(List<Completions.Finished> all) {
        Map<Long, String> before = new HashMap<>();
        statements.list(
                SAID,
                row -> before.put(row.getLong(1), row.getString(2)),
                Statements.column("int8", all, one -> one.lease().token()));
        return before;
    }

    private void write(Collection<Completions.Finished> accepted, Instant now) {
        List<Ending> endings = new ArrayList<>();
        for (Completions.Finished one : accepted) {
            endings.add(ending(one.lease(), one.outcome()));
        }
        networks.flush();
        measured(endings);
        endAttempts(endings, now);
        end(endings, now);
    }

    /** Ends tasks that are in the queue and held, and lets what depends on them follow. */
    void end(Collection<Ending> endings, Instant now) {
        SortedSet<UUID> touched = new TreeSet<>();
        endings.forEach(ending -> touched.add(ending.lease().studyId()));
        touched.addAll(readiness.succeeded(endTasks(endings, now), now));
        for (Ending ending : endings) {
            if (!ending.isSuccess()) {
                UUID task = ending.lease().taskId();
                readiness.block(task, "needs task %s, which failed: %s".formatted(task, ending.reason()));
            }
        }
        touched.forEach(settlement::settleIfDone);
        touched.forEach(signals::study);
    }

    private Ending ending(Lease lease, TaskOutcome outcome) {
        if (outcome instanceof TaskOutcome.Succeeded succeeded) {
            Optional<UUID> network = succeeded.network().map(made -> keep(lease, made));
            return new Ending(
                    lease, outcome, network.or(() -> measuredBy(lease)).orElse(null), null);
        }
        if (outcome instanceof TaskOutcome.Concluded concluded) {
            verdicts.write(lease.taskId(), concluded.conclusions());
            return new Ending(lease, outcome, null, null);
        }
        return new Ending(lease, outcome, null, ((TaskOutcome.Rejected) outcome).reason());
    }

    private static Optional<UUID> measuredBy(Lease lease) {
        if (lease.spec().kind().makesNetwork()) {
            throw new IllegalStateException("task %s must make a network, it made none".formatted(lease.taskId()));
        }
        return Lease.measured(lease.spec(), lease.inputs());
    }

    private void measured(List<Ending> endings) {
        List<MetricWriter.Placed> numbers = new ArrayList<>();
        for (Ending ending : endings) {
            if (ending.outcome() instanceof TaskOutcome.Succeeded result) {
                UUID task = ending.lease().taskId();
                result.measurements()
                        .forEach(number -> numbers.add(new MetricWriter.Placed(task, ending.network(), number)));
                outcomes.write(task, Optional.ofNullable(ending.network()), result.images(), result.checks());
            }
        }
        metrics.write(numbers);
    }

    private void endAttempts(List<Ending> endings, Instant now) {
        int ended = statements.change(
                END_ATTEMPTS,
                now,
                Statements.column("int8", endings, ending -> ending.lease().token()),
                Statements.column("text", endings, ending -> ending.isSuccess() ? "succeeded" : "failed"),
                Statements.column("text", endings, Ending::reason),
                Statements.column("text", endings, ending -> ending.isSuccess() ? null : "deterministic"));
        if (ended != endings.size()) {
            throw new IllegalStateException("%d attempts must be open, were %d".formatted(endings.size(), ended));
        }
    }

    private List<Readiness.Done> endTasks(Collection<Ending> endings, Instant now) {
        List<Readiness.Done> succeeded = new ArrayList<>();
        int ended = statements
                .list(
                        END_TASKS,
                        row -> row.getString(4).equals("SUCCEEDED")
                                && succeeded.add(new Readiness.Done(
                                        row.getObject(1, UUID.class),
                                        row.getObject(2, UUID.class),
                                        row.getString(3),
                                        true)),
                        Statements.column(
                                "uuid", endings, ending -> ending.lease().taskId()),
                        Statements.column("text", endings, ending -> ending.isSuccess() ? "SUCCEEDED" : "FAILED"),
                        Statements.column("text", endings, Ending::reason),
                        Statements.column("uuid", endings, Ending::network),
                        now)
                .size();
        if (ended != endings.size()) {
            throw new IllegalStateException(
                    "%d tasks must be open and in the queue, were %d".formatted(endings.size(), ended));
        }
        return succeeded;
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

    /**
     * What is to be written of one task.
     *
     * @param network that it made or measured
     * @param reason why it failed, where it did
     */
    record Ending(
            Lease lease,
            TaskOutcome outcome,
            @Nullable UUID network,
            @Nullable String reason) {
        Ending {
            reason = reason == null ? null : Setbacks.plain(reason);
        }

        boolean isSuccess() {
            return reason == null;
        }
    }

    /**
     * What became of messages.
     *
     * @param accepted tokens whose results were written
     * @param before by token, how attempts ended whose results had been written before, with the reason where they failed
     */
    record Said(Set<Long> accepted, Map<Long, String> before) {}
}

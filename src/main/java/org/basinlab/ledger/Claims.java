package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.workflow.TaskSpec;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Hands ready tasks to workers, each to one, and keeps the leases of those who are heard of. */
@ApplicationScoped
public class Claims {

    /**
     * Of the studies of highest priority the one in fewest hands, of these the oldest; of it the first task that this worker can
     * take, and more of its shape. SKIP LOCKED lets workers take different tasks without waiting for each other; all times are
     * the database's. What workers were lost with more than once is taken alone, so that it shows which task it is. What is asked of the
     * head stands in subqueries, not in a join: so the index gives the tasks in order, and not all of a study are sorted for a few.
     */
    private static final String CLAIM = """
            WITH mine AS MATERIALIZED (
                SELECT count(*) AS held, coalesce(bool_or(q.losses >= 2), false) AS alone
                  FROM ledger.task_queue q
                 WHERE q.worker_id = ? AND q.state = 'LEASED'),
            candidate AS MATERIALIZED (
                SELECT s.id, s.max_running
                  FROM ledger.study s
                 CROSS JOIN LATERAL (
                       SELECT count(DISTINCT r.batch) AS hands
                         FROM ledger.task_queue r
                        WHERE r.study_id = s.id AND r.state = 'LEASED') r
                 WHERE s.state IN ('QUEUED', 'RUNNING')
                   AND (CAST(? AS uuid) IS NULL OR s.id = CAST(? AS uuid))
                   AND EXISTS (SELECT FROM ledger.task_queue d WHERE d.study_id = s.id AND d.state = 'READY')
                   AND NOT (SELECT alone FROM mine)
                 ORDER BY s.priority + s.aged DESC, r.hands, s.created_at, s.id),
            head AS MATERIALIZED (
                SELECT q.task_id, q.study_id, q.shape, q.losses, room.tasks, nextval('ledger.lease_token') AS batch
                  FROM candidate s
                 CROSS JOIN LATERAL (SELECT ledger.room(s.id, s.max_running, CAST(? AS integer)) AS tasks OFFSET 0) room
                 CROSS JOIN LATERAL (
                       SELECT d.task_id, d.study_id, d.shape, d.losses
                         FROM ledger.task_queue d
                        WHERE d.study_id = s.id
                          AND d.state = 'READY'
                          AND d.run_at <= clock_timestamp()
                          AND d.device IN ('any', ?)
                          AND d.memory_bytes <= ?
                          AND (d.losses < 2 OR (SELECT held FROM mine) = 0)
                        ORDER BY d.priority DESC, d.ordinal
                        LIMIT 1
                          FOR UPDATE SKIP LOCKED) q
                 WHERE room.tasks >= 1
                 LIMIT 1),
            due AS (
                SELECT q.task_id, (SELECT batch FROM head) AS batch
                  FROM ledger.task_queue q
                 WHERE q.study_id = (SELECT study_id FROM head)
                   AND q.shape = (SELECT shape FROM head)
                   AND q.state = 'READY'
                   AND q.run_at <= clock_timestamp()
                   AND q.device IN ('any', ?)
                   AND q.memory_bytes <= ?
                   AND (q.task_id = (SELECT task_id FROM head) OR q.losses + (SELECT losses FROM head) = 0)
                 ORDER BY q.priority DESC, q.ordinal
                 LIMIT (SELECT least(?, coalesce(CAST(CAST(? AS jsonb) ->> shape AS integer), ?), tasks) FROM head)
                   FOR UPDATE OF q SKIP LOCKED),
            leased AS (
                UPDATE ledger.task_queue q
                   SET state = 'LEASED',
                       token = nextval('ledger.lease_token'),
                       batch = due.batch,
                       worker_id = ?,
                       lease_until = clock_timestamp() + make_interval(secs => ?),
                       ready_at = NULL,
                       progress = NULL,
                       progress_at = clock_timestamp()
                  FROM due
                 WHERE q.task_id = due.task_id
                RETURNING q.task_id, q.study_id, q.token, q.failures, q.shape),
            started AS (
                UPDATE ledger.study
                   SET state = 'RUNNING', started_at = clock_timestamp()
                 WHERE state = 'QUEUED'
                   AND id IN (SELECT study_id FROM leased)),
            tried AS (
                INSERT INTO ledger.attempt (task_id, number, generation, token, worker_id, environment)
                SELECT l.task_id,
                       1 + (SELECT count(*) FROM ledger.attempt a WHERE a.task_id = l.task_id),
                       k.generation,
                       l.token,
                       w.id,
                       w.environment || jsonb_build_object('numericVersion', CAST(? AS jsonb) -> k.kind)
                  FROM leased l
                  JOIN ledger.worker w ON w.id = ?
                  JOIN ledger.task k ON k.id = l.task_id
                RETURNING task_id, number)
            SELECT l.task_id, l.token, t.number, l.failures, l.study_id, s.name, CAST(k.parameters AS text), k.flops,
                   k.data_digest, l.shape
              FROM leased l
              JOIN tried t ON t.task_id = l.task_id
              JOIN ledger.task k ON k.id = l.task_id
              JOIN ledger.study s ON s.id = l.study_id
             ORDER BY k.ordinal
            """;

    private static final String INPUTS = """
            SELECT i.task_id, n.id, n.sha256
              FROM ledger.task_input i
              JOIN ledger.task t ON t.id = i.input_task_id
              JOIN ledger.network n ON n.id = t.network_id
             WHERE i.task_id = ANY (?)
             ORDER BY i.task_id, i.position
            """;

    /** Rows are held in one order, so that a heartbeat and a result never wait for each other. */
    private static final String EXTEND = """
            WITH held AS MATERIALIZED (
                SELECT q.task_id
                  FROM ledger.task_queue q
                 WHERE q.task_id IN (SELECT a.task_id FROM ledger.attempt a WHERE a.token = ANY (?))
                   AND q.state IN ('LEASED', 'READY')
                   AND q.token = ANY (?)
                 ORDER BY q.task_id
                   FOR UPDATE)
            UPDATE ledger.task_queue q
               SET state = 'LEASED',
                   worker_id = ?,
                   lease_until = clock_timestamp() + make_interval(secs => ?),
                   ready_at = NULL
              FROM held
             WHERE q.task_id = held.task_id
            RETURNING q.token
            """;

    /** JSON: the numeric version of each kind of task in this program. */
    private static final String VERSIONS = CanonicalJson.write(Arrays.stream(TaskSpec.Kind.values())
            .collect(Collectors.toMap(TaskSpec.Kind::label, TaskSpec.Kind::numericVersion)));

    private final Statements statements;
    private final Signals signals;
    private final Optional<Integer> mostRunning;

    /** @param mostRunning how many tasks may run at a time, of all studies and on all workers */
    Claims(
            Statements statements,
            Signals signals,
            @ConfigProperty(name = "basinlab.queue.max-running") Optional<Integer> mostRunning) {
        this.statements = statements;
        this.signals = signals;
        this.mostRunning = mostRunning;
    }

    /** Takes tasks of one shape and one study: of the study that is due most, in the order of its plan. */
    @Transactional
    public List<Lease> claim(ClaimRequest request) {
        String study = request.study().map(UUID::toString).orElse(null);
        List<Taken> taken = statements.list(
                CLAIM,
                Taken::of,
                request.worker(),
                study,
                study,
                mostRunning.orElse(null),
                request.device(),
                request.freeMemory(),
                request.device(),
                request.freeMemory(),
                request.most(),
                CanonicalJson.write(request.mostByShape().orElse(Map.of())),
                request.mostByShape().isPresent() ? 1 : request.most(),
                request.worker(),
                request.lease().toMillis() / 1000.0,
                VERSIONS,
                request.worker());
        taken.stream().findFirst().ifPresent(one -> signals.study(one.studyId()));
        Map<UUID, List<Lease.Input>> inputs =
                inputs(taken.stream().map(Taken::task).toList());
        return taken.stream()
                .map(one -> one.lease(inputs.getOrDefault(one.task(), List.of())))
                .toList();
    }

    List<Lease.Input> inputs(UUID task) {
        return inputs(List.of(task)).getOrDefault(task, List.of());
    }

    /** The networks that these tasks take, in order, as far as they are there; tasks without are absent. */
    Map<UUID, List<Lease.Input>> inputs(Collection<UUID> tasks) {
        Map<UUID, List<Lease.Input>> inputs = new HashMap<>();
        if (!tasks.isEmpty()) {
            statements.list(
                    INPUTS,
                    row -> inputs.computeIfAbsent(row.getObject(1, UUID.class), task -> new ArrayList<>())
                            .add(new Lease.Input(row.getObject(2, UUID.class), row.getString(3))),
                    Statements.uuids(tasks));
        }
        return inputs;
    }

    /**
     * Puts the deadlines of these leases off; one that ran out is taken up again while nobody else has the task.
     *
     * @return the tokens that still count
     */
    @Transactional
    public Set<Long> extend(UUID worker, Collection<Long> tokens, Duration lease) {
        if (tokens.isEmpty()) {
            return Set.of();
        }
        return Set.copyOf(statements.list(
                EXTEND,
                row -> row.getLong(1),
                Statements.numbers(tokens),
                Statements.numbers(tokens),
                worker,
                lease.toMillis() / 1000.0));
    }

    /** A row of a claim. */
    private record Taken(
            UUID task,
            long token,
            int attempt,
            int failures,
            UUID studyId,
            String study,
            String parameters,
            double flops,
            Optional<String> data,
            String shape) {

        static Taken of(ResultSet row) throws SQLException {
            return new Taken(
                    row.getObject(1, UUID.class),
                    row.getLong(2),
                    row.getInt(3),
                    row.getInt(4),
                    row.getObject(5, UUID.class),
                    row.getString(6),
                    row.getString(7),
                    row.getDouble(8),
                    Optional.ofNullable(row.getString(9)),
                    row.getString(10));
        }

        Lease lease(List<Lease.Input> inputs) {
            TaskSpec spec = CanonicalJson.read(parameters, TaskSpec.class);
            return new Lease(task, token, attempt, failures, studyId, study, spec, flops, data, inputs, shape);
        }
    }
}

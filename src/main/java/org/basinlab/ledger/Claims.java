package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.workflow.TaskSpec;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Hands ready tasks to workers, each to one, and keeps the leases of those who are heard of. */
@ApplicationScoped
public class Claims {

    /**
     * Of the studies of highest priority the one in fewest hands, of these the oldest; of it the first task that this worker can
     * take, and more of its shape. SKIP LOCKED lets workers take different tasks without waiting for each other; all times are
     * the database's. With what workers were lost twice without its getting further is taken alone until it does, so that it shows which
     * task it is; but not for ever: where no worker is empty it comes beside others. What is asked of the head stands in subqueries, not
     * in a join: so the index gives the tasks in order, and not all of a study are sorted for a few. A study needs few kinds of worker,
     * and skips from kind to kind find the first task of each that fits: what this worker cannot take costs nothing, however much it is.
     * What waits out a time is passed over within the index, without a look at its row: for that the time must be the same all through
     * the statement.
     */
    private static final String CLAIM = """
            WITH mine AS MATERIALIZED (
                SELECT count(*) AS held,
                       coalesce(bool_or(q.lost_in_a_row >= 2 AND coalesce(q.progress, 0) <= coalesce(q.lost_at, 0)), false) AS alone,
                       EXISTS (
                           SELECT
                             FROM ledger.numeric_version v
                            WHERE v.version > CAST(CAST(? AS jsonb) ->> v.kind AS integer)) AS outdated
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
                   AND NOT (SELECT alone OR outdated FROM mine)
                 ORDER BY s.priority + s.aged DESC, r.hands, s.created_at, s.id),
            head AS MATERIALIZED (
                SELECT q.task_id, q.study_id, q.shape, q.lost_in_a_row, room.tasks, nextval('ledger.lease_token') AS batch
                  FROM candidate s
                 CROSS JOIN LATERAL (SELECT ledger.room(s.id, s.max_running, CAST(? AS integer)) AS tasks OFFSET 0) room
                 CROSS JOIN LATERAL (
                       WITH RECURSIVE kind AS (
                           (SELECT d.device, d.memory_bytes
                              FROM ledger.task_queue d
                             WHERE d.study_id = s.id
                               AND d.state = 'READY'
                             ORDER BY d.device, d.memory_bytes
                             LIMIT 1)
                            UNION ALL
                           SELECT n.device, n.memory_bytes
                             FROM kind k
                            CROSS JOIN LATERAL (
                                  SELECT d.device, d.memory_bytes
                                    FROM ledger.task_queue d
                                   WHERE d.study_id = s.id
                                     AND d.state = 'READY'
                                     AND (d.device, d.memory_bytes) > (k.device, k.memory_bytes)
                                   ORDER BY d.device, d.memory_bytes
                                   LIMIT 1) n)
                       SELECT k.device, k.memory_bytes
                         FROM kind k
                        CROSS JOIN LATERAL (
                              SELECT d.priority, d.ordinal
                                FROM ledger.task_queue d
                               WHERE d.study_id = s.id
                                 AND d.state = 'READY'
                                 AND d.device = k.device
                                 AND d.memory_bytes = k.memory_bytes
                                 AND d.run_at <= statement_timestamp()
                                 AND (d.lost_in_a_row < 2 OR (SELECT held FROM mine) = 0 OR d.ready_at < %1$s)
                               ORDER BY d.priority DESC, d.ordinal
                               LIMIT 1) f
                        WHERE k.device IN ('any', ?)
                          AND k.memory_bytes <= ?
                        ORDER BY f.priority DESC, f.ordinal) kind
                 CROSS JOIN LATERAL (
                       SELECT d.task_id, d.study_id, d.shape, d.lost_in_a_row
                         FROM ledger.task_queue d
                        WHERE d.study_id = s.id
                          AND d.state = 'READY'
                          AND d.device = kind.device
                          AND d.memory_bytes = kind.memory_bytes
                          AND d.run_at <= statement_timestamp()
                          AND (d.lost_in_a_row < 2 OR (SELECT held FROM mine) = 0 OR d.ready_at < %1$s)
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
                   AND q.run_at <= statement_timestamp()
                   AND q.device IN ('any', ?)
                   AND q.memory_bytes <= ?
                   AND (q.task_id = (SELECT task_id FROM head) OR q.lost_in_a_row + (SELECT lost_in_a_row FROM head) = 0)
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
                RETURNING q.task_id, q.study_id, q.token, q.failures, q.shape, q.memory_bytes),
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
                   k.data_digest, l.shape, n.ids, n.digests, l.memory_bytes,
                   EXISTS (
                       SELECT
                         FROM candidate c
                        CROSS JOIN LATERAL (
                              SELECT
                                FROM ledger.task_queue r
                               WHERE r.study_id = c.id
                                 AND r.state = 'READY'
                                 AND r.run_at <= statement_timestamp()
                                 AND r.task_id NOT IN (SELECT task_id FROM leased)
                               LIMIT 1) r)
              FROM leased l
              JOIN tried t ON t.task_id = l.task_id
              JOIN ledger.task k ON k.id = l.task_id
              JOIN ledger.study s ON s.id = l.study_id
             CROSS JOIN LATERAL (
                   SELECT array_agg(n.id ORDER BY i.position) AS ids, array_agg(n.sha256 ORDER BY i.position) AS digests
                     FROM ledger.task_input i
                     JOIN ledger.task t ON t.id = i.input_task_id
                     JOIN ledger.network n ON n.id = t.network_id
                    WHERE i.task_id = l.task_id) n
             ORDER BY k.ordinal
            """.formatted("clock_timestamp() - interval '5 minutes'");

    private static final String INPUTS = """
            SELECT i.task_id, n.id, n.sha256
              FROM ledger.task_input i
              JOIN ledger.task t ON t.id = i.input_task_id
              JOIN ledger.network n ON n.id = t.network_id
             WHERE i.task_id = ANY (?)
             ORDER BY i.task_id, i.position
            """;

    /** JSON: the numeric version of each kind of task in this program. */
    private static final String VERSIONS = CanonicalJson.write(Fitness.OURS);

    private final Statements statements;
    private final Signals signals;
    private final Fitness fitness;
    private final Optional<Integer> mostRunning;

    /** @param mostRunning how many tasks may run at a time, of all studies and on all workers */
    Claims(
            Statements statements,
            Signals signals,
            Fitness fitness,
            @ConfigProperty(name = "basinlab.queue.max-running") Optional<Integer> mostRunning) {
        this.statements = statements;
        this.signals = signals;
        this.fitness = fitness;
        this.mostRunning = mostRunning;
    }

    /**
     * Takes tasks of one shape and one study: of the study that is due most, in the order of its plan.
     *
     * @throws WorkerRefusedException if the store has seen newer numerics than this program has, since it came
     */
    @Transactional
    public Claimed claim(ClaimRequest request) {
        String study = request.study().map(UUID::toString).orElse(null);
        List<Taken> taken = statements.list(
                CLAIM,
                Taken::of,
                VERSIONS,
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
        if (taken.isEmpty()) {
            fitness.requireNewest();
        }
        taken.stream().findFirst().ifPresent(one -> signals.study(one.studyId()));
        return new Claimed(
                taken.stream().map(Taken::lease).toList(),
                taken.stream().mapToLong(Taken::memoryBytes).max().orElse(0),
                taken.stream().anyMatch(Taken::more));
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
     * What a worker was given.
     *
     * @param memoryBytes what the largest of them needs; they run one after another
     * @param more whether more is ready, for somebody
     */
    public record Claimed(List<Lease> leases, long memoryBytes, boolean more) {}

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
            String shape,
            List<Lease.Input> inputs,
            long memoryBytes,
            boolean more) {

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
                    row.getString(10),
                    inputs(row.getArray(11), row.getArray(12)),
                    row.getLong(13),
                    row.getBoolean(14));
        }

        private static List<Lease.Input> inputs(@Nullable Array ids, @Nullable Array digests) throws SQLException {
            if (ids == null || digests == null) {
                return List.of();
            }
            UUID[] networks = (UUID[]) ids.getArray();
            String[] sha256 = (String[]) digests.getArray();
            return IntStream.range(0, networks.length)
                    .mapToObj(i -> new Lease.Input(networks[i], sha256[i]))
                    .toList();
        }

        Lease lease() {
            TaskSpec spec = CanonicalJson.read(parameters, TaskSpec.class);
            return new Lease(task, token, attempt, failures, studyId, study, spec, flops, data, inputs, shape);
        }
    }
}

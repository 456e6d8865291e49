package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.workflow.TaskSpec;

/** Hands ready tasks to workers, each to one, and keeps the leases of those who are heard of. */
@ApplicationScoped
public class Claims {

    /** SKIP LOCKED lets workers take different tasks without waiting for each other; all times are the database's. */
    private static final String CLAIM = """
            WITH due AS (
                SELECT q.task_id
                  FROM ledger.task_queue q
                  JOIN ledger.study s ON s.id = q.study_id
                 WHERE q.state = 'READY'
                   AND q.run_at <= clock_timestamp()
                   AND s.state IN ('QUEUED', 'RUNNING')
                   AND (CAST(:study AS uuid) IS NULL OR q.study_id = CAST(:study AS uuid))
                 ORDER BY q.priority DESC, q.queued_at, q.ordinal
                 LIMIT :most
                   FOR UPDATE OF q SKIP LOCKED),
            leased AS (
                UPDATE ledger.task_queue q
                   SET state = 'LEASED',
                       token = nextval('ledger.lease_token'),
                       worker_id = :worker,
                       lease_until = clock_timestamp() + make_interval(secs => :seconds)
                  FROM due
                 WHERE q.task_id = due.task_id
                RETURNING q.task_id, q.study_id, q.token, q.failures),
            started AS (
                UPDATE ledger.study
                   SET state = 'RUNNING', started_at = clock_timestamp()
                 WHERE state = 'QUEUED'
                   AND id IN (SELECT study_id FROM leased)),
            tried AS (
                INSERT INTO ledger.attempt (task_id, number, token, worker_id, environment)
                SELECT l.task_id,
                       1 + (SELECT count(*) FROM ledger.attempt a WHERE a.task_id = l.task_id),
                       l.token,
                       w.id,
                       w.environment || jsonb_build_object('numericVersion', CAST(:versions AS jsonb) -> k.kind)
                  FROM leased l
                  JOIN ledger.worker w ON w.id = :worker
                  JOIN ledger.task k ON k.id = l.task_id
                RETURNING task_id, number)
            SELECT l.task_id, l.token, t.number, l.failures, l.study_id, s.name, CAST(k.parameters AS text), k.flops, k.data_digest
              FROM leased l
              JOIN tried t ON t.task_id = l.task_id
              JOIN ledger.task k ON k.id = l.task_id
              JOIN ledger.study s ON s.id = l.study_id
             ORDER BY k.ordinal
            """;

    private static final String INPUTS = """
            SELECT n.id, n.sha256
              FROM ledger.task_input i
              JOIN ledger.task t ON t.id = i.input_task_id
              JOIN ledger.network n ON n.id = t.network_id
             WHERE i.task_id = :task
             ORDER BY i.position
            """;

    private static final String EXTEND = """
            UPDATE ledger.task_queue
               SET state = 'LEASED',
                   worker_id = :worker,
                   lease_until = clock_timestamp() + make_interval(secs => :seconds)
             WHERE state IN ('LEASED', 'READY')
               AND token IN (:tokens)
            RETURNING token
            """;

    /** JSON: the numeric version of each kind of task in this program. */
    private static final String VERSIONS = CanonicalJson.write(Arrays.stream(TaskSpec.Kind.values())
            .collect(Collectors.toMap(TaskSpec.Kind::label, TaskSpec.Kind::numericVersion)));

    private final EntityManager entities;

    Claims(EntityManager entities) {
        this.entities = entities;
    }

    /**
     * Takes up to {@code most} ready tasks, highest priority first, then the oldest study, then the plan's order.
     *
     * @param study only tasks of this study, where present
     */
    @Transactional
    public List<Lease> claim(UUID worker, int most, Duration lease, Optional<UUID> study) {
        List<Object[]> rows = rows(entities.createNativeQuery(CLAIM, Object[].class)
                .setParameter("study", study.map(UUID::toString).orElse(null))
                .setParameter("most", most)
                .setParameter("worker", worker)
                .setParameter("versions", VERSIONS)
                .setParameter("seconds", lease.toMillis() / 1000.0));
        List<Lease> leases = new ArrayList<>();
        for (Object[] row : rows) {
            UUID task = (UUID) row[0];
            leases.add(new Lease(
                    task,
                    ((Number) row[1]).longValue(),
                    ((Number) row[2]).intValue(),
                    ((Number) row[3]).intValue(),
                    (UUID) row[4],
                    (String) row[5],
                    CanonicalJson.read((String) row[6], TaskSpec.class),
                    ((Number) row[7]).doubleValue(),
                    Optional.ofNullable((String) row[8]),
                    inputs(task)));
        }
        return leases;
    }

    List<Lease.Input> inputs(UUID task) {
        return rows(entities.createNativeQuery(INPUTS, Object[].class).setParameter("task", task)).stream()
                .map(row -> new Lease.Input((UUID) row[0], (String) row[1]))
                .toList();
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
        List<?> held = entities.createNativeQuery(EXTEND, Long.class)
                .setParameter("seconds", lease.toMillis() / 1000.0)
                .setParameter("worker", worker)
                .setParameter("tokens", tokens)
                .getResultList();
        Set<Long> alive = new HashSet<>();
        held.forEach(token -> alive.add((Long) token));
        return alive;
    }

    @SuppressWarnings("unchecked") // a native query of several columns gives rows of objects
    private static List<Object[]> rows(jakarta.persistence.Query query) {
        return query.getResultList();
    }
}

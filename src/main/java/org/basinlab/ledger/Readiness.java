package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.basinlab.workflow.TaskKey;
import org.basinlab.workflow.TaskSpec;

/**
 * What follows when a task succeeds: its dependants learn of it, those whose last input this was get their key and become
 * ready, and those whose work was done before take that result at once, which lets theirs follow.
 */
@ApplicationScoped
class Readiness {

    private static final int TASKS_A_FLUSH = 50;

    /** An earlier result whose network, where it made one, can still be read. What came with a bundle was not seen to happen. */
    private static final String EARLIER = """
            SELECT t.id
              FROM ledger.task t
              LEFT JOIN ledger.network n ON n.id = t.network_id
              LEFT JOIN ledger.checkpoint c ON c.sha256 = n.sha256
              JOIN ledger.study s ON s.id = t.study_id AND s.bundle IS NULL
             WHERE t.key = :key
               AND t.outcome = 'SUCCEEDED'
               AND t.reused_from IS NULL
               AND (t.kind = 'evaluate' OR c.dropped_at IS NULL)
             LIMIT 1
            """;

    private static final String HOLD = """
            SELECT 1
              FROM ledger.network n
              JOIN ledger.checkpoint c ON c.sha256 = n.sha256
             WHERE n.id = :network
               AND c.dropped_at IS NULL
               FOR SHARE OF c
            """;

    private static final String EQUAL = """
            SELECT q.task_id
              FROM ledger.task t
              JOIN ledger.task_queue q ON q.task_id = t.id
             WHERE t.key = :key
               AND t.outcome IS NULL
               AND q.state = 'READY'
             ORDER BY q.task_id
               FOR UPDATE OF q SKIP LOCKED
            """;

    /** Everything that needs this task, near or far, and stands in the queue. */
    private static final String BLOCK = """
            WITH RECURSIVE stuck AS (
                SELECT i.task_id FROM ledger.task_input i WHERE i.input_task_id = :task
                 UNION
                SELECT i.task_id FROM stuck s JOIN ledger.task_input i ON i.input_task_id = s.task_id),
            out AS (
                DELETE FROM ledger.task_queue q USING stuck s WHERE q.task_id = s.task_id RETURNING q.task_id)
            UPDATE ledger.task t
               SET outcome = 'BLOCKED', reason = :reason, finished_at = clock_timestamp()
              FROM out
             WHERE t.id = out.task_id
            """;

    private final Rows.Tasks tasks;
    private final Rows.Queue queue;
    private final Claims claims;
    private final EntityManager entities;

    Readiness(Rows.Tasks tasks, Rows.Queue queue, Claims claims, EntityManager entities) {
        this.tasks = tasks;
        this.queue = queue;
        this.claims = claims;
        this.entities = entities;
    }

    /**
     * Tells the dependants of a task that has just succeeded.
     *
     * @return the studies in which something succeeded by that, in the one order in which they may be held
     */
    SortedSet<UUID> succeeded(TaskRow first, Instant now) {
        SortedSet<UUID> studies = new TreeSet<>();
        Deque<TaskRow> done = new ArrayDeque<>(List.of(first));
        for (int count = 1; !done.isEmpty(); count++) {
            TaskRow task = done.remove();
            studies.add(task.studyId());
            if (task.isOriginal()) {
                listEqual(task).forEach(equal -> {
                    reuse(equal, task, now);
                    done.add(equal);
                });
            }
            for (QueueEntry dependant : queue.listDependantsLocked(task.id())) {
                dependant.inputArrived();
                if (dependant.isReady()) {
                    reuseIfDone(dependant, now).ifPresent(done::add);
                }
            }
            if (count % TASKS_A_FLUSH == 0) {
                // What is dealt with needs no watching: every query would compare all of it again.
                entities.flush();
                entities.clear();
            }
        }
        return studies;
    }

    /** Names the work of a ready task; if it was done before, links that and takes the task out of the queue. */
    Optional<TaskRow> reuseIfDone(QueueEntry ready, Instant now) {
        TaskRow task = tasks.get(ready.taskId());
        List<String> inputs =
                claims.inputs(task.id()).stream().map(Lease.Input::sha256).toList();
        String key = TaskKey.of(task.spec(), inputs, task.dataDigest());
        task.name(key);
        Optional<TaskRow> earlier = findEarlier(key);
        earlier.ifPresent(done -> reuse(task, done, now));
        return earlier.map(done -> task);
    }

    private void reuse(TaskRow task, TaskRow done, Instant now) {
        boolean measures = task.spec().kind() == TaskSpec.Kind.EVALUATE;
        Optional<UUID> network = measures ? Lease.measured(task.spec(), claims.inputs(task.id())) : done.networkId();
        task.reuse(done.id(), network, now);
        queue.deleteById(task.id());
    }

    /** Takes everything that needs a failed task out of the queue. */
    void block(UUID failed, String reason) {
        entities.flush();
        entities.createNativeQuery(BLOCK)
                .setParameter("task", failed)
                .setParameter("reason", reason)
                .executeUpdate();
    }

    /** Tasks of the same key that are ready and in nobody's hands. */
    private List<TaskRow> listEqual(TaskRow done) {
        List<?> found = entities.createNativeQuery(EQUAL, UUID.class)
                .setParameter("key", done.key())
                .getResultList();
        return found.stream().map(id -> tasks.get((UUID) id)).toList();
    }

    private Optional<TaskRow> findEarlier(String key) {
        List<?> found = entities.createNativeQuery(EARLIER, UUID.class)
                .setParameter("key", key)
                .getResultList();
        return found.stream().findFirst().map(id -> tasks.get((UUID) id)).filter(this::holdsItsBytes);
    }

    /** Holds the bytes of a network against being given up until the end of the transaction; false if that came first. */
    private boolean holdsItsBytes(TaskRow earlier) {
        return !earlier.spec().kind().makesNetwork()
                || !entities.createNativeQuery(HOLD, Integer.class)
                        .setParameter("network", earlier.networkId().orElseThrow())
                        .getResultList()
                        .isEmpty();
    }
}

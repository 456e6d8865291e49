package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/** The networks along trainings, each stored as it comes. */
@ApplicationScoped
public class Snapshots {

    private static final Logger LOG = Logger.getLogger(Snapshots.class);

    /**
     * What stands there for the step, and whether the attempt that stored it must have given the same bytes: on a CPU, by the
     * same engine and kernel. Of GPUs nobody promises that.
     */
    private static final String FIND = """
            SELECT s.sha256,
                   coalesce(mine.environment ->> 'device' = 'cpu', false) AND
                   (theirs.environment - CAST(:apart AS text[])) IS NOT DISTINCT FROM
                   (mine.environment - CAST(:apart AS text[]))
              FROM ledger.snapshot s
              JOIN ledger.attempt theirs ON theirs.token = s.token
              JOIN ledger.attempt mine ON mine.token = :token
             WHERE s.task_id = :task
               AND s.step = :step
            """;

    /** Of an attempt's environment what does not change the bytes. */
    private static final String APART = "{code,java,os,cpu}";

    private static final String STORE = """
            INSERT INTO ledger.snapshot (task_id, step, sha256, token)
            VALUES (:task, :step, :sha256, :token)
            ON CONFLICT (task_id, step) DO NOTHING
            """;

    private static final String REPLACE = """
            UPDATE ledger.snapshot
               SET sha256 = :sha256, token = :token, created_at = clock_timestamp()
             WHERE task_id = :task
               AND step = :step
            """;

    private static final String NEEDED = """
            SELECT 1
             WHERE EXISTS (SELECT FROM ledger.network WHERE sha256 = :sha256)
                OR EXISTS (SELECT FROM ledger.snapshot WHERE sha256 = :sha256)
                OR EXISTS (SELECT FROM ledger.checkpoint WHERE sha256 = :sha256 AND imported_at IS NOT NULL)
                OR EXISTS (SELECT FROM ledger.task WHERE parameters #>> '{train,training,start}' = :sha256)
            """;

    private final Fencing fencing;
    private final Checkpoints checkpoints;
    private final EntityManager entities;

    Snapshots(Fencing fencing, Checkpoints checkpoints, EntityManager entities) {
        this.fencing = fencing;
        this.checkpoints = checkpoints;
        this.entities = entities;
    }

    /**
     * Keeps the network of this step with its bytes, in a transaction of its own. Nothing changes if an earlier attempt kept
     * the same. Other bytes of an attempt on another engine, BLAS kernel or device, or on a GPU, are replaced.
     *
     * @param step from 1
     * @return false if a newer lease of the task exists, or it is at its end; nothing has changed then
     * @throws DeterminismException if an attempt that computed as this one does kept other bytes
     */
    @Transactional(Transactional.TxType.REQUIRES_NEW)
    public boolean store(Lease lease, long step, byte[] checkpoint) {
        CompletableFuture<ChunkDigests> digests = ChunkDigests.begin(checkpoint);
        if (!fencing.holds(lease)) {
            return false;
        }
        String sha256 = checkpoints.store(checkpoint, digests.join());
        if (write(STORE, lease, step, sha256) == 0) {
            Object[] earlier = find(lease, step);
            String before = (String) earlier[0];
            if (!before.equals(sha256)) {
                requireElsewhere(lease, step, earlier, sha256);
                write(REPLACE, lease, step, sha256);
                checkpoints.drop(before, () -> !isNeeded(before));
            }
        }
        return true;
    }

    private static void requireElsewhere(Lease lease, long step, Object[] earlier, String sha256) {
        if ((Boolean) earlier[1]) {
            throw new DeterminismException(
                    "a training that is run again must give the same bytes, step %d of task %s gave %s and before %s"
                            .formatted(step, lease.taskId(), sha256, earlier[0]));
        }
        LOG.infof(
                "task %s: the network after step %d is replaced, it was computed by another engine or kernel, or on a GPU",
                lease.taskId(), step);
    }

    private Object[] find(Lease lease, long step) {
        return (Object[]) entities.createNativeQuery(FIND, Object[].class)
                .setParameter("apart", APART)
                .setParameter("token", lease.token())
                .setParameter("task", lease.taskId())
                .setParameter("step", step)
                .getSingleResult();
    }

    private int write(String statement, Lease lease, long step, String sha256) {
        return entities.createNativeQuery(statement)
                .setParameter("task", lease.taskId())
                .setParameter("step", step)
                .setParameter("sha256", sha256)
                .setParameter("token", lease.token())
                .executeUpdate();
    }

    private boolean isNeeded(String sha256) {
        return !entities.createNativeQuery(NEEDED, Integer.class)
                .setParameter("sha256", sha256)
                .getResultList()
                .isEmpty();
    }
}

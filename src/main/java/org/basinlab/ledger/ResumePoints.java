package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Where trainings that are under way can go on, one point a task. A point goes with its task's queue row, in the
 * transaction in which the task ends.
 */
@ApplicationScoped
public class ResumePoints {

    private static final String DELETE = """
            DELETE FROM ledger.resume_point
             WHERE task_id = :task
            """;

    private static final String INSERT = """
            INSERT INTO ledger.resume_point (task_id, token, step, bytes, chunks)
            VALUES (:task, :token, :step, :bytes, :chunks)
            """;

    private static final String FIND = """
            SELECT p.bytes, p.chunks
              FROM ledger.resume_point p
              JOIN ledger.attempt theirs ON theirs.token = p.token
              JOIN ledger.attempt mine ON mine.token = :token
             WHERE p.task_id = :task
               AND theirs.environment -> 'numericVersion' IS NOT DISTINCT FROM mine.environment -> 'numericVersion'
            """;

    /** Heartbeats pass over the row while it is held: whoever saves for long is as much alive as if they had been heard. */
    private static final String KEEP = """
            UPDATE ledger.task_queue
               SET lease_until = greatest(lease_until, clock_timestamp() + make_interval(secs => :lease))
             WHERE task_id = :task
               AND token = :token
               AND state = 'LEASED'
            """;

    private final Fencing fencing;
    private final EntityManager entities;
    private final ChunkTable chunks;

    private final Duration kept;

    /** @param kept how long a task stays with a worker that is not heard of */
    ResumePoints(
            Fencing fencing,
            EntityManager entities,
            DataSource database,
            @ConfigProperty(name = "basinlab.dispatch.lease", defaultValue = "30S") Duration kept) {
        this.fencing = fencing;
        this.entities = entities;
        this.kept = kept;
        this.chunks = new ChunkTable(database, "ledger.resume_chunk", "task_id");
    }

    /**
     * Puts this point in the place of the last one, in a transaction of its own, and puts the lease off.
     *
     * @param step how many are done
     * @return false if a newer lease of the task exists, or it is at its end; nothing has changed then
     */
    @Transactional(Transactional.TxType.REQUIRES_NEW)
    public boolean save(Lease lease, long step, byte[] bytes) {
        List<String> digests = ChunkDigests.ofChunks(bytes);
        // Held to the end, so that no other worker takes the task between the question and the answer.
        if (!fencing.holds(lease)) {
            return false;
        }
        entities.createNativeQuery(DELETE).setParameter("task", lease.taskId()).executeUpdate();
        entities.createNativeQuery(INSERT)
                .setParameter("task", lease.taskId())
                .setParameter("token", lease.token())
                .setParameter("step", step)
                .setParameter("bytes", bytes.length)
                .setParameter("chunks", digests.size())
                .executeUpdate();
        chunks.write(lease.taskId(), bytes, digests);
        entities.createNativeQuery(KEEP)
                .setParameter("lease", kept.toMillis() / 1000.0)
                .setParameter("task", lease.taskId())
                .setParameter("token", lease.token())
                .executeUpdate();
        return true;
    }

    /**
     * The point that this or an earlier attempt of the same numeric version left, verified.
     *
     * @throws CheckpointException if it is damaged
     */
    @Transactional(Transactional.TxType.REQUIRES_NEW)
    public Optional<byte[]> find(Lease lease) {
        List<?> found = entities.createNativeQuery(FIND, Object[].class)
                .setParameter("task", lease.taskId())
                .setParameter("token", lease.token())
                .getResultList();
        return found.stream().findFirst().map(row -> read(lease, (Object[]) row));
    }

    private byte[] read(Lease lease, Object[] row) {
        String name = "the resume point of task " + lease.taskId();
        List<ChunkTable.Chunk> parts = chunks.read(lease.taskId());
        parts.forEach(part -> part.requireIntact(name));
        byte[] bytes = ChunkTable.Chunk.join(parts);
        long length = ((Number) row[0]).longValue();
        int count = ((Number) row[1]).intValue();
        if (parts.size() != count || bytes.length != length) {
            throw new CheckpointException("%s must have %d bytes in %d chunks, the store holds %d in %d"
                    .formatted(name, length, count, bytes.length, parts.size()));
        }
        return bytes;
    }
}

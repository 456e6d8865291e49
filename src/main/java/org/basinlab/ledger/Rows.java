package org.basinlab.ledger;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The repositories of the ledger's tables: plain finding and keeping, without rules. */
final class Rows {

    private Rows() {}

    @ApplicationScoped
    static class Studies implements PanacheRepositoryBase<StudyRow, UUID> {

        /** Those that came with bundles are only read. */
        Optional<StudyRow> findNewest(String identity) {
            return find("identity = ?1 and bundle is null order by createdAt desc", identity)
                    .firstResultOptional();
        }

        /** Holds the study until the end of the transaction. */
        StudyRow getLocked(UUID id) {
            return findByIdOptional(id, LockModeType.PESSIMISTIC_WRITE)
                    .orElseThrow(() -> new IllegalStateException("study %s is gone".formatted(id)));
        }
    }

    @ApplicationScoped
    static class StudyVersions implements PanacheRepositoryBase<StudyVersionRow, StudyVersionRow.Key> {}

    @ApplicationScoped
    static class Workers implements PanacheRepositoryBase<WorkerRow, UUID> {

        List<WorkerRow> listAlive(String machine) {
            return list("machine = ?1 and stoppedAt is null", machine);
        }
    }

    @ApplicationScoped
    static class Tasks implements PanacheRepositoryBase<TaskRow, UUID> {

        TaskRow get(UUID id) {
            return findByIdOptional(id).orElseThrow(() -> new IllegalStateException("task %s is gone".formatted(id)));
        }
    }

    @ApplicationScoped
    static class Queue implements PanacheRepositoryBase<QueueEntry, UUID> {

        /** Holds the entry until the end of the transaction; empty when the task is at its end. */
        Optional<QueueEntry> findLocked(UUID taskId) {
            return findByIdOptional(taskId, LockModeType.PESSIMISTIC_WRITE);
        }

        /** The same, empty also when a newer lease of the task exists. */
        Optional<QueueEntry> findNewestLocked(Lease lease) {
            return findLocked(lease.taskId()).filter(entry -> entry.isNewest(lease.token()));
        }

        /** What waits for this task, held in one order by everybody, so that two finishing tasks do not block each other. */
        List<QueueEntry> listDependantsLocked(UUID taskId) {
            return find("""
                            from QueueEntry q
                            where q.taskId in (select i.taskId from TaskInputRow i where i.inputTaskId = ?1)
                            order by q.taskId
                            """, taskId).withLock(LockModeType.PESSIMISTIC_WRITE).list();
        }

        List<QueueEntry> listLeasedLocked(UUID workerId) {
            return find("workerId = ?1 order by taskId", workerId)
                    .withLock(LockModeType.PESSIMISTIC_WRITE)
                    .list();
        }

        /** Leases that have run out by the database's clock. */
        List<QueueEntry> listExpiredLocked(Instant now) {
            return find("state = LEASED and leaseUntil < ?1 order by taskId", now)
                    .withLock(LockModeType.PESSIMISTIC_WRITE)
                    .list();
        }
    }

    @ApplicationScoped
    static class Attempts implements PanacheRepositoryBase<AttemptRow, AttemptRow.Key> {

        AttemptRow getByToken(long token) {
            return find("token", token)
                    .singleResultOptional()
                    .orElseThrow(() -> new IllegalStateException("no attempt has token %d".formatted(token)));
        }
    }

    @ApplicationScoped
    static class Networks implements PanacheRepositoryBase<NetworkRow, UUID> {}

    @ApplicationScoped
    static class Parents implements PanacheRepositoryBase<ParentRow, ParentRow.Key> {}

    @ApplicationScoped
    static class CheckpointRows implements PanacheRepositoryBase<CheckpointRow, String> {}
}

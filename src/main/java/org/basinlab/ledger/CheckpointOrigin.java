package org.basinlab.ledger;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * The task that a checkpoint came out of.
 *
 * @param name what people know the task by: kind, arm, scheme, group
 * @param step of a training, after which the network was so; absent where the checkpoint is what the task made in the end
 */
public record CheckpointOrigin(UUID task, String name, OptionalLong step) {

    /** The task's own result before a network along it, what happened here before what a bundle tells of, the oldest first. */
    private static final String FIND = """
            SELECT t.id, %s AS name, o.step
              FROM (SELECT n.task_id, CAST(NULL AS bigint) AS step, n.created_at
                      FROM ledger.network n
                     WHERE n.sha256 = ?
                     UNION ALL
                    SELECT k.task_id, k.step, k.created_at
                      FROM ledger.snapshot k
                     WHERE k.sha256 = ?) o
              JOIN ledger.task t ON t.id = o.task_id
              JOIN ledger.study s ON s.id = t.study_id
             ORDER BY o.step NULLS FIRST, s.bundle IS NOT NULL, o.created_at, t.id
             LIMIT 1
            """.formatted(Replays.NAME);

    /** Works on any connection to the store; empty where no task of it made the checkpoint. */
    public static Optional<CheckpointOrigin> find(DataSource database, String sha256) {
        return new Query(database)
                .find(
                        FIND,
                        row -> new CheckpointOrigin(
                                Query.uuid(row, "id"), row.getString("name"), Query.optionalLong(row, "step")),
                        sha256,
                        sha256);
    }
}

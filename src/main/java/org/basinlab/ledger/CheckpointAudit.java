package org.basinlab.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What happened to the bytes of a checkpoint, in the audit: beside the task that made its network, where one did. */
final class CheckpointAudit {

    static final String DAMAGED = "checkpoint-damaged";
    static final String RESTORED = "checkpoint-restored";

    /** Noted as damaged once, and as it should be now. */
    static final String WHOLE = "checkpoint-whole";

    private static final String INSERT = """
            INSERT INTO ledger.audit (actor, action, study_id, task_id, detail)
            SELECT ?, ?, t.study_id, t.id,
                   jsonb_strip_nulls(jsonb_build_object('checkpoint', c.sha256, 'found', CAST(? AS text)))
              FROM ledger.checkpoint c
              LEFT JOIN LATERAL (
                   SELECT n.task_id
                     FROM ledger.network n
                    WHERE n.sha256 = c.sha256
                    ORDER BY n.created_at, n.id
                    LIMIT 1) n ON true
              LEFT JOIN ledger.task t ON t.id = n.task_id
             WHERE c.sha256 = ?
            """;

    private CheckpointAudit() {}

    /**
     * Part of the transaction of a connection that the caller holds.
     *
     * @param found what is wrong, where something is
     */
    static void write(Connection connection, String actor, String action, String sha256, @Nullable String found)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setString(1, actor);
            statement.setString(2, action);
            statement.setString(3, found);
            statement.setString(4, sha256);
            statement.executeUpdate();
        }
    }
}

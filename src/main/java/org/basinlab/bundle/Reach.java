package org.basinlab.bundle;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/**
 * Lays out, in tables of the transaction, what belongs to a study: its tasks; those of other studies whose results they took;
 * all networks of these with their ancestors, and the tasks that made them.
 */
final class Reach {

    /** A start is of the oldest network with its bytes, as in results.lineage. */
    private static final String NETWORKS = """
            CREATE TEMP TABLE bundle_network ON COMMIT DROP AS
            WITH RECURSIVE own AS (
                SELECT t.id, t.network_id, t.reused_from FROM ledger.task t WHERE t.study_id = '%s'),
            reached (id) AS (
                SELECT network_id FROM own WHERE network_id IS NOT NULL
                 UNION
                SELECT t.network_id
                  FROM own
                  JOIN ledger.task t ON t.id = own.reused_from
                 WHERE t.network_id IS NOT NULL
                 UNION
                SELECT from_.id
                  FROM reached r
                  JOIN ledger.network n ON n.id = r.id
                 CROSS JOIN LATERAL (
                       SELECT p.parent_id AS id FROM ledger.network_parent p WHERE p.network_id = n.id
                        UNION ALL
                       (SELECT m.id
                          FROM ledger.network m
                         WHERE m.sha256 = n.initialised_from AND m.created_at < n.created_at
                         ORDER BY m.created_at, m.id
                         LIMIT 1)) from_)
            SELECT id FROM reached
            """;

    private static final String TASKS = """
            CREATE TEMP TABLE bundle_task ON COMMIT DROP AS
            SELECT t.id, true AS own FROM ledger.task t WHERE t.study_id = '%1$s'
             UNION
            SELECT o.id, o.study_id = '%1$s'
              FROM ledger.task t
              JOIN ledger.task o ON o.id = t.reused_from
             WHERE t.study_id = '%1$s'
             UNION
            SELECT o.id, o.study_id = '%1$s'
              FROM ledger.network n
              JOIN bundle_network b ON b.id = n.id
              JOIN ledger.task o ON o.id = n.task_id
            """;

    /** What stands behind a median or a mean of distances is kept under the name of the mean. */
    private static final String CITED = """
            CREATE TEMP TABLE bundle_cited ON COMMIT DROP AS
            SELECT DISTINCT
                   regexp_replace(n ->> 'metric', '^(deepfool-l2|deepfool-linf)-median$|^(deepfool)-rho$', '\\1\\2') ||
                   CASE WHEN n ->> 'metric' ~ '^deepfool-(l2|linf)-median$' THEN '-mean'
                        WHEN n ->> 'metric' = 'deepfool-rho' THEN '-l2-mean'
                        ELSE '' END AS metric,
                   n ->> 'space' AS space,
                   CAST(n ->> 'at' AS numeric) AS at,
                   n ->> 'split' AS split
              FROM ledger.study_claim k
              JOIN ledger.claim c ON c.id = k.claim AND c.digest = k.digest
             CROSS JOIN LATERAL jsonb_array_elements(coalesce(c.definition #> '{specifications,0,needs}', '[]')) AS n
             WHERE k.study_id = '%s'
            """;

    private Reach() {}

    /** In a transaction that sees one state of the store. */
    static void layOut(Connection connection, UUID study) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(NETWORKS.formatted(study));
            statement.execute("CREATE UNIQUE INDEX ON bundle_network (id)");
            statement.execute(TASKS.formatted(study));
            statement.execute("CREATE UNIQUE INDEX ON bundle_task (id)");
            statement.execute(CITED.formatted(study));
            statement.execute("ANALYZE bundle_network");
            statement.execute("ANALYZE bundle_task");
        }
    }
}

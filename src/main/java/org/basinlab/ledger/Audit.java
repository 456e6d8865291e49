package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.recipe.CanonicalJson;

/** Writes down who or what steered, one row an act. */
@ApplicationScoped
class Audit {

    /** Whatever the queue does by itself. */
    static final String ENGINE = "engine";

    private static final String INSERT = """
            INSERT INTO ledger.audit (actor, action, study_id, task_id, token, detail)
            VALUES (?, ?, ?, ?, ?, CAST(? AS jsonb))
            """;

    private static final String REFUSED = """
            INSERT INTO ledger.audit (actor, action, study_id, task_id, token, detail)
            SELECT 'engine', 'result-refused', a.study_id, a.id, ?,
                   jsonb_build_object('worker', t.worker_id, 'newest', (
                       SELECT max(n.token) FROM ledger.attempt n WHERE n.task_id = a.id))
              FROM ledger.task a
              LEFT JOIN ledger.attempt t ON t.token = ?
             WHERE a.id = ?
            """;

    private final Statements statements;

    Audit(Statements statements) {
        this.statements = statements;
    }

    /** Part of the caller's transaction. */
    @Transactional(Transactional.TxType.MANDATORY)
    void write(
            String actor,
            String action,
            Optional<UUID> study,
            Optional<UUID> task,
            Optional<Long> token,
            Map<String, ?> detail) {
        statements.change(
                INSERT,
                actor,
                action,
                study.orElse(null),
                task.orElse(null),
                token.orElse(null),
                CanonicalJson.write(detail));
    }

    /** A result came under a token that counts no more; in a transaction of its own, so that it stays whatever the caller does. */
    @Transactional(Transactional.TxType.REQUIRES_NEW)
    void refused(Lease lease) {
        statements.change(REFUSED, lease.token(), lease.token(), lease.taskId());
    }
}

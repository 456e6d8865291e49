package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Whose word counts: the token decides and not the deadline. While nobody else has taken a task, a late result is as good as any.
 */
@ApplicationScoped
class Fencing {

    /** In one order by everybody, so that two who hold several tasks do not wait for each other. */
    private static final String HOLD = """
            SELECT q.token
              FROM ledger.task_queue q
             WHERE q.task_id = ANY (?)
               AND q.token = ANY (?)
             ORDER BY q.task_id
               FOR UPDATE
            """;

    private static final String HOLD_LEASED = """
            SELECT q.token
              FROM ledger.task_queue q
             WHERE q.task_id = ?
               AND q.token = ?
               AND q.state = 'LEASED'
               FOR UPDATE
            """;

    private final Statements statements;

    Fencing(Statements statements) {
        this.statements = statements;
    }

    /** The tokens that are the newest of their tasks; their queue rows are held until the end of the transaction. */
    Set<Long> hold(Collection<Lease> leases) {
        return Set.copyOf(statements.list(
                HOLD,
                row -> row.getLong(1),
                Statements.column("uuid", leases, Lease::taskId),
                Statements.column("int8", leases, Lease::token)));
    }

    /** The same of one lease. */
    boolean holds(Lease lease) {
        return !hold(List.of(lease)).isEmpty();
    }

    /** The same, false also where the lease has been taken back. */
    boolean holdsLeased(Lease lease) {
        return statements
                .find(HOLD_LEASED, row -> row.getLong(1), lease.taskId(), lease.token())
                .isPresent();
    }
}

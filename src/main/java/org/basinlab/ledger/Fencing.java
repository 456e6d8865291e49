package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whose word counts: the token decides and not the deadline. While nobody else has taken a task, a late result is as good as any.
 */
@ApplicationScoped
class Fencing {

    /** In one order by everybody, so that two who hold several tasks do not wait for each other. */
    private static final String HOLD = """
            SELECT q.token, clock_timestamp() AS at
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

    /** The leases that are the newest of their tasks; their queue rows are held until the end of the transaction. */
    Held hold(Collection<Lease> leases) {
        Set<Long> tokens = new HashSet<>();
        Instant[] at = {Instant.EPOCH};
        statements.list(
                HOLD,
                row -> {
                    at[0] = Query.instant(row, "at");
                    return tokens.add(row.getLong("token"));
                },
                Statements.column("uuid", leases, Lease::taskId),
                Statements.column("int8", leases, Lease::token));
        return new Held(Set.copyOf(tokens), at[0]);
    }

    /**
     * Leases whose word counts.
     *
     * @param at by the database's clock, when the last of them was held
     */
    record Held(Set<Long> tokens, Instant at) {}

    /** The same of one lease. */
    boolean holds(Lease lease) {
        return !hold(List.of(lease)).tokens().isEmpty();
    }

    /** The same, false also where the lease has been taken back. */
    boolean holdsLeased(Lease lease) {
        return statements
                .find(HOLD_LEASED, row -> row.getLong(1), lease.taskId(), lease.token())
                .isPresent();
    }
}

package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import javax.sql.DataSource;

/** What the store knows of leased tasks beyond what their leases say. */
@ApplicationScoped
public class LeaseFacts {

    private static final String TRIES = """
            SELECT count(*)
              FROM ledger.task t
              JOIN ledger.attempt a ON a.task_id = t.id AND a.generation = t.generation
             WHERE t.id = ?
            """;

    private final Query query;

    public LeaseFacts(DataSource database) {
        this.query = new Query(database);
    }

    /**
     * How often the task was taken since it was last tried anew as a whole, this time included; from 1.
     *
     * @throws IllegalStateException if the store does not answer
     */
    public long tries(Lease lease) {
        return Math.max(
                1, query.find(TRIES, row -> row.getLong(1), lease.taskId()).orElse(1L));
    }
}

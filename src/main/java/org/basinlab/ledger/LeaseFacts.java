package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/** What the store knows of leased tasks beyond what their leases say. */
@ApplicationScoped
public class LeaseFacts {

    private static final String MEMORY = """
            SELECT task_id, memory_bytes
              FROM ledger.task_queue
             WHERE task_id = ANY (?)
            """;

    private static final String TRIES = """
            SELECT t.id, count(*)
              FROM ledger.task t
              JOIN ledger.attempt a ON a.task_id = t.id AND a.generation = t.generation
             WHERE t.id = ANY (?)
             GROUP BY t.id
            """;

    private final DataSource database;

    public LeaseFacts(DataSource database) {
        this.database = database;
    }

    /**
     * By task, the bytes that it needs.
     *
     * @throws IllegalStateException if the store does not answer
     */
    public Map<UUID, Long> memory(Collection<Lease> leases) {
        return numbers(MEMORY, leases.stream().map(Lease::taskId).toArray());
    }

    /**
     * How often the task was taken since it was last tried anew as a whole, this time included; from 1.
     *
     * @throws IllegalStateException if the store does not answer
     */
    public long tries(Lease lease) {
        return numbers(TRIES, lease.taskId()).getOrDefault(lease.taskId(), 1L);
    }

    private Map<UUID, Long> numbers(String sql, Object... tasks) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("uuid", tasks));
            Map<UUID, Long> found = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getObject(1, UUID.class), rows.getLong(2));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException("the store cannot be read: " + e.getMessage(), e);
        }
    }
}

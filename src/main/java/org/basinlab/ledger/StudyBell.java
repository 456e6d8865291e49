package org.basinlab.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/** Wakes whoever shows studies when something in one changed: a connection of its own that listens. For one thread. */
public final class StudyBell implements AutoCloseable {

    private final Connection connection;

    private StudyBell(Connection connection) {
        this.connection = connection;
    }

    /** @throws IllegalStateException if the store does not answer */
    public static StudyBell listen(DataSource database) {
        try {
            Connection connection = database.getConnection();
            try (Statement statement = connection.createStatement()) {
                statement.execute("LISTEN " + Signals.STUDY);
                return new StudyBell(connection);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the store cannot be listened to: " + e.getMessage(), e);
        }
    }

    /**
     * Waits until something is told, or the time is up.
     *
     * @throws IllegalStateException if the store went away
     */
    public void await(Duration most) {
        try {
            connection.unwrap(PGConnection.class).getNotifications(Math.toIntExact(Math.max(1, most.toMillis())));
        } catch (SQLException e) {
            throw new IllegalStateException("the store is not heard any more: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try (Connection ended = connection;
                Statement statement = ended.createStatement()) {
            statement.execute("UNLISTEN *");
        } catch (SQLException e) {
            // A connection that is gone listens to nothing; the pool finds that out by itself.
            return;
        }
    }
}

package org.basinlab.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One connection outside the pool, used by one thread at a time. */
public final class ReservedConnection implements AutoCloseable {

    private final DataSource source;
    private @Nullable Connection connection;

    ReservedConnection(DataSource source) {
        this.source = source;
    }

    /**
     * Does this in one transaction, and commits it.
     *
     * @throws IllegalStateException if the store does not answer, or not in time; the connection is opened anew then
     */
    public synchronized <T> T call(Work<T> work) {
        Connection open = null;
        try {
            open = open();
            T result = work.on(open);
            open.commit();
            return result;
        } catch (SQLException e) {
            giveUp(open);
            throw new IllegalStateException("the store does not answer: " + e.getMessage(), e);
        }
    }

    private Connection open() throws SQLException {
        Connection open = connection;
        if (open == null || open.isClosed()) {
            open = source.getConnection();
            open.setAutoCommit(false);
            connection = open;
        }
        return open;
    }

    /** Kept while it can be gone on with: a store without free connections would not give another. */
    private void giveUp(@Nullable Connection open) {
        if (open == null) {
            return;
        }
        try {
            open.rollback();
        } catch (SQLException e) {
            close();
        }
    }

    @Override
    public synchronized void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                // It is broken, which is as closed as it gets.
                return;
            }
        }
    }

    /** What is done on the connection; it neither commits nor closes it. */
    @FunctionalInterface
    public interface Work<T> {
        T on(Connection connection) throws SQLException;
    }
}

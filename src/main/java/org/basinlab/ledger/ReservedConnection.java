package org.basinlab.ledger;

import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.stream.Stream;
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
     * Does this in one transaction, and commits it. Where a connection that was there turns out to be broken, once more on a new one;
     * so it is for what may come twice.
     *
     * @throws IllegalStateException if the store does not answer, or not in time
     */
    public synchronized <T> T call(Work<T> work) {
        boolean wasOpen = connection != null;
        try {
            return callOnce(work);
        } catch (IllegalStateException e) {
            if (!wasOpen || connection != null || hasTimedOut(e)) {
                throw e;
            }
            return callOnce(work);
        }
    }

    /**
     * The same without a second try.
     *
     * @throws IllegalStateException if the store does not answer, or not in time; the next call opens a new connection where this one broke
     */
    public synchronized <T> T callOnce(Work<T> work) {
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

    /** Whoever waited once for nothing does not wait again. */
    private static boolean hasTimedOut(Throwable fault) {
        return Stream.iterate(fault, Objects::nonNull, Throwable::getCause)
                .anyMatch(SocketTimeoutException.class::isInstance);
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

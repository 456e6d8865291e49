package org.basinlab.chaos;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Connections to the database that nobody uses. */
final class IdleConnections implements AutoCloseable {

    private final List<Connection> taken;

    private IdleConnections(List<Connection> taken) {
        this.taken = taken;
    }

    /** Takes as many as there are, at most so many. */
    static IdleConnections take(ChaosStore store, int most) {
        DataSource database = store.direct();
        List<Connection> taken = new ArrayList<>();
        try {
            while (taken.size() < most) {
                taken.add(database.getConnection());
            }
        } catch (SQLException e) {
            if (taken.isEmpty()) {
                throw new ChaosException("the database must give one connection: " + e.getMessage(), e);
            }
            // The database has no more: that is what was wanted.
        }
        return new IdleConnections(taken);
    }

    int count() {
        return taken.size();
    }

    /** One of them, to look through. */
    Connection any() {
        return taken.get(0);
    }

    @Override
    public void close() {
        for (Connection one : taken) {
            try {
                one.close();
            } catch (SQLException e) {
                throw new ChaosException("a connection cannot be closed: " + e.getMessage(), e);
            }
        }
    }
}

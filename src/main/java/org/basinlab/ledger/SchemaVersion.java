package org.basinlab.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Which migrations a store has had. */
public final class SchemaVersion {

    /** The newest migration of this program. */
    static final int NEWEST = 19;

    private static final String HISTORY = "SELECT to_regclass('flyway_schema_history') IS NOT NULL";

    private static final String FOUND = """
            SELECT coalesce(max(CAST(version AS integer)), 0)
              FROM flyway_schema_history
             WHERE success AND version ~ '^[0-9]+$'
            """;

    private SchemaVersion() {}

    /** Whether the store has every table that this program knows; a server makes them when it starts. */
    public static boolean isCurrent(DataSource database) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            return hasHistory(statement) && newest(statement) >= NEWEST;
        } catch (SQLException e) {
            throw new IllegalStateException("the store cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean hasHistory(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(HISTORY)) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static int newest(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(FOUND)) {
            row.next();
            return row.getInt(1);
        }
    }
}

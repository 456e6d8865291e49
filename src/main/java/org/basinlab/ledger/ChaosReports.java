package org.basinlab.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** What runs of faults found, kept in the store of whoever ran them. */
public final class ChaosReports {

    private static final String INSERT = """
            INSERT INTO ledger.chaos_report (id, seed, scenario, started_at, ended_at, passed, report)
            VALUES (?, ?, ?, ?, ?, ?, CAST(? AS jsonb))
            """;

    private ChaosReports() {}

    /**
     * One part of a run of faults, or the whole of it.
     *
     * @param report canonical JSON
     */
    public record Entry(
            long seed, String scenario, Instant startedAt, Instant endedAt, boolean passed, String report) {}

    /** Keeps all of them, or none. */
    public static void store(DataSource database, List<Entry> entries) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
                for (Entry entry : entries) {
                    statement.setObject(1, UUID.randomUUID());
                    statement.setLong(2, entry.seed());
                    statement.setString(3, entry.scenario());
                    statement.setObject(4, at(entry.startedAt()));
                    statement.setObject(5, at(entry.endedAt()));
                    statement.setBoolean(6, entry.passed());
                    statement.setString(7, entry.report());
                    statement.addBatch();
                }
                statement.executeBatch();
            }
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException("the report cannot be stored: " + e.getMessage(), e);
        }
    }

    private static OffsetDateTime at(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}

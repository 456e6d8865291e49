package org.basinlab.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Brings the bytes of networks that were made elsewhere into a store, on plain connections. No network refers to them. */
public final class CheckpointImport {

    private static final String READY = "SELECT to_regclass('ledger.checkpoint_chunk') IS NOT NULL";

    /** Whoever comes second waits for the first and then finds its row. */
    private static final String ADD = """
            INSERT INTO ledger.checkpoint (sha256, bytes, chunks, imported_at)
            VALUES (?, ?, ?, clock_timestamp())
                ON CONFLICT (sha256) DO NOTHING
            """;

    /**
     * Bytes that were given up or found damaged come back; what a bundle said of them without having them was never held against
     * them.
     */
    private static final String RESTORE = """
            UPDATE ledger.checkpoint
               SET bytes = ?, chunks = ?, dropped_at = NULL, damaged_at = NULL, damage = NULL, imported_at = clock_timestamp()
             WHERE sha256 = ? AND (dropped_at IS NOT NULL OR damaged_at IS NOT NULL)
            """;

    /** So that a study that gives up the same bytes leaves them. */
    private static final String MARK = """
            UPDATE ledger.checkpoint
               SET imported_at = clock_timestamp()
             WHERE sha256 = ?
            """;

    private final DataSource database;
    private final ChunkTable chunks;

    public CheckpointImport(DataSource database) {
        this.database = database;
        this.chunks = Checkpoints.chunks(database);
    }

    /** Whether the store has its tables; they are made at its first use by a server or a run. */
    public boolean isReady() {
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement(READY);
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        } catch (SQLException e) {
            throw new IllegalStateException("the store cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Keeps these bytes under their SHA-256, all of them or none; in the place of those that are noted as damaged.
     *
     * @return whether they were not there yet, or damaged
     */
    public boolean add(byte[] bytes) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                boolean added = add(connection, bytes);
                connection.commit();
                return added;
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the store cannot take the checkpoint: " + e.getMessage(), e);
        }
    }

    /** The same in the transaction of a connection that the caller holds. */
    public boolean add(Connection connection, byte[] bytes) throws SQLException {
        ChunkDigests digests = ChunkDigests.of(bytes);
        String sha256 = digests.whole();
        long length = bytes.length;
        int count = digests.chunks().size();
        if (update(connection, ADD, sha256, length, count) == 0) {
            if (update(connection, RESTORE, length, count, sha256) == 0) {
                update(connection, MARK, sha256);
                return false;
            }
            chunks.delete(connection, sha256);
        }
        chunks.write(connection, sha256, bytes, digests.chunks());
        return true;
    }

    private static int update(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
        }
    }
}

package org.basinlab.ledger;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.basinlab.recipe.Digests;
import org.postgresql.PGStatement;

/**
 * A table that holds files in chunks of at most 1 MiB with a digest each. Plain JDBC, because an entity a chunk costs
 * copies and text; part of the caller's transaction.
 */
final class ChunkTable {

    static final int CHUNK_BYTES = 1 << 20;

    /** In text, bytes would travel as hexadecimal digits: twice as many, and to be read one by one. */
    private static final int ALWAYS_BINARY = -1;

    private final DataSource database;
    private final String insert;
    private final String selectAll;
    private final String selectOne;
    private final String count;
    private final String delete;

    /**
     * @param table with the columns position, digest and content beside the key
     * @param key the column that names the file
     */
    ChunkTable(DataSource database, String table, String key) {
        this.database = database;
        this.insert = "INSERT INTO %s (%s, position, digest, content) VALUES (?, ?, ?, ?)".formatted(table, key);
        String select = "SELECT position, digest, content FROM %s WHERE %s = ?".formatted(table, key);
        this.selectAll = select + " ORDER BY position";
        this.selectOne = select + " AND position = ?";
        this.count = "SELECT count(*) FROM %s WHERE %s = ?".formatted(table, key);
        this.delete = "DELETE FROM %s WHERE %s = ?".formatted(table, key);
    }

    /** Writes all chunks of a file whose key has none yet. */
    void write(Object key, byte[] bytes, List<String> digests) {
        try (Connection connection = database.getConnection()) {
            write(connection, key, bytes, digests);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot store %d bytes: %s".formatted(bytes.length, e.getMessage()), e);
        }
    }

    /** The same in the transaction of a connection that the caller holds. */
    void write(Connection connection, Object key, byte[] bytes, List<String> digests) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            for (int position = 0; position < digests.size(); position++) {
                if (position > 0) {
                    FaultPoint.BETWEEN_CHUNKS.reached();
                }
                int from = position * CHUNK_BYTES;
                int length = Math.min(CHUNK_BYTES, bytes.length - from);
                statement.setObject(1, key);
                statement.setInt(2, position);
                statement.setString(3, digests.get(position));
                // As a stream the bytes go to the socket from where they are.
                statement.setBinaryStream(4, new ByteArrayInputStream(bytes, from, length), length);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /**
     * Writes the next bytes of a longer file, in the transaction of a connection that the caller holds.
     *
     * @param first position of the first chunk
     * @param bytes from their position to their limit; all are taken
     * @return the position behind the last chunk
     */
    int write(Connection connection, Object key, int first, ByteBuffer bytes) throws SQLException {
        int position = first;
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            while (bytes.hasRemaining()) {
                byte[] content = new byte[Math.min(CHUNK_BYTES, bytes.remaining())];
                bytes.get(content);
                statement.setObject(1, key);
                statement.setInt(2, position++);
                statement.setString(3, Digests.of(content));
                statement.setBinaryStream(4, new ByteArrayInputStream(content), content.length);
                statement.addBatch();
            }
            statement.executeBatch();
        }
        return position;
    }

    /** The chunks of a file in their order, as they stand there. */
    List<Chunk> read(Object key) {
        return query(selectAll, key);
    }

    Optional<Chunk> read(Object key, int position) {
        return query(selectOne, key, position).stream().findFirst();
    }

    /** The same on a connection that the caller holds, and so in its transaction. */
    Optional<Chunk> read(Connection connection, Object key, int position) {
        try {
            return query(connection, selectOne, key, position).stream().findFirst();
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    /** How many chunks a file has. */
    long count(Connection connection, Object key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(count)) {
            statement.setObject(1, key);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** The same on a connection of its own. */
    long count(Object key) {
        try (Connection connection = database.getConnection()) {
            return count(connection, key);
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    /** Takes out all chunks of a file, in the transaction of a connection that the caller holds. */
    void delete(Connection connection, Object key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(delete)) {
            statement.setObject(1, key);
            statement.executeUpdate();
        }
    }

    private List<Chunk> query(String select, Object... parameters) {
        try (Connection connection = database.getConnection()) {
            return query(connection, select, parameters);
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    private static IllegalStateException unreadable(SQLException fault) {
        return new IllegalStateException("the store cannot be read: " + fault.getMessage(), fault);
    }

    private static List<Chunk> query(Connection connection, String select, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.unwrap(PGStatement.class).setPrepareThreshold(ALWAYS_BINARY);
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            List<Chunk> chunks = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    chunks.add(new Chunk(rows.getInt(1), rows.getString(2), rows.getBytes(3)));
                }
            }
            return chunks;
        }
    }

    /** One chunk as it was read; nothing is verified. */
    @SuppressWarnings("ArrayRecordComponent") // one reader has it
    record Chunk(int position, String digest, byte[] content) {

        static byte[] join(List<Chunk> chunks) {
            byte[] bytes = new byte
                    [chunks.stream().mapToInt(chunk -> chunk.content.length).reduce(0, Math::addExact)];
            int at = 0;
            for (Chunk chunk : chunks) {
                System.arraycopy(chunk.content, 0, bytes, at, chunk.content.length);
                at += chunk.content.length;
            }
            return bytes;
        }

        /**
         * What is wrong, unless its bytes have its digest.
         *
         * @param file what it is a chunk of, for the message
         */
        Optional<String> fault(String file) {
            String found = Digests.of(content);
            return found.equals(digest)
                    ? Optional.empty()
                    : Optional.of("chunk %d of %s is damaged: its SHA-256 must be %s, was %s"
                            .formatted(position, file, digest, found));
        }

        /** @throws CheckpointException unless its bytes have its digest */
        void requireIntact(String file) {
            fault(file).ifPresent(fault -> {
                throw new CheckpointException(fault);
            });
        }
    }
}

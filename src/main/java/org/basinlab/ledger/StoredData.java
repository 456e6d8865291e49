package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.basinlab.recipe.KnownDataset;

/**
 * The records of data sets, by their digest, in pieces of at most 1 MiB with a digest each. Those of a data set come in one
 * transaction: whoever reads finds all of them or none.
 */
@ApplicationScoped
public class StoredData {

    /** What travels before somebody asks whether to go on. */
    private static final int BYTES_A_TURN = 8 * ChunkTable.CHUNK_BYTES;

    private static final String STORED = """
            SELECT 1
              FROM ledger.dataset
             WHERE digest = ? AND stored_at IS NOT NULL
            """;

    /** Official ones first; of two variants the one that came last. */
    private static final String NAMED = """
            SELECT digest
              FROM ledger.dataset
             WHERE name = ? AND stored_at IS NOT NULL
             ORDER BY official DESC, stored_at DESC
             LIMIT 1
            """;

    private static final String FACTS = """
            SELECT name, official, train_bytes, test_bytes, chunks
              FROM ledger.dataset
             WHERE digest = ? AND stored_at IS NOT NULL
            """;

    /** Not held against tasks that refer to it: a lock of its key would be. */
    private static final String HOLD = """
            SELECT digest
              FROM ledger.dataset
             WHERE digest = ? AND stored_at IS NULL
               FOR NO KEY UPDATE SKIP LOCKED
            """;

    private static final String CLEAR = "DELETE FROM ledger.dataset_chunk WHERE dataset = ?";

    private static final String MARK = """
            UPDATE ledger.dataset
               SET train_bytes = ?, test_bytes = ?, chunks = ?, stored_at = clock_timestamp()
             WHERE digest = ?
            """;

    private final DataSource database;
    private final Query query;
    private final ChunkTable chunks;

    StoredData(DataSource database) {
        this.database = database;
        this.query = new Query(database);
        this.chunks = new ChunkTable(database, "ledger.dataset_chunk", "dataset");
    }

    public boolean has(String digest) {
        return query.find(STORED, row -> row.getInt(1), digest).isPresent();
    }

    /** The digest of a data set of this name that is here, the official one where it is. */
    public Optional<String> find(KnownDataset name) {
        return query.find(NAMED, row -> row.getString("digest"), name.label());
    }

    /**
     * Keeps the records of a data set that the store knows by its facts, all of them or none, on a connection and in a
     * transaction of its own.
     *
     * @param train label and pixels of each training image, in order, from position to limit; must not change
     * @param test the same of the test images
     * @param stop asked every few pieces; if true, nothing is kept
     * @return false if they are there, somebody else is bringing them, or no study has named the data set
     * @throws CancellationException if it was stopped
     */
    public boolean store(String digest, ByteBuffer train, ByteBuffer test, BooleanSupplier stop) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                boolean added = isHeld(connection, digest) && write(connection, digest, train, test, stop);
                connection.commit();
                return added;
            } catch (Throwable e) {
                // Of errors too: what is left open here would be committed below.
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "the store cannot take the data set %s: %s".formatted(digest, e.getMessage()), e);
        }
    }

    private static boolean isHeld(Connection connection, String digest) throws SQLException {
        try (PreparedStatement hold = connection.prepareStatement(HOLD)) {
            hold.setString(1, digest);
            return hold.executeQuery().next();
        }
    }

    /** Whatever stands there belongs to nothing: the data set is not stored. */
    private static void clear(Connection connection, String digest) throws SQLException {
        try (PreparedStatement clear = connection.prepareStatement(CLEAR)) {
            clear.setString(1, digest);
            clear.executeUpdate();
        }
    }

    private boolean write(Connection connection, String digest, ByteBuffer train, ByteBuffer test, BooleanSupplier stop)
            throws SQLException {
        clear(connection, digest);
        int position = 0;
        for (ByteBuffer records : List.of(train.duplicate(), test.duplicate())) {
            int end = records.limit();
            while (records.position() < end) {
                if (stop.getAsBoolean()) {
                    throw new CancellationException("data set %s is not kept: it was stopped".formatted(digest));
                }
                records.limit(Math.min(end, records.position() + BYTES_A_TURN));
                position = chunks.write(connection, digest, position, records);
            }
        }
        try (PreparedStatement mark = connection.prepareStatement(MARK)) {
            mark.setLong(1, train.remaining());
            mark.setLong(2, test.remaining());
            mark.setInt(3, position);
            mark.setString(4, digest);
            mark.executeUpdate();
        }
        return true;
    }

    /**
     * The records, read piece by piece, each piece verified; whether they are together what the digest names is for the
     * caller to see, who has to go over them anyway.
     *
     * @throws CheckpointException if a piece is missing, damaged, or not where it belongs
     */
    public Optional<Records> read(String digest) {
        return query.find(
                        FACTS,
                        row -> new Facts(
                                row.getString("name"),
                                row.getBoolean("official"),
                                Math.toIntExact(row.getLong("train_bytes")),
                                Math.toIntExact(row.getLong("test_bytes")),
                                row.getInt("chunks")),
                        digest)
                .map(facts -> read(digest, facts));
    }

    private Records read(String digest, Facts facts) {
        byte[] train = new byte[facts.trainBytes()];
        byte[] test = new byte[facts.testBytes()];
        int position = fill(digest, 0, train);
        position = fill(digest, position, test);
        if (position != facts.chunks()) {
            throw new CheckpointException(
                    "data set %s must have %d chunks, %d hold it".formatted(digest, facts.chunks(), position));
        }
        KnownDataset name = KnownDataset.find(facts.name())
                .orElseThrow(() -> new IllegalStateException("no data set is called " + facts.name()));
        return new Records(name, facts.official(), train, test);
    }

    /** Returns the position behind the last chunk of this split. */
    private int fill(String digest, int first, byte[] records) {
        int position = first;
        int at = 0;
        while (at < records.length) {
            int wanted = position;
            ChunkTable.Chunk chunk = chunks.read(digest, position)
                    .orElseThrow(() ->
                            new CheckpointException("chunk %d of data set %s is missing".formatted(wanted, digest)));
            chunk.requireIntact("data set " + digest);
            byte[] content = chunk.content();
            if (content.length > records.length - at) {
                throw new CheckpointException("chunk %d of data set %s must have at most %d bytes, has %d"
                        .formatted(position, digest, records.length - at, content.length));
            }
            System.arraycopy(content, 0, records, at, content.length);
            at += content.length;
            position++;
        }
        return position;
    }

    private record Facts(String name, boolean official, int trainBytes, int testBytes, int chunks) {}

    /**
     * The records of a data set.
     *
     * @param official whether the digest is one that is known for this name
     * @param train label and pixels of each training image, in order; handed over
     * @param test the same of the test images
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not shared
    public record Records(KnownDataset name, boolean official, byte[] train, byte[] test) {}
}

package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.basinlab.recipe.Digests;

/**
 * The bytes of networks, by their SHA-256: stored once, in pieces of at most 1 MiB with a digest each, and verified
 * whenever they are read.
 */
@ApplicationScoped
public class Checkpoints {

    /** Waits for whoever is storing the same bytes at this moment. */
    private static final String NAME = """
            INSERT INTO ledger.checkpoint (sha256, bytes, chunks)
            VALUES (:sha256, :bytes, :chunks)
            ON CONFLICT (sha256) DO NOTHING
            """;

    private static final String HOLD = """
            SELECT sha256
              FROM ledger.checkpoint
             WHERE sha256 = :sha256
               AND dropped_at IS NULL
               FOR SHARE
            """;

    private final Rows.CheckpointRows checkpoints;
    private final ChunkTable chunks;
    private final CheckpointStream stream;
    private final CheckpointHealth health;
    private final DataSource database;
    private final EntityManager entities;
    private final DatabaseClock clock;

    Checkpoints(Rows.CheckpointRows checkpoints, DataSource database, EntityManager entities, DatabaseClock clock) {
        this.checkpoints = checkpoints;
        this.chunks = chunks(database);
        this.stream = new CheckpointStream(database);
        this.health = new CheckpointHealth(database);
        this.database = database;
        this.entities = entities;
        this.clock = clock;
    }

    static ChunkTable chunks(DataSource database) {
        return new ChunkTable(database, "ledger.checkpoint_chunk", "sha256");
    }

    /**
     * Keeps these bytes, unless they are there already and not noted as damaged; returns their SHA-256. Part of the caller's
     * transaction.
     */
    @Transactional(Transactional.TxType.MANDATORY)
    String store(byte[] bytes) {
        return store(bytes, ChunkDigests.of(bytes));
    }

    /** The same for a caller that has taken the digests of these bytes already. */
    @Transactional(Transactional.TxType.MANDATORY)
    String store(byte[] bytes, ChunkDigests digests) {
        String sha256 = digests.whole();
        boolean isNew = entities.createNativeQuery(NAME)
                        .setParameter("sha256", sha256)
                        .setParameter("bytes", bytes.length)
                        .setParameter("chunks", digests.chunks().size())
                        .executeUpdate()
                == 1;
        if (!isNew) {
            // Held until the transaction ends, so that nobody gives up what this task counts on.
            CheckpointRow known = checkpoints.findById(sha256, LockModeType.PESSIMISTIC_WRITE);
            if (!known.isDropped() && !known.isDamaged()) {
                return sha256;
            }
            if (known.isDamaged()) {
                audit(Audit.ENGINE, sha256);
            }
            known.restore(bytes.length, digests.chunks().size());
            removeChunks(sha256);
        }
        chunks.write(sha256, bytes, digests.chunks());
        return sha256;
    }

    /**
     * Puts the bytes of a checkpoint, computed again, in the place of what stands there.
     *
     * @param actor for the audit
     * @throws IllegalArgumentException if these are other bytes; nothing has changed then
     */
    @Transactional
    public void restore(String sha256, byte[] bytes, String actor) {
        ChunkDigests digests = ChunkDigests.of(bytes);
        if (!digests.whole().equals(sha256)) {
            throw new IllegalArgumentException(
                    "checkpoint %s must be restored from its own bytes, these have the SHA-256 %s"
                            .formatted(sha256, digests.whole()));
        }
        CheckpointRow known = checkpoints.findById(sha256, LockModeType.PESSIMISTIC_WRITE);
        if (known == null) {
            throw new IllegalArgumentException("no checkpoint has the SHA-256 " + sha256);
        }
        known.restore(bytes.length, digests.chunks().size());
        removeChunks(sha256);
        chunks.write(sha256, bytes, digests.chunks());
        audit(actor, sha256);
    }

    private void removeChunks(String sha256) {
        inTransaction(connection -> chunks.delete(connection, sha256));
    }

    private void audit(String actor, String sha256) {
        inTransaction(connection -> CheckpointAudit.write(connection, actor, CheckpointAudit.RESTORED, sha256, null));
    }

    private void inTransaction(Change change) {
        // The same connection for all who ask within one transaction.
        try (Connection connection = database.getConnection()) {
            change.make(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("the store refused a statement: " + e.getMessage(), e);
        }
    }

    /**
     * The bytes, verified.
     *
     * @throws CheckpointException if there are none of that digest, they were given up, or what is stored is damaged, which the
     *     store is told
     */
    @Transactional(Transactional.TxType.NOT_SUPPORTED)
    public byte[] read(String sha256) {
        CheckpointFacts facts = stream.find(sha256)
                .orElseThrow(() -> new CheckpointException("no checkpoint has the SHA-256 " + sha256));
        if (facts.dropped()) {
            throw new CheckpointException(
                    "checkpoint %s was given up when its study ended (keep: leaves)".formatted(sha256));
        }
        List<ChunkTable.Chunk> parts = parts(sha256);
        byte[] bytes = ChunkTable.Chunk.join(parts);
        fault(facts, parts, bytes).ifPresent(found -> {
            throw damaged(sha256, found);
        });
        return bytes;
    }

    private List<ChunkTable.Chunk> parts(String sha256) {
        try {
            return chunks.read(sha256);
        } catch (IllegalStateException e) {
            throw CheckpointCheck.pageFault(sha256, e)
                    .<RuntimeException>map(found -> damaged(sha256, found))
                    .orElse(e);
        }
    }

    private CheckpointException damaged(String sha256, String found) {
        return health.note(CheckpointException.damaged(sha256, found));
    }

    /** The whole and its chunks are digested side by side. */
    private static Optional<String> fault(CheckpointFacts facts, List<ChunkTable.Chunk> parts, byte[] bytes) {
        String sha256 = facts.sha256();
        CompletableFuture<String> whole = CompletableFuture.supplyAsync(() -> Digests.of(bytes));
        return new CheckpointCheck(sha256)
                .countFault(facts.chunks(), parts.size())
                .or(() -> parts.stream()
                        .flatMap(part -> part.fault("checkpoint " + sha256).stream())
                        .findFirst())
                .or(() -> CheckpointCheck.wholeFault(sha256, facts.bytes(), whole.join(), bytes.length));
    }

    /** Whether the bytes are there; if they are, nobody gives them up until the caller's transaction ends. */
    @Transactional(Transactional.TxType.MANDATORY)
    boolean hold(String sha256) {
        return !entities.createNativeQuery(HOLD, String.class)
                .setParameter("sha256", sha256)
                .getResultList()
                .isEmpty();
    }

    /**
     * Gives up the bytes; digest and lineage stay.
     *
     * @param expendable asked once nobody else can take the bytes into use any more
     */
    @Transactional(Transactional.TxType.MANDATORY)
    void drop(String sha256, BooleanSupplier expendable) {
        CheckpointRow row = checkpoints.findById(sha256, LockModeType.PESSIMISTIC_WRITE);
        if (row != null && !row.isDropped() && expendable.getAsBoolean()) {
            removeChunks(sha256);
            row.drop(clock.now());
        }
    }

    /** What is done on the connection of the caller's transaction. */
    @FunctionalInterface
    private interface Change {
        void make(Connection connection) throws SQLException;
    }
}

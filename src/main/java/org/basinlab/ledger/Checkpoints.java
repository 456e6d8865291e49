package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.util.List;
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

    private static final String GIVE_UP = """
            DELETE FROM ledger.checkpoint_chunk
             WHERE sha256 = :sha256
            """;

    private final Rows.CheckpointRows checkpoints;
    private final ChunkTable chunks;
    private final CheckpointStream stream;
    private final EntityManager entities;
    private final DatabaseClock clock;

    Checkpoints(Rows.CheckpointRows checkpoints, DataSource database, EntityManager entities, DatabaseClock clock) {
        this.checkpoints = checkpoints;
        this.chunks = chunks(database);
        this.stream = new CheckpointStream(database);
        this.entities = entities;
        this.clock = clock;
    }

    static ChunkTable chunks(DataSource database) {
        return new ChunkTable(database, "ledger.checkpoint_chunk", "sha256");
    }

    /** Keeps these bytes, unless they are there already; returns their SHA-256. Part of the caller's transaction. */
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
            if (!known.isDropped()) {
                return sha256;
            }
            known.restore(bytes.length, digests.chunks().size());
        }
        chunks.write(sha256, bytes, digests.chunks());
        return sha256;
    }

    /**
     * The bytes, verified.
     *
     * @throws CheckpointException if there are none of that digest, they were given up, or what is stored is damaged
     */
    @Transactional(Transactional.TxType.NOT_SUPPORTED)
    public byte[] read(String sha256) {
        CheckpointFacts facts = stream.find(sha256)
                .orElseThrow(() -> new CheckpointException("no checkpoint has the SHA-256 " + sha256));
        if (facts.dropped()) {
            throw new CheckpointException(
                    "checkpoint %s was given up when its study ended (keep: leaves)".formatted(sha256));
        }
        List<ChunkTable.Chunk> parts = chunks.read(sha256);
        new CheckpointCheck(sha256).requireCount(facts.chunks(), parts.size());
        byte[] bytes = ChunkTable.Chunk.join(parts);
        CompletableFuture<String> whole = CompletableFuture.supplyAsync(() -> Digests.of(bytes));
        parts.forEach(part -> part.requireIntact("checkpoint " + sha256));
        CheckpointCheck.requireWhole(sha256, facts.bytes(), whole.join(), bytes.length);
        return bytes;
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
            entities.createNativeQuery(GIVE_UP).setParameter("sha256", sha256).executeUpdate();
            row.drop(clock.now());
        }
    }
}

package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.basinlab.recipe.Digests;

/**
 * The bytes of networks, by their SHA-256: stored once, in pieces of at most 1 MiB with a digest each, and verified
 * whenever they are read.
 */
@ApplicationScoped
public class Checkpoints {

    static final int CHUNK_BYTES = 1 << 20;

    private final Rows.CheckpointRows checkpoints;
    private final Rows.Chunks chunks;
    private final DatabaseClock clock;

    Checkpoints(Rows.CheckpointRows checkpoints, Rows.Chunks chunks, DatabaseClock clock) {
        this.checkpoints = checkpoints;
        this.chunks = chunks;
        this.clock = clock;
    }

    /** Keeps these bytes, unless they are there already; returns their SHA-256. Part of the caller's transaction. */
    @Transactional(Transactional.TxType.MANDATORY)
    String store(byte[] bytes) {
        String sha256 = Digests.of(bytes);
        int count = (bytes.length + CHUNK_BYTES - 1) / CHUNK_BYTES;
        // Held until the transaction ends, so that nobody gives up what this task counts on.
        CheckpointRow known = checkpoints.findById(sha256, LockModeType.PESSIMISTIC_WRITE);
        if (known != null && !known.isDropped()) {
            return sha256;
        }
        if (known == null) {
            checkpoints.persist(new CheckpointRow(sha256, bytes.length, count));
        } else {
            known.restore();
        }
        for (int position = 0; position < count; position++) {
            int from = position * CHUNK_BYTES;
            byte[] content = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + CHUNK_BYTES));
            chunks.persist(new ChunkRow(sha256, position, Digests.of(content), content));
        }
        return sha256;
    }

    /**
     * The bytes, verified.
     *
     * @throws CheckpointException if there are none of that digest, they were given up, or what is stored is damaged
     */
    @Transactional(Transactional.TxType.REQUIRES_NEW)
    public byte[] read(String sha256) {
        CheckpointRow row = checkpoints.findById(sha256);
        if (row == null) {
            throw new CheckpointException("no checkpoint has the SHA-256 " + sha256);
        }
        if (row.isDropped()) {
            throw new CheckpointException(
                    "checkpoint %s was given up when its study ended (keep: leaves)".formatted(sha256));
        }
        List<ChunkRow> parts = chunks.list("sha256 = ?1 order by position", sha256);
        CheckpointCheck check = new CheckpointCheck(sha256);
        check.requireCount(row.chunks(), parts.size());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.toIntExact(row.bytes()));
        for (ChunkRow part : parts) {
            bytes.writeBytes(check.verified(part.position(), part.digest(), part.content()));
        }
        check.requireWhole(row.bytes());
        chunks.getEntityManager().clear();
        return bytes.toByteArray();
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
            chunks.delete("sha256", sha256);
            row.drop(clock.now());
        }
    }
}

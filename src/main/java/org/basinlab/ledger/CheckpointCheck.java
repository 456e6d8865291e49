package org.basinlab.ledger;

import java.security.MessageDigest;
import org.basinlab.recipe.Digests;

/** Holds the chunks of one checkpoint, in their order, against their digests, their number and the file's SHA-256. */
final class CheckpointCheck {

    private final String sha256;
    private final MessageDigest whole = Digests.sha256();
    private long bytes;

    CheckpointCheck(String sha256) {
        this.sha256 = sha256;
    }

    /** @throws CheckpointException unless the store holds as many chunks as the checkpoint was cut into */
    void requireCount(int expected, long found) {
        if (found != expected) {
            throw new CheckpointException(
                    "checkpoint %s must have %d chunks, the store holds %d".formatted(sha256, expected, found));
        }
    }

    /**
     * The content of the next chunk, verified by itself; whether it is in its place only the whole can tell.
     *
     * @throws CheckpointException if it is damaged
     */
    byte[] verified(ChunkTable.Chunk chunk) {
        chunk.requireIntact("checkpoint " + sha256);
        whole.update(chunk.content());
        bytes += chunk.content().length;
        return chunk.content();
    }

    /**
     * To be called once, after the last chunk.
     *
     * @throws CheckpointException unless the chunks together are the file that the SHA-256 names, and as long as recorded
     */
    void requireWhole(long length) {
        requireWhole(sha256, length, Digests.hex(whole.digest()), bytes);
    }

    /** @throws CheckpointException unless what was found is what the store says of the checkpoint */
    static void requireWhole(String sha256, long length, String foundSha256, long foundLength) {
        if (!foundSha256.equals(sha256)) {
            throw new CheckpointException("checkpoint %s is damaged: the SHA-256 of its chunks together is %s"
                    .formatted(sha256, foundSha256));
        }
        if (foundLength != length) {
            throw new CheckpointException(
                    "checkpoint %s must have %d bytes, its chunks have %d".formatted(sha256, length, foundLength));
        }
    }
}

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
    byte[] verified(int position, String digest, byte[] content) {
        String found = Digests.of(content);
        if (!found.equals(digest)) {
            throw new CheckpointException("chunk %d of checkpoint %s is damaged: its SHA-256 must be %s, was %s"
                    .formatted(position, sha256, digest, found));
        }
        whole.update(content);
        bytes += content.length;
        return content;
    }

    /**
     * To be called once, after the last chunk.
     *
     * @throws CheckpointException unless the chunks together are the file that the SHA-256 names, and as long as recorded
     */
    void requireWhole(long length) {
        String found = Digests.hex(whole.digest());
        if (!found.equals(sha256)) {
            throw new CheckpointException(
                    "checkpoint %s is damaged: the SHA-256 of its chunks together is %s".formatted(sha256, found));
        }
        if (bytes != length) {
            throw new CheckpointException(
                    "checkpoint %s must have %d bytes, its chunks have %d".formatted(sha256, length, bytes));
        }
    }
}

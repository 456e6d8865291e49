package org.basinlab.ledger;

import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.basinlab.recipe.Digests;

/** Holds the chunks of one checkpoint, in their order, against their digests, their number and the file's SHA-256. */
final class CheckpointCheck {

    /** data_corrupted and index_corrupted: checksums of pages that do not fit, pieces that are missing. */
    private static final Set<String> CORRUPT = Set.of("XX001", "XX002");

    private final String sha256;
    private final MessageDigest whole = Digests.sha256();
    private long bytes;

    CheckpointCheck(String sha256) {
        this.sha256 = sha256;
    }

    /**
     * Reads the file once from end to end, its number of chunks first.
     *
     * @param count how many chunks there are
     * @param chunk that of a position
     * @return what is wrong; empty where it is the file that the SHA-256 names
     */
    static Optional<String> fault(CheckpointFacts facts, long count, IntFunction<Optional<ChunkTable.Chunk>> chunk) {
        CheckpointCheck check = new CheckpointCheck(facts.sha256());
        Optional<String> fault = check.countFault(facts.chunks(), count);
        for (int position = 0; position < facts.chunks() && fault.isEmpty(); position++) {
            try {
                fault = check.next(position, chunk.apply(position));
            } catch (IllegalStateException e) {
                fault = Optional.of(pageFault(facts.sha256(), e).orElseThrow(() -> e));
            }
        }
        return fault.or(
                () -> wholeFault(facts.sha256(), facts.bytes(), Digests.hex(check.whole.digest()), check.bytes));
    }

    /** What is wrong, where a read failed because the database found its own pages not as it wrote them; empty where it is else. */
    static Optional<String> pageFault(String sha256, IllegalStateException fault) {
        return fault.getCause() instanceof SQLException cause && CORRUPT.contains(String.valueOf(cause.getSQLState()))
                ? Optional.of("checkpoint %s is damaged, the database cannot read it: %s"
                        .formatted(sha256, cause.getMessage()))
                : Optional.empty();
    }

    /** What is wrong, unless the store holds as many chunks as the checkpoint was cut into. */
    Optional<String> countFault(int expected, long found) {
        return found == expected
                ? Optional.empty()
                : Optional.of(
                        "checkpoint %s must have %d chunks, the store holds %d".formatted(sha256, expected, found));
    }

    /** What is wrong with the next chunk by itself; whether it is in its place only the whole can tell. */
    Optional<String> next(int position, Optional<ChunkTable.Chunk> found) {
        if (found.isEmpty()) {
            return Optional.of("chunk %d of checkpoint %s is missing".formatted(position, sha256));
        }
        ChunkTable.Chunk chunk = found.get();
        whole.update(chunk.content());
        bytes += chunk.content().length;
        return chunk.fault("checkpoint " + sha256);
    }

    /** What is wrong, unless what was found is what the store says of the checkpoint. */
    static Optional<String> wholeFault(String sha256, long length, String foundSha256, long foundLength) {
        if (!foundSha256.equals(sha256)) {
            return Optional.of("checkpoint %s is damaged: the SHA-256 of its chunks together is %s"
                    .formatted(sha256, foundSha256));
        }
        return foundLength == length
                ? Optional.empty()
                : Optional.of(
                        "checkpoint %s must have %d bytes, its chunks have %d".formatted(sha256, length, foundLength));
    }
}

package org.basinlab.ledger;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import javax.sql.DataSource;
import org.basinlab.recipe.Digests;

/**
 * Checkpoints for readers that take them piece by piece: one chunk is in memory at a time, verified by its digest, and
 * no connection is held while the reader is slow.
 */
public final class CheckpointStream {

    private static final String FACTS = """
            SELECT sha256, bytes, dropped_at IS NOT NULL AS dropped
              FROM ledger.checkpoint
             WHERE sha256 = ?
            """;

    private static final String CHUNK = """
            SELECT digest, content
              FROM ledger.checkpoint_chunk
             WHERE sha256 = ? AND position = ?
            """;

    private final Query query;

    public CheckpointStream(DataSource database) {
        this.query = new Query(database);
    }

    public Optional<CheckpointFacts> find(String sha256) {
        return query.find(
                FACTS,
                row -> new CheckpointFacts(row.getString("sha256"), row.getLong("bytes"), row.getBoolean("dropped")),
                sha256);
    }

    /**
     * Writes the bytes in [from, to) to {@code out}.
     *
     * @throws CheckpointException if a chunk is missing or damaged; chunks before it have been written then
     */
    public void write(String sha256, long from, long to, OutputStream out) throws IOException {
        long offset = from;
        while (offset < to) {
            int position = Math.toIntExact(offset / Checkpoints.CHUNK_BYTES);
            byte[] content = read(sha256, position);
            int begin = (int) (offset % Checkpoints.CHUNK_BYTES);
            int length = (int) Math.min(content.length - begin, to - offset);
            if (length <= 0) {
                throw new CheckpointException("chunk %d of checkpoint %s must reach beyond byte %d, it has %d"
                        .formatted(position, sha256, begin, content.length));
            }
            out.write(content, begin, length);
            offset += length;
        }
    }

    /** One chunk, verified. */
    private byte[] read(String sha256, int position) {
        Chunk chunk = query.find(
                        CHUNK, row -> new Chunk(row.getString("digest"), row.getBytes("content")), sha256, position)
                .orElseThrow(() ->
                        new CheckpointException("chunk %d of checkpoint %s is missing".formatted(position, sha256)));
        String found = Digests.of(chunk.content());
        if (!found.equals(chunk.digest())) {
            throw new CheckpointException("chunk %d of checkpoint %s is damaged: its SHA-256 must be %s, was %s"
                    .formatted(position, sha256, chunk.digest(), found));
        }
        return chunk.content();
    }

    @SuppressWarnings("ArrayRecordComponent") // one reader has it
    private record Chunk(String digest, byte[] content) {}
}

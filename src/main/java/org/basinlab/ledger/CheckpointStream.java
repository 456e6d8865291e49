package org.basinlab.ledger;

import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.basinlab.recipe.Digests;

/**
 * Checkpoints for readers that take them piece by piece: one chunk is in memory at a time, verified by its digest, and
 * no connection is held while the reader is slow. To be used outside of transactions.
 */
public final class CheckpointStream {

    private static final String FACTS = """
            SELECT sha256, bytes, chunks, dropped_at IS NOT NULL AS dropped
              FROM ledger.checkpoint
             WHERE sha256 = ?
            """;

    /** A prefix of hexadecimal digits holds no wildcard. */
    private static final String MATCHES = """
            SELECT sha256, bytes, chunks, dropped_at IS NOT NULL AS dropped
              FROM ledger.checkpoint
             WHERE sha256 LIKE ? || '%'
             ORDER BY sha256
             LIMIT ?
            """;

    private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f]+");

    private final Query query;
    private final ChunkTable chunks;
    private final CheckpointHealth health;

    public CheckpointStream(DataSource database) {
        this.query = new Query(database);
        this.chunks = Checkpoints.chunks(database);
        this.health = new CheckpointHealth(database);
    }

    public Optional<CheckpointFacts> find(String sha256) {
        return query.find(FACTS, CheckpointStream::facts, sha256);
    }

    /**
     * The checkpoints whose SHA-256 begins so, in its order.
     *
     * @param prefix lower-case hexadecimal digits
     * @param most how many at most
     */
    public List<CheckpointFacts> listMatches(String prefix, int most) {
        if (!HEXADECIMAL.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "the beginning of a SHA-256 must be lower-case hexadecimal digits, was '%s'".formatted(prefix));
        }
        return query.list(MATCHES, CheckpointStream::facts, prefix, most);
    }

    static CheckpointFacts facts(ResultSet row) throws SQLException {
        return new CheckpointFacts(
                row.getString("sha256"), row.getLong("bytes"), row.getInt("chunks"), row.getBoolean("dropped"));
    }

    /**
     * Reads the file once from end to end, its number of chunks first.
     *
     * <p>Chunks that changed places are each in order; only the SHA-256 of all of them tells, and it is known after the
     * last byte. Whoever sends a whole file asks here before the first byte: a reader that was cut off in the middle
     * could keep what it has and complete it by a range. Costs one more read (9 MB for the largest networks now).
     *
     * @throws CheckpointException if the chunks are not the file that the SHA-256 names, which the store is told
     */
    public void requireWhole(CheckpointFacts facts) {
        String sha256 = facts.sha256();
        CheckpointCheck.fault(facts, chunks.count(sha256), position -> chunks.read(sha256, position))
                .ifPresent(found -> {
                    throw damaged(sha256, found);
                });
    }

    /**
     * Writes the bytes in [from, to) to {@code out}. The chunks that they lie in are verified, the file as a whole is not.
     *
     * @throws CheckpointException if a chunk is missing or damaged, which the store is told; chunks before it have been written then
     */
    public void write(String sha256, long from, long to, OutputStream out) throws IOException {
        long offset = from;
        while (offset < to) {
            int position = Math.toIntExact(offset / ChunkTable.CHUNK_BYTES);
            byte[] content = read(sha256, position);
            int begin = (int) (offset % ChunkTable.CHUNK_BYTES);
            int length = (int) Math.min(content.length - begin, to - offset);
            if (length <= 0) {
                throw damaged(
                        sha256,
                        "chunk %d of checkpoint %s must reach beyond byte %d, it has %d"
                                .formatted(position, sha256, begin, content.length));
            }
            out.write(content, begin, length);
            offset += length;
        }
    }

    /**
     * Writes all bytes to {@code out}. Chunks are verified one by one; that they are all, and in their order, only the whole can
     * tell, after the last byte.
     *
     * @throws CheckpointException if the chunks are not the file that the SHA-256 names, which the store is told
     */
    public void copy(CheckpointFacts facts, OutputStream out) throws IOException {
        MessageDigest digest = Digests.sha256();
        write(facts.sha256(), 0, facts.bytes(), new DigestOutputStream(out, digest));
        CheckpointCheck.wholeFault(facts.sha256(), facts.bytes(), Digests.hex(digest.digest()), facts.bytes())
                .ifPresent(found -> {
                    throw damaged(facts.sha256(), found);
                });
    }

    /** One chunk, verified. */
    private byte[] read(String sha256, int position) {
        Optional<ChunkTable.Chunk> chunk;
        try {
            chunk = chunks.read(sha256, position);
        } catch (IllegalStateException e) {
            throw CheckpointCheck.pageFault(sha256, e)
                    .<RuntimeException>map(found -> damaged(sha256, found))
                    .orElse(e);
        }
        new CheckpointCheck(sha256).next(position, chunk).ifPresent(found -> {
            throw damaged(sha256, found);
        });
        return chunk.orElseThrow().content();
    }

    private CheckpointException damaged(String sha256, String found) {
        return health.note(CheckpointException.damaged(sha256, found));
    }
}

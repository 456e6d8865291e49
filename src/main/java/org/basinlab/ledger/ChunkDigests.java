package org.basinlab.ledger;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.basinlab.recipe.Digests;

/**
 * The SHA-256 of a file and of each of its chunks, taken side by side: what a reader or writer waits for is one pass.
 *
 * @param chunks in their order
 */
record ChunkDigests(String whole, List<String> chunks) {

    ChunkDigests {
        chunks = List.copyOf(chunks);
    }

    static ChunkDigests of(byte[] bytes) {
        return begin(bytes).join();
    }

    /** Computes in other threads, so that the caller can ask the store something meanwhile; {@code bytes} must not change. */
    static CompletableFuture<ChunkDigests> begin(byte[] bytes) {
        CompletableFuture<String> whole = CompletableFuture.supplyAsync(() -> Digests.of(bytes));
        return CompletableFuture.supplyAsync(() -> ofChunks(bytes))
                .thenCombine(whole, (chunks, sha256) -> new ChunkDigests(sha256, chunks));
    }

    /** Without that of the whole. */
    static List<String> ofChunks(byte[] bytes) {
        List<String> chunks = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += ChunkTable.CHUNK_BYTES) {
            MessageDigest digest = Digests.sha256();
            digest.update(bytes, from, Math.min(ChunkTable.CHUNK_BYTES, bytes.length - from));
            chunks.add(Digests.hex(digest.digest()));
        }
        return chunks;
    }
}

package org.basinlab.dispatch;

import java.util.IdentityHashMap;
import java.util.List;

/** The memory of one process, as its slots share it: each needs that of the largest task of its claim, as they run one after another. */
final class Memory {

    private final Holding holding;
    private long bytes = Long.MAX_VALUE;

    Memory(Holding holding) {
        this.holding = holding;
    }

    /** How much there is. */
    synchronized void has(long all) {
        bytes = all;
    }

    /** What no slot needs now, in bytes. */
    synchronized long free() {
        IdentityHashMap<List<Held>, Long> claims = new IdentityHashMap<>();
        holding.list().forEach(one -> claims.merge(one.batch(), one.memoryBytes(), Math::max));
        long needed = claims.values().stream().mapToLong(Long::longValue).sum();
        return Math.max(0, bytes - needed);
    }

    /** Adds these of one claim to what is held, unless another slot was quicker and they do not fit beside its tasks. */
    synchronized boolean reserve(List<Held> claim) {
        long needed = claim.stream().mapToLong(Held::memoryBytes).max().orElse(0);
        if (needed > free()) {
            return false;
        }
        claim.forEach(holding::add);
        return true;
    }
}

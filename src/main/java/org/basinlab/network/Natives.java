package org.basinlab.network;

import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.dnnl.memory;

/** Objects of a native library that are given back together, the last first. */
final class Natives implements AutoCloseable {

    private final Deque<AutoCloseable> owned = new ArrayDeque<>();

    /** Keeps it until {@link #close}. */
    <C extends AutoCloseable> C own(C owner) {
        owned.push(owner);
        return owner;
    }

    /** Float32 values filled with zeros, until {@link #close}. */
    Floats floats(long count) {
        Floats floats = Floats.allocate(count);
        owned.push(floats);
        return floats;
    }

    /** A piece of memory of its own, laid out as {@code layout} says. */
    memory memory(memory.desc layout) {
        Floats floats = floats(Math.max(1, (layout.get_size() + Float.BYTES - 1) / Float.BYTES));
        return memory(layout, floats, 0);
    }

    /** A view of memory. */
    memory memory(memory.desc layout, Floats floats, int offset) {
        return own(new memory(layout, OneDnn.library().cpu(), floats.at(offset)));
    }

    @Override
    public void close() {
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("native memory cannot be given back", e);
            }
        }
    }
}

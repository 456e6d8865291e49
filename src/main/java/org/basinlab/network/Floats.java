package org.basinlab.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Float32 values outside the heap, filled with zeros, aligned for vector instructions. It is taken from the system
 * directly: JavaCPP's own allocation frees what the garbage collector finds, and limits itself to the size of the heap.
 */
final class Floats implements AutoCloseable {

    /** A line of the cache, and the widest vector register. */
    private static final int ALIGNMENT = 64;

    private final Pointer taken;
    private final FloatPointer first;
    private final ByteBuffer bytes;
    private boolean closed;

    private Floats(Pointer taken, long count) {
        this.taken = taken;
        long padding = -taken.address() & (ALIGNMENT - 1);
        BytePointer start = new BytePointer(taken).getPointer(padding).capacity(count * Float.BYTES);
        bytes = start.asByteBuffer().order(ByteOrder.nativeOrder());
        first = new FloatPointer(start);
    }

    /**
     * Takes memory.
     *
     * @throws IllegalArgumentException if {@code count} is not in [1, {@link Engine#MOST_FLOATS}]
     * @throws OutOfMemoryError if the system has none
     */
    static Floats allocate(long count) {
        Engine.requireSize(count);
        Pointer taken = Pointer.calloc(1, count * Float.BYTES + ALIGNMENT);
        if (taken == null || taken.isNull()) {
            throw new OutOfMemoryError("the system has no %d bytes for a network".formatted(count * Float.BYTES));
        }
        return new Floats(taken, count);
    }

    /** The address of a value, for BLAS; not to be used after {@link #close}. */
    FloatPointer at(int offset) {
        requireOpen();
        return first.getPointer(offset);
    }

    /** All values. */
    FloatBuffer floats() {
        requireOpen();
        return bytes.asFloatBuffer();
    }

    /** {@code count} values from {@code offset} on. */
    FloatBuffer floats(int offset, int count) {
        return floats().slice(offset, count);
    }

    /** The bits of {@code count} values from {@code offset} on. */
    IntBuffer bits(int offset, int count) {
        requireOpen();
        return bytes.asIntBuffer().slice(offset, count);
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this memory was given back");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Pointer.free(taken);
        }
    }
}

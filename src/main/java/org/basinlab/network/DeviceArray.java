package org.basinlab.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One flat piece of an ND4J backend's memory, filled with zeros, and views of it. Where the device has memory of its own,
 * what the host has written goes there whole: a piece is written either by the host or by operations, never by both in
 * turns, but for loading.
 */
final class DeviceArray implements AutoCloseable {

    private final INDArray flat;

    private DeviceArray(INDArray flat) {
        this.flat = flat;
    }

    /** @throws IllegalArgumentException if {@code count} is not in [1, {@link Engine#MOST_FLOATS}] */
    static DeviceArray floats(long count) {
        return of(DataType.FLOAT, count);
    }

    /** @throws IllegalArgumentException if {@code count} is not in [1, {@link Engine#MOST_FLOATS}] */
    static DeviceArray of(DataType type, long count) {
        Engine.requireSize(count);
        return new DeviceArray(Nd4j.zeros(type, count));
    }

    /** All of it, rank 1. */
    INDArray flat() {
        requireOpen();
        return flat;
    }

    /** {@code [count]} from {@code offset} on. */
    INDArray vector(int offset, int count) {
        return Nd4j.create(flat().data(), new long[] {count}, new long[] {1}, offset, 'c');
    }

    /** {@code [rows][columns]}, row after row, from {@code offset} on. */
    INDArray rows(int offset, int rows, int columns) {
        return Nd4j.create(flat().data(), new long[] {rows, columns}, new long[] {columns, 1}, offset, 'c');
    }

    /** {@code [rows][columns]}, column after column, from {@code offset} on: how BLAS wants its matrices. */
    INDArray columns(int offset, int rows, int columns) {
        return Nd4j.create(flat().data(), new long[] {rows, columns}, new long[] {1, rows}, offset, 'f');
    }

    /** The host's copy, to be written; {@link #written} must follow. */
    ByteBuffer toWrite() {
        return host();
    }

    /** Says that the host's copy is the newer one. */
    void written() {
        Nd4j.getAffinityManager().tagLocation(flat, Location.HOST);
    }

    /** The host's copy, brought up to date, to be read. */
    ByteBuffer toRead() {
        requireOpen();
        Nd4j.getAffinityManager().ensureLocation(flat, Location.HOST);
        return host();
    }

    private ByteBuffer host() {
        return flat().data().asNio().duplicate().order(ByteOrder.nativeOrder());
    }

    void requireOpen() {
        if (flat.wasClosed()) {
            throw new IllegalStateException("this memory was given back");
        }
    }

    /** Gives the memory back at once instead of when the garbage is collected. */
    @Override
    public void close() {
        if (!flat.wasClosed()) {
            flat.close();
        }
    }
}

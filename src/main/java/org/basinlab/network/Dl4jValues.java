package org.basinlab.network;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * {@code coefficients.bin}: ND4J's binary form of a vector of all parameters, big-endian. First its shape as a buffer of
 * whole numbers (rank, shape, strides, flags, element-wise stride, order), then its values as a buffer; a buffer is the name
 * of how it was allocated, its length, the name of its type, and its elements.
 */
final class Dl4jValues {

    /** Buffers of earlier versions, whose length takes four bytes. */
    private static final Set<String> EARLIER = Set.of("DIRECT", "HEAP", "JAVACPP");

    private static final String LATER = "MIXED_DATA_TYPES";
    private static final Set<String> ALLOCATIONS = Set.of("DIRECT", "HEAP", "JAVACPP", "LONG_SHAPE", LATER);

    private static final int LONGEST_SHAPE = 16;
    private static final int LONGEST_NAME = 40;
    private static final int CHUNK = 1 << 14;
    private static final long OF_FLOATS = 1L << 13;

    private Dl4jValues() {}

    /** The head of a buffer. */
    private record Head(long length, String type) {}

    /**
     * Reads as many values as are wanted; memory grows with what is there, not with what is said.
     *
     * @throws Dl4jException if there are more or fewer, or other than float32
     * @throws IOException if the stream ends before they do
     */
    static float[] read(InputStream stream, int wanted) throws IOException {
        DataInputStream in = new DataInputStream(stream);
        Head shape = head(in);
        int wide = shape.type.equals("LONG") ? Long.BYTES : Integer.BYTES;
        if (shape.length < 4
                || shape.length > LONGEST_SHAPE
                || !Set.of("LONG", "INT").contains(shape.type)) {
            throw Dl4jException.malformed("must begin its coefficients with their shape, has %d numbers of type %s"
                    .formatted(shape.length, shape.type));
        }
        in.skipNBytes(shape.length * wide); // of a vector, which its length says as well
        Head values = head(in);
        if (!values.type.equals("FLOAT")) {
            throw Dl4jException.malformed(
                    "must have FLOAT as type of its coefficients, has %s: convert it first".formatted(values.type));
        }
        if (values.length != wanted) {
            throw Dl4jException.malformed(
                    "must hold the %d coefficients of its layers, holds %d".formatted(wanted, values.length));
        }
        float[] read = floats(in, wanted);
        if (in.read() >= 0) {
            throw Dl4jException.malformed("must end its coefficients with the last of them, has more");
        }
        return read;
    }

    private static Head head(DataInputStream in) throws IOException {
        String allocation = name(in);
        if (!ALLOCATIONS.contains(allocation)) {
            throw Dl4jException.malformed("must hold buffers of ND4J, has one that is '%s'".formatted(allocation));
        }
        long length = EARLIER.contains(allocation) ? in.readInt() : in.readLong();
        return new Head(length, name(in));
    }

    private static String name(DataInputStream in) throws IOException {
        int length = in.readUnsignedShort();
        if (length > LONGEST_NAME) {
            throw Dl4jException.malformed("must hold buffers of ND4J, has a name of %d characters".formatted(length));
        }
        byte[] name = new byte[length];
        in.readFully(name);
        return new String(name, StandardCharsets.US_ASCII);
    }

    private static float[] floats(DataInputStream in, int count) throws IOException {
        float[] values = new float[Math.min(count, CHUNK)];
        byte[] bytes = new byte[CHUNK * Float.BYTES];
        for (int done = 0; done < count; done += CHUNK) {
            int some = Math.min(CHUNK, count - done);
            in.readFully(bytes, 0, some * Float.BYTES);
            if (done + some > values.length) {
                values = Arrays.copyOf(values, (int) Math.min(count, Math.max(done + some, 2L * values.length)));
            }
            ByteBuffer.wrap(bytes).asFloatBuffer().get(values, done, some);
        }
        return values;
    }

    /** A row vector as version 1.0.0-M2.1 writes it. */
    static void write(DataOutputStream out, float[] values) throws IOException {
        long[] shape = {1, values.length, 1, OF_FLOATS, 1, 'c'};
        out.writeUTF(LATER);
        out.writeLong(shape.length);
        out.writeUTF("LONG");
        for (long number : shape) {
            out.writeLong(number);
        }
        out.writeUTF(LATER);
        out.writeLong(values.length);
        out.writeUTF("FLOAT");
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Float.BYTES);
        for (int done = 0; done < values.length; done += CHUNK) {
            int some = Math.min(CHUNK, values.length - done);
            bytes.asFloatBuffer().put(values, done, some);
            out.write(bytes.array(), 0, some * Float.BYTES);
        }
    }
}

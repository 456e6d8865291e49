package org.basinlab.training;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.basinlab.network.Tally;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.Optimiser;

/**
 * A training between two of its steps, with all that the steps to come depend on: resumed here, it ends in the bytes and
 * the scores of an undisturbed one. Immutable.
 *
 * <p>As bytes: eight bytes {@code BLRESUME}; the length of the header, four bytes; the header, UTF-8 JSON; the weights and
 * each array that the optimiser keeps, float32; the SHA-256 of all before it. Numbers are little-endian.
 */
public final class ResumePoint {

    private static final int VERSION = 1;
    private static final byte[] MAGIC = "BLRESUME".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGEST_BYTES = 32;
    /** Where the header begins. */
    private static final int HEADER_AT = MAGIC.length + Integer.BYTES;

    /**
     * What stands before the arrays.
     *
     * @param version of this format
     * @param training what it belongs to
     * @param position where it stands
     * @param updates steps that the optimiser has counted
     * @param arrays how many there are, the weights with them
     * @param values of each array
     */
    record Header(int version, TrainingIdentity training, Position position, int updates, int arrays, int values) {}

    /**
     * How far a training is.
     *
     * @param step taken so far, over all epochs
     * @param epoch the current one, from 1
     * @param stepOfEpoch taken so far in it, at least 1
     * @param seen loss and hits of those
     * @param epochs the scores of those that are over
     */
    record Position(long step, int epoch, int stepOfEpoch, Tally seen, List<EpochScore> epochs) {
        Position {
            epochs = List.copyOf(epochs);
            if (epoch != epochs.size() + 1 || stepOfEpoch < 1 || step < stepOfEpoch) {
                throw new IllegalArgumentException(
                        "a training cannot be in step %d of epoch %d, after %d steps and %d epochs"
                                .formatted(stepOfEpoch, epoch, step, epochs.size()));
            }
        }
    }

    private final Header header;
    private final List<float[]> arrays;

    /** @param arrays the weights, then what the optimiser keeps, all of one length; owned by this point from here on */
    ResumePoint(TrainingIdentity training, Position position, int updates, List<float[]> arrays) {
        this(
                new Header(VERSION, training, position, updates, arrays.size(), arrays.get(0).length),
                List.copyOf(arrays));
    }

    private ResumePoint(Header header, List<float[]> arrays) {
        this.header = header;
        this.arrays = arrays;
    }

    /**
     * Whether trainings of this architecture with this optimiser can tell of resume points; of networks of more than about
     * 500 million values, those that the optimiser keeps among them, they never do.
     */
    public static boolean isPossible(Architecture architecture, Optimiser optimiser) {
        int memories = optimiser instanceof Optimiser.Sgd ? 1 : 2;
        return !isTooLarge(1 + memories, architecture.parameterCount());
    }

    /** Whether so many values are too many for one array of bytes, so that no point can be made of them. */
    static boolean isTooLarge(int arrays, int values) {
        return (long) arrays * values * Float.BYTES > Integer.MAX_VALUE - (1 << 24);
    }

    /** How many steps are done, over all epochs. */
    public long step() {
        return header.position.step;
    }

    /** The network as it is at this point. */
    public Weights weights(Architecture architecture) {
        return Weights.owning(architecture, arrays.get(0).clone());
    }

    Position position() {
        return header.position;
    }

    int updates() {
        return header.updates;
    }

    /** The weights, then what the optimiser keeps; not to be changed. */
    List<float[]> arrays() {
        return arrays;
    }

    /** @throws IllegalArgumentException if this point is one of another training, or the arrays are not so many and so long */
    void requireFits(TrainingIdentity training, int arrayCount, int values) {
        header.training.requireSame(training);
        if (header.arrays != arrayCount || header.values != values) {
            throw new IllegalArgumentException(
                    "a resume point of this training has %d arrays of %d values, had %d of %d"
                            .formatted(arrayCount, values, header.arrays, header.values));
        }
    }

    /** The point for the store. */
    public byte[] bytes() {
        byte[] json = CanonicalJson.write(header).getBytes(StandardCharsets.UTF_8);
        int floats = header.arrays * header.values;
        byte[] bytes = new byte[HEADER_AT + json.length + floats * Float.BYTES + DIGEST_BYTES];
        ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.put(MAGIC).putInt(json.length).put(json);
        for (float[] array : arrays) {
            out.asFloatBuffer().put(array);
            out.position(out.position() + array.length * Float.BYTES);
        }
        out.put(digest(bytes, out.position()));
        return bytes;
    }

    /**
     * The point that {@link #bytes} wrote.
     *
     * @throws IllegalArgumentException if the bytes are no resume point, a damaged one, or one of another version
     */
    public static ResumePoint read(byte[] bytes) {
        int end = bytes.length - DIGEST_BYTES;
        if (end < HEADER_AT || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new IllegalArgumentException("a resume point must begin with BLRESUME, these bytes do not");
        }
        if (!MessageDigest.isEqual(digest(bytes, end), Arrays.copyOfRange(bytes, end, bytes.length))) {
            throw new IllegalArgumentException("the resume point is damaged: its SHA-256 does not fit its bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, MAGIC.length, end - MAGIC.length).order(ByteOrder.LITTLE_ENDIAN);
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException(
                    "the header of a resume point must fit into it, was said to have %d bytes".formatted(length));
        }
        String json = new String(bytes, HEADER_AT, length, StandardCharsets.UTF_8);
        Header header = CanonicalJson.read(json, Header.class);
        in.position(in.position() + length);
        if (header.version != VERSION) {
            throw new IllegalArgumentException(
                    "the resume point must be of version %d, was of %d".formatted(VERSION, header.version));
        }
        long floats = (long) header.arrays * header.values;
        if (header.arrays < 1 || header.values < 1 || floats * Float.BYTES != in.remaining()) {
            throw new IllegalArgumentException("the resume point says %d arrays of %d values, but has %d bytes for them"
                    .formatted(header.arrays, header.values, in.remaining()));
        }
        List<float[]> arrays = new ArrayList<>();
        for (int i = 0; i < header.arrays; i++) {
            float[] array = new float[header.values];
            in.asFloatBuffer().get(array);
            in.position(in.position() + array.length * Float.BYTES);
            arrays.add(array);
        }
        return new ResumePoint(header, arrays);
    }

    private static byte[] digest(byte[] bytes, int end) {
        MessageDigest sha256 = Digests.sha256();
        sha256.update(bytes, 0, end);
        return sha256.digest();
    }
}

package org.basinlab.dataset;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Objects;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Normalisation;

/**
 * The images and labels of one split, held as bytes and shared by all threads.
 *
 * <p>Images are numbered from 0 in file order. Pixels are channel-major: all of red row by row, then green, then blue.
 */
public final class ImageSet {

    private static final int LEVELS = 256;

    private final KnownDataset name;
    private final byte[] records;
    private final int stride;

    /** @param records label byte and pixel bytes of each image; owned by this set from here on, not copied */
    ImageSet(KnownDataset name, byte[] records) {
        this.name = name;
        this.records = records;
        this.stride = 1 + name.pixels();
    }

    public int count() {
        return records.length / stride;
    }

    /** Bytes of one image, and so the floats of one filled row. */
    public int pixels() {
        return name.pixels();
    }

    public int channels() {
        return name.channels();
    }

    public int classes() {
        return name.classes();
    }

    /** The class of an image, from 0. */
    public int label(int image) {
        return records[start(image) - 1];
    }

    /**
     * Writes the images {@code order[from] … order[from + count − 1]} at the buffer's position and moves it behind.
     *
     * <p>Row-major {@code [count][pixels]}; a value is {@code (float) ((pixel / 255.0 − mean) / std)} of its channel. A
     * direct buffer of native order is the fastest. Allocates one row and one table; safe for many threads at once.
     *
     * @param order indices of images, each from 0 to {@link #count()} − 1
     * @param constants as many as there are channels
     * @throws IllegalArgumentException if the constants are of another number of channels or the buffer has not enough
     *     room
     * @throws IndexOutOfBoundsException if the range leaves {@code order} or an index is not of an image
     */
    public void fill(int[] order, int from, int count, Normalisation.Constants constants, FloatBuffer into) {
        fill(order, from, count, new PlainPainter(tables(constants)), into);
    }

    /** The same with each image painted by {@code painter}. */
    void fill(int[] order, int from, int count, Painter painter, FloatBuffer into) {
        Objects.checkFromIndexSize(from, count, order.length);
        requireRoom(count, into);
        float[] row = new float[pixels()];
        for (int i = from; i < from + count; i++) {
            painter.paint(order[i], records, start(order[i]), row);
            into.put(row);
        }
    }

    /** Label byte and pixel bytes of each image, one after the other; read-only. */
    ByteBuffer records() {
        return ByteBuffer.wrap(records).asReadOnlyBuffer();
    }

    int height() {
        return name.height();
    }

    int width() {
        return name.width();
    }

    /** How often each of the 256 levels occurs in each channel: {@code [channels][256]}. */
    long[][] histograms() {
        int plane = pixels() / channels();
        long[][] histograms = new long[channels()][LEVELS];
        for (int image = 0; image < count(); image++) {
            for (int channel = 0; channel < channels(); channel++) {
                int start = image * stride + 1 + channel * plane;
                long[] histogram = histograms[channel];
                for (int pixel = start; pixel < start + plane; pixel++) {
                    histogram[records[pixel] & 0xFF]++;
                }
            }
        }
        return histograms;
    }

    /** Where the pixels of an image begin. */
    private int start(int image) {
        return Objects.checkIndex(image, count()) * stride + 1;
    }

    /** What each level becomes, {@code [channels][256]}: a look-up is several times faster than a division, and every bit the same. */
    float[][] tables(Normalisation.Constants constants) {
        if (constants.mean().size() != channels()) {
            throw new IllegalArgumentException("%s needs normalisation constants of %d channels, was %d"
                    .formatted(name.label(), channels(), constants.mean().size()));
        }
        float[][] tables = new float[channels()][LEVELS];
        for (int channel = 0; channel < tables.length; channel++) {
            double mean = constants.mean().get(channel);
            double std = constants.std().get(channel);
            for (int level = 0; level < LEVELS; level++) {
                tables[channel][level] = (float) ((level / 255.0 - mean) / std);
            }
        }
        return tables;
    }

    private void requireRoom(int count, FloatBuffer into) {
        long needed = (long) count * pixels();
        if (into.remaining() < needed) {
            throw new IllegalArgumentException("the buffer must have room for %d images of %d floats (%d), had %d"
                    .formatted(count, pixels(), needed, into.remaining()));
        }
    }
}

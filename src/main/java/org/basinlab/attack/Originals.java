package org.basinlab.attack;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Collections;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.Normalisation;

/**
 * A batch of images as they are, and how a change of one reaches the network: input = original input + scale · change,
 * so that no change leaves every bit as it was. In pixel space a scale is 1/std of its channel, in normalised space 1.
 */
final class Originals {

    private final NormalisedImages images;
    private final int width;
    private final boolean pixelSpace;
    private final Normalisation.Constants levels;
    private final float[] scale;
    private final float[] inputs;
    private final float[] pixels;
    private final float[] row;

    /** @param most images of a batch */
    Originals(NormalisedImages images, InputSpace space, int most) {
        this.images = images;
        width = images.inputs();
        pixelSpace = space == InputSpace.PIXEL;
        levels = levels(images);
        scale = scale(images, space);
        inputs = new float[Math.multiplyExact(most, width)];
        pixels = new float[inputs.length];
        row = new float[width];
    }

    /** By which an image becomes its pixels in [0, 1]. */
    static Normalisation.Constants levels(NormalisedImages images) {
        int channels = images.constants().std().size();
        return new Normalisation.Constants(Collections.nCopies(channels, 0.0), Collections.nCopies(channels, 1.0));
    }

    /** What a change of each input is multiplied by before the network takes it. */
    static float[] scale(NormalisedImages images, InputSpace space) {
        float[] scale = new float[images.inputs()];
        Arrays.fill(scale, 1);
        if (space == InputSpace.PIXEL) {
            int channels = images.constants().std().size();
            int plane = scale.length / channels;
            for (int c = 0; c < channels; c++) {
                Arrays.fill(scale, c * plane, (c + 1) * plane, (float)
                        (1 / images.constants().std().get(c)));
            }
        }
        return scale;
    }

    /** Takes the images {@code order[from]} … {@code order[from + count − 1]}. */
    void take(int[] order, int from, int count) {
        images.fill(order, from, count, FloatBuffer.wrap(inputs, 0, count * width));
        images.images().fill(order, from, count, levels, FloatBuffer.wrap(pixels, 0, count * width));
    }

    float[] scale() {
        return scale;
    }

    /** Writes what the network takes of unchanged images. */
    void put(int image, FloatBuffer into, int place) {
        into.put(place * width, inputs, image * width, width);
    }

    /**
     * Writes what the network takes of an image with a change, which is an array's part.
     *
     * @param size by which the change is multiplied
     */
    void put(int image, float[] change, int at, float size, FloatBuffer into, int place) {
        int from = image * width;
        if (pixelSpace) {
            addClipped(row, inputs, pixels, from, change, at, size, scale);
        } else {
            add(row, inputs, from, change, at, size, scale);
        }
        into.put(place * width, row, 0, width);
    }

    /** Takes from a change what leads out of [0, 1] in pixel space; leaves it as it is in normalised space. */
    void clip(int image, float[] change, int at) {
        if (pixelSpace) {
            clip(pixels, image * width, change, at, width);
        }
    }

    /** Length of an image in this space. */
    double length(int image, boolean largest) {
        float[] values = pixelSpace ? pixels : inputs;
        double sum = 0;
        double most = 0;
        for (int j = image * width; j < (image + 1) * width; j++) {
            sum += (double) values[j] * values[j];
            most = Math.max(most, Math.abs(values[j]));
        }
        return largest ? most : Math.sqrt(sum);
    }

    private static void add(float[] row, float[] inputs, int from, float[] change, int at, float size, float[] scale) {
        for (int j = 0; j < row.length; j++) {
            row[j] = inputs[from + j] + size * change[at + j] * scale[j];
        }
    }

    private static void addClipped(
            float[] row, float[] inputs, float[] pixels, int from, float[] change, int at, float size, float[] scale) {
        for (int j = 0; j < row.length; j++) {
            float pixel = pixels[from + j];
            row[j] = inputs[from + j] + Math.max(-pixel, Math.min(1 - pixel, size * change[at + j])) * scale[j];
        }
    }

    private static void clip(float[] pixels, int from, float[] change, int at, int width) {
        for (int j = 0; j < width; j++) {
            float pixel = pixels[from + j];
            change[at + j] = Math.max(-pixel, Math.min(1 - pixel, change[at + j]));
        }
    }
}

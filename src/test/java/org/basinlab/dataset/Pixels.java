package org.basinlab.dataset;

import java.nio.FloatBuffer;
import java.util.Collections;
import org.basinlab.recipe.Normalisation;

/** The bytes of an image, from what a set fills in without normalisation. */
final class Pixels {

    private Pixels() {}

    static byte[] of(ImageSet images, int image) {
        Normalisation.Constants none = new Normalisation.Constants(
                Collections.nCopies(images.channels(), 0.0), Collections.nCopies(images.channels(), 1.0));
        float[] row = new float[images.pixels()];
        images.fill(new int[] {image}, 0, 1, none, FloatBuffer.wrap(row));
        byte[] pixels = new byte[row.length];
        for (int i = 0; i < row.length; i++) {
            pixels[i] = (byte) Math.round(row[i] * 255);
        }
        return pixels;
    }
}

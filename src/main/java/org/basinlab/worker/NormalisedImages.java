package org.basinlab.worker;

import java.nio.FloatBuffer;
import org.basinlab.dataset.ImageSet;
import org.basinlab.network.Examples;
import org.basinlab.recipe.Normalisation;

/** Images as inputs of a network: normalised while they are copied. */
record NormalisedImages(ImageSet images, Normalisation.Constants constants) implements Examples {

    @Override
    public int count() {
        return images.count();
    }

    @Override
    public int inputs() {
        return images.pixels();
    }

    @Override
    public int label(int index) {
        return images.label(index);
    }

    @Override
    public void fill(int[] order, int from, int count, FloatBuffer into) {
        images.fill(order, from, count, constants, into);
    }
}

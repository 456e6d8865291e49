package org.basinlab.evaluation;

import java.nio.FloatBuffer;
import java.util.Optional;
import org.basinlab.dataset.ImageSet;
import org.basinlab.network.Examples;
import org.basinlab.recipe.Normalisation;

/**
 * The first images of a split as inputs of a network: normalised while they are copied.
 *
 * @param constants by which pixels in [0, 1] become inputs
 * @param count how many, in file order, 1 to all
 */
public record NormalisedImages(ImageSet images, Normalisation.Constants constants, int count) implements Examples {

    public NormalisedImages {
        if (count < 1 || count > images.count()) {
            throw new IllegalArgumentException(
                    "a number of images must lie in [1, %d], was %d".formatted(images.count(), count));
        }
    }

    /** All of them, or the first so many. */
    public static NormalisedImages of(ImageSet images, Normalisation.Constants constants, Optional<Integer> limit) {
        return new NormalisedImages(images, constants, limit.orElse(images.count()));
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

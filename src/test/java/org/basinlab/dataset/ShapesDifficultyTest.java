package org.basinlab.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.List;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Split;
import org.junit.jupiter.api.Test;

/** The built-in data set needs a hidden layer, and leaves even that something to lose. */
class ShapesDifficultyTest {

    private static final int EPOCHS = 3;
    private static final int HIDDEN = 64;
    private static final Dataset SHAPES = new DataSets(List.of()).open(KnownDataset.SYNTHETIC_SHAPES);

    @Test
    void a_linear_classifier_stays_ten_points_below_a_small_network() {
        float[][] pixels = pixels(Split.TRAIN);
        float[][] unseen = pixels(Split.TEST);

        double linear = accuracy(0, pixels, unseen);
        double linearOfMeans = accuracy(0, means(pixels), means(unseen));
        double network = accuracy(HIDDEN, means(pixels), means(unseen));

        assertThat(Math.max(linear, linearOfMeans)).isLessThan(network - 0.10);
        assertThat(network).isBetween(0.55, 0.95);
    }

    private static double accuracy(int hidden, float[][] train, float[][] test) {
        SmallNetwork network = new SmallNetwork(train[0].length, hidden, 1);
        network.train(train, labels(Split.TRAIN), EPOCHS, 2);
        return network.accuracy(test, labels(Split.TEST));
    }

    private static float[][] pixels(Split split) {
        ImageSet images = SHAPES.split(split);
        Normalisation.Constants standard = SHAPES.resolve(new Normalisation.Named(Normalisation.Choice.STANDARD));
        float[][] rows = new float[images.count()][images.pixels()];
        for (int image = 0; image < rows.length; image++) {
            images.fill(new int[] {image}, 0, 1, standard, FloatBuffer.wrap(rows[image]));
        }
        return rows;
    }

    /**
     * Means over the three channels of squares of 2×2 pixels, 256 an image, scaled by 2. A network on these is a
     * network {@code 3072-64-10} on the pixels, for a mean is linear and goes into its first layer; it is only quicker
     * to train.
     */
    private static float[][] means(float[][] images) {
        float[][] means = new float[images.length][256];
        for (int image = 0; image < images.length; image++) {
            for (int i = 0; i < 3072; i++) {
                int pixel = i % 1024;
                means[image][pixel / 64 * 16 + pixel % 32 / 2] += images[image][i] / 6;
            }
        }
        return means;
    }

    private static int[] labels(Split split) {
        ImageSet images = SHAPES.split(split);
        int[] labels = new int[images.count()];
        for (int image = 0; image < labels.length; image++) {
            labels[image] = images.label(image);
        }
        return labels;
    }
}

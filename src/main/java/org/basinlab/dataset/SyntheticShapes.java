package org.basinlab.dataset;

import java.util.List;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Split;

/**
 * The built-in data set: 32×32 colour images of ten shapes on a textured, noisy background.
 *
 * <p>Place, size, colours, contrast and texture are drawn for each image. The shape is as often darker than its
 * background as lighter, so that the mean image of a class says next to nothing and a linear classifier stays far
 * behind a network with a hidden layer. Image i is of class i mod 10: every split, and every prefix of a multiple of
 * ten, is balanced.
 *
 * <p>Only whole numbers are computed with, and every image has a generator of its own, so that the bytes are the same
 * on every machine and every Java version.
 */
final class SyntheticShapes {

    /** SHA-256 over all records, training before test: what every machine must arrive at. */
    static final String DIGEST = "38f71aa9e16949601be6f821c7b075c5659d14eb3d8196287917cdc653ee4d97";

    private static final KnownDataset NAME = KnownDataset.SYNTHETIC_SHAPES;
    private static final long SEED = 20_260_731L;
    private static final List<Shape> SHAPES = List.of(Shape.values());
    private static final int SIDE = NAME.width();
    private static final int PLANE = SIDE * SIDE;

    /** Lengths are in eighths of a pixel, so that shapes move and grow by less than a pixel. */
    private static final int UNIT = 8;

    /** The texture's values stand at the corners of squares of this many pixels. */
    private static final int CELL = 8;

    private static final int CORNERS = SIDE / CELL + 1;

    private static final int LARGEST_SHIFT = 3 * UNIT;
    private static final int LEAST_RADIUS = 8 * UNIT;
    private static final int LARGEST_RADIUS = 12 * UNIT;

    // Brightness, of 255, chosen so that 3072-256-128-10 (Adam at 0.001, batches of 100) gets 79 % of the test images
    // right after 5 epochs and 85 % after 10: a merge of such networks has something to lose.
    private static final int LEAST_CONTRAST = 16;
    private static final int LARGEST_CONTRAST = 52;
    private static final int TEXTURE = 40;
    private static final int NOISE = 16;

    private SyntheticShapes() {}

    /** The records of a split: one label byte and 3,072 channel-major pixel bytes each. */
    static byte[] records(Split split) {
        int count = NAME.images(split);
        int length = 1 + NAME.pixels();
        byte[] records = new byte[count * length];
        for (int image = 0; image < count; image++) {
            paint(split, image, records, image * length);
        }
        return records;
    }

    private static void paint(Split split, int image, byte[] records, int at) {
        SplitMix random = new SplitMix(Seeds.derive(SEED, NAME.label() + "/" + split.label(), image));
        int label = image % NAME.classes();
        records[at] = (byte) label;
        int[] cover = cover(SHAPES.get(label), random);
        int sign = random.next() < 0 ? -1 : 1;
        for (int channel = 0; channel < NAME.channels(); channel++) {
            paintPlane(cover, sign, random, records, at + 1 + channel * PLANE);
        }
    }

    /** How many of the four quarters of each pixel the shape covers, judged by the middle of the quarter. */
    private static int[] cover(Shape shape, SplitMix random) {
        int centreX = SIDE * UNIT / 2 + random.between(-LARGEST_SHIFT, LARGEST_SHIFT);
        int centreY = SIDE * UNIT / 2 + random.between(-LARGEST_SHIFT, LARGEST_SHIFT);
        int radius = random.between(LEAST_RADIUS, LARGEST_RADIUS);
        int half = UNIT / 2;
        int[] cover = new int[PLANE];
        for (int row = 0; row < 2 * SIDE; row++) {
            int dy = row * half + half / 2 - centreY;
            for (int column = 0; column < 2 * SIDE; column++) {
                int dx = column * half + half / 2 - centreX;
                if (shape.covers(dx, dy, radius)) {
                    cover[(row / 2) * SIDE + column / 2]++;
                }
            }
        }
        return cover;
    }

    private static void paintPlane(int[] cover, int sign, SplitMix random, byte[] records, int at) {
        int base = random.between(80, 175);
        int contrast = sign * random.between(LEAST_CONTRAST, LARGEST_CONTRAST);
        int[] texture = new int[CORNERS * CORNERS];
        for (int corner = 0; corner < texture.length; corner++) {
            texture[corner] = random.between(-TEXTURE, TEXTURE);
        }
        for (int pixel = 0; pixel < PLANE; pixel++) {
            int noise = random.between(-NOISE, NOISE) + random.between(-NOISE, NOISE);
            int value = base + contrast * cover[pixel] / 4 + textureAt(texture, pixel) + noise;
            records[at + pixel] = (byte) Math.max(0, Math.min(255, value));
        }
    }

    /** Between the four corners of a pixel's cell, weighted by its distance to each. */
    private static int textureAt(int[] texture, int pixel) {
        int x = pixel % SIDE;
        int y = pixel / SIDE;
        int corner = (y / CELL) * CORNERS + x / CELL;
        int right = x % CELL;
        int down = y % CELL;
        int top = texture[corner] * (CELL - right) + texture[corner + 1] * right;
        int bottom = texture[corner + CORNERS] * (CELL - right) + texture[corner + CORNERS + 1] * right;
        return (top * (CELL - down) + bottom * down) / (CELL * CELL);
    }
}

package org.basinlab.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.basinlab.recipe.Seeds;
import org.junit.jupiter.api.Test;

class CropTest {

    private static final int HEIGHT = 6;
    private static final int WIDTH = 5;
    private static final int START = 3;
    private static final float[] TABLE = table();

    private final byte[] levels = levels();

    private static float[] table() {
        float[] table = new float[256];
        for (int level = 0; level < 256; level++) {
            table[level] = level - 100.5f;
        }
        return table;
    }

    private static byte[] levels() {
        byte[] levels = new byte[START + HEIGHT * WIDTH];
        Seeds.generator(1).nextBytes(levels);
        return levels;
    }

    /** As torchvision does it: a border of black, the cut, the mirror. */
    private float[] byTheBook(Crop crop) {
        int border = Crop.BORDER;
        int[][] padded = new int[HEIGHT + 2 * border][WIDTH + 2 * border];
        for (int i = 0; i < HEIGHT * WIDTH; i++) {
            padded[border + i / WIDTH][border + i % WIDTH] = levels[START + i] & 0xFF;
        }
        float[] cut = new float[HEIGHT * WIDTH];
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int column = crop.mirrored() ? WIDTH - 1 - x : x;
                cut[y * WIDTH + x] = TABLE[padded[border + crop.down() + y][border + crop.right() + column]];
            }
        }
        return cut;
    }

    @Test
    void every_crop_is_what_padding_cutting_and_mirroring_give() {
        for (int down = -Crop.BORDER; down <= Crop.BORDER; down++) {
            for (int right = -Crop.BORDER; right <= Crop.BORDER; right++) {
                for (boolean mirrored : new boolean[] {false, true}) {
                    Crop crop = new Crop(down, right, mirrored);
                    float[] row = new float[2 + HEIGHT * WIDTH];

                    crop.paint(TABLE, levels, START, HEIGHT, WIDTH, row, 2);

                    assertThat(Arrays.copyOfRange(row, 2, row.length))
                            .as("%s", crop)
                            .isEqualTo(byTheBook(crop));
                    assertThat(row).startsWith(0, 0);
                }
            }
        }
    }

    @Test
    void all_places_are_equally_likely_and_half_of_the_crops_are_mirrored() {
        int draws = 162_000;
        int[] places = new int[81];
        int mirrored = 0;
        for (int image = 0; image < draws; image++) {
            Crop crop = Crop.draw(SplitMix.of(99, image));
            places[(crop.down() + 4) * 9 + crop.right() + 4]++;
            mirrored += crop.mirrored() ? 1 : 0;
        }

        // 2,000 a place with a standard deviation of 44; 81,000 mirrored with one of 201
        assertThat(IntStream.of(places)).allSatisfy(times -> assertThat(times).isBetween(1_780, 2_220));
        assertThat(mirrored).isBetween(80_000, 82_000);
    }
}

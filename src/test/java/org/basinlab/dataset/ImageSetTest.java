package org.basinlab.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Seeds;
import org.junit.jupiter.api.Test;

class ImageSetTest {

    private static final int IMAGES = 6;
    private static final int PIXELS = 3072;
    private static final int PLANE = 1024;
    private static final Normalisation.Constants CONSTANTS =
            new Normalisation.Constants(List.of(0.4914, 0.4822, 0.4465), List.of(0.2470, 0.2435, 0.2616));

    private final byte[] records = records();
    private final ImageSet images = new ImageSet(KnownDataset.CIFAR10, records.clone());

    private static byte[] records() {
        RandomGenerator random = Seeds.generator(3);
        byte[] records = new byte[IMAGES * (1 + PIXELS)];
        random.nextBytes(records);
        for (int image = 0; image < IMAGES; image++) {
            records[image * (1 + PIXELS)] = (byte) (9 - image);
        }
        return records;
    }

    @Test
    void a_filled_value_follows_the_formula_of_its_channel() {
        int[] order = {5, 0, 3, 3, 1};
        FloatBuffer into = direct(3);

        images.fill(order, 1, 3, CONSTANTS, into);

        for (int row = 0; row < 3; row++) {
            for (int pixel = 0; pixel < PIXELS; pixel++) {
                assertThat((double) into.get(row * PIXELS + pixel))
                        .isCloseTo(formula(order[1 + row], pixel), within(1e-6));
            }
        }
    }

    @Test
    void every_level_from_0_to_255_is_told_apart() {
        byte[] levels = new byte[1 + PIXELS];
        for (int pixel = 0; pixel < PIXELS; pixel++) {
            levels[1 + pixel] = (byte) pixel;
        }
        Normalisation.Constants none = new Normalisation.Constants(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
        FloatBuffer into = direct(1);

        new ImageSet(KnownDataset.CIFAR10, levels).fill(new int[] {0}, 0, 1, none, into);

        for (int pixel = 0; pixel < PIXELS; pixel++) {
            assertThat(into.get(pixel)).isEqualTo((float) (pixel % 256 / 255.0));
        }
    }

    @Test
    void filling_starts_at_the_position_and_moves_it_behind_what_was_written() {
        FloatBuffer into = FloatBuffer.allocate(7 + PIXELS + 5);
        into.position(7);

        images.fill(new int[] {1}, 0, 1, CONSTANTS, into);

        assertThat(into.position()).isEqualTo(7 + PIXELS);
        assertThat(into.get(6)).isZero();
        assertThat((double) into.get(7)).isCloseTo(formula(1, 0), within(1e-6));
        assertThat(into.get(7 + PIXELS)).isZero();
    }

    @Test
    void labels_and_pixels_are_those_of_the_record() {
        byte[] pixels = Pixels.of(images, 4);

        assertThat(images.label(4)).isEqualTo(5);
        assertThat(pixels).isEqualTo(Arrays.copyOfRange(records, 4 * (1 + PIXELS) + 1, 5 * (1 + PIXELS)));
    }

    @Test
    void a_buffer_without_room_is_refused_untouched() {
        FloatBuffer small = FloatBuffer.allocate(2 * PIXELS - 1);

        assertThatThrownBy(() -> images.fill(new int[] {0, 1}, 0, 2, CONSTANTS, small))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the buffer must have room for 2 images of 3072 floats (6144), had 6143");
        assertThat(small.position()).isZero();
    }

    @Test
    void constants_of_another_number_of_channels_are_refused() {
        Normalisation.Constants grey = new Normalisation.Constants(List.of(0.5), List.of(0.5));

        assertThatThrownBy(() -> images.fill(new int[] {0}, 0, 1, grey, direct(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cifar10 needs normalisation constants of 3 channels, was 1");
    }

    @Test
    void images_outside_the_set_are_refused() {
        assertThatThrownBy(() -> images.fill(new int[] {6}, 0, 1, CONSTANTS, direct(1)))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> images.fill(new int[] {1}, 0, 2, CONSTANTS, direct(2)))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> images.label(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private double formula(int image, int pixel) {
        int level = records[image * (1 + PIXELS) + 1 + pixel] & 0xFF;
        int channel = pixel / PLANE;
        return (level / 255.0 - CONSTANTS.mean().get(channel)) / CONSTANTS.std().get(channel);
    }

    private static FloatBuffer direct(int images) {
        return ByteBuffer.allocateDirect(images * PIXELS * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }
}

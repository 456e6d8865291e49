package org.basinlab.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.basinlab.recipe.Augmentation;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AugmentedImagesTest {

    private static final int PIXELS = 3072;
    private static final Normalisation.Constants CONSTANTS =
            new Normalisation.Constants(List.of(0.4914, 0.4822, 0.4465), List.of(0.2470, 0.2435, 0.2616));
    private static final ImageSet IMAGES =
            new DataSets(List.of()).open(KnownDataset.SYNTHETIC_SHAPES).split(Split.TEST);

    private static float[] filled(Augmentation augmentation, long seed, int epoch, int... order) {
        float[] into = new float[order.length * PIXELS];
        new AugmentedImages(IMAGES, CONSTANTS, augmentation, seed)
                .fill(epoch, order, 0, order.length, FloatBuffer.wrap(into));
        return into;
    }

    private static float[] image(float[] filled, int row) {
        return Arrays.copyOfRange(filled, row * PIXELS, (row + 1) * PIXELS);
    }

    @Test
    void without_augmentation_images_are_as_they_are_in_every_epoch() {
        float[] plain = new float[2 * PIXELS];
        IMAGES.fill(new int[] {7, 3}, 0, 2, CONSTANTS, FloatBuffer.wrap(plain));

        assertThat(filled(Augmentation.NONE, 1, 1, 7, 3)).isEqualTo(plain);
        assertThat(filled(Augmentation.NONE, 2, 9, 7, 3)).isEqualTo(plain);
    }

    @ParameterizedTest
    @EnumSource(
            value = Augmentation.class,
            names = {"CROP_FLIP", "GIT_REBASIN"})
    void an_image_looks_the_same_at_every_place_of_a_batch_and_in_every_thread(Augmentation augmentation) {
        int[] order = IntStream.range(0, 64).toArray();

        float[] together = filled(augmentation, 5, 2, order);

        List<float[]> apart = IntStream.range(0, 64)
                .parallel()
                .mapToObj(image -> filled(augmentation, 5, 2, 99, image))
                .toList();
        for (int i = 0; i < 64; i++) {
            assertThat(image(apart.get(i), 1)).isEqualTo(image(together, i));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Augmentation.class,
            names = {"CROP_FLIP", "GIT_REBASIN"})
    void another_seed_another_epoch_and_another_image_look_different(Augmentation augmentation) {
        int[] order = IntStream.range(0, 200).toArray();
        float[] first = filled(augmentation, 5, 1, order);
        float[] nextEpoch = filled(augmentation, 5, 2, order);
        float[] nextSeed = filled(augmentation, 6, 1, order);

        // one crop in 162 is drawn again by chance
        assertThat(equalImages(first, nextEpoch)).isLessThan(10);
        assertThat(equalImages(first, nextSeed)).isLessThan(10);
        assertThat(equalImages(nextEpoch, nextSeed)).isLessThan(10);
    }

    private static long equalImages(float[] one, float[] other) {
        return IntStream.range(0, one.length / PIXELS)
                .filter(i -> Arrays.equals(image(one, i), image(other, i)))
                .count();
    }

    @Test
    void neighbouring_images_are_not_moved_alike() {
        double product = 0;
        int images = 50_000;
        for (int image = 0; image < images; image++) {
            product += (SplitMix.of(3, image).unit() - 0.5)
                    * (SplitMix.of(3, image + 1).unit() - 0.5);
        }

        // the mean of a product of two independent numbers of variance 1/12 has this standard deviation
        assertThat(product / images).isBetween(-5 / 12.0 / Math.sqrt(images), 5 / 12.0 / Math.sqrt(images));
    }

    @ParameterizedTest
    @CsvSource({
        "CROP_FLIP, 0a6c89cfca8704a3bca2f12b33e116d0f280a70ff4c7732bf3a26255a388d91d",
        "GIT_REBASIN, 0c9ccc1330f1694948ca3184fce08bce8109d97482b2320beb58f87a2ac23d58"
    })
    void the_bytes_do_not_change_unnoticed(Augmentation augmentation, String digest) {
        float[] filled = filled(augmentation, 1, 1, IntStream.range(0, 50).toArray());

        ByteBuffer bytes = ByteBuffer.allocate(filled.length * Float.BYTES);
        bytes.asFloatBuffer().put(filled);

        assertThat(Digests.of(bytes.array())).isEqualTo(digest);
    }
}

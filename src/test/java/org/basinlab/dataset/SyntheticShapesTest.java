package org.basinlab.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Split;
import org.junit.jupiter.api.Test;

class SyntheticShapesTest {

    private static final Dataset SHAPES = new DataSets(List.of()).open(KnownDataset.SYNTHETIC_SHAPES);

    @Test
    void its_bytes_are_the_same_everywhere() {
        assertThat(SHAPES.digest()).isEqualTo("38f71aa9e16949601be6f821c7b075c5659d14eb3d8196287917cdc653ee4d97");
        assertThat(SHAPES.official()).isTrue();
        assertThat(SHAPES.origin()).isEqualTo("built in");
    }

    @Test
    void the_generator_agrees_with_the_published_numbers() {
        SplitMix random = new SplitMix(1234567);

        // From the reference implementation in C by Sebastiano Vigna, started at 1234567.
        assertThat(List.of(random.next(), random.next(), random.next()))
                .containsExactly(
                        6457827717110365317L, 3203168211198807973L, Long.parseUnsignedLong("9817491932198370423"));
    }

    @Test
    void every_prefix_of_a_multiple_of_ten_is_balanced() {
        for (Split split : Split.values()) {
            ImageSet images = SHAPES.split(split);
            assertThat(images.count()).isEqualTo(KnownDataset.SYNTHETIC_SHAPES.images(split));
            for (int image = 0; image < images.count(); image++) {
                assertThat(images.label(image)).isEqualTo(image % 10);
            }
        }
    }

    @Test
    void no_image_occurs_twice_in_training_and_test() {
        Set<String> seen = new HashSet<>();
        for (Split split : Split.values()) {
            ImageSet images = SHAPES.split(split);
            for (int image = 0; image < images.count(); image++) {
                assertThat(seen.add(Digests.of(Pixels.of(images, image)))).isTrue();
            }
        }
    }

    @Test
    void the_standard_constants_are_those_of_its_training_images() {
        Normalisation.Constants standard = SHAPES.resolve(new Normalisation.Named(Normalisation.Choice.STANDARD));
        Normalisation.Constants train = SHAPES.resolve(new Normalisation.Named(Normalisation.Choice.TRAIN));

        for (int channel = 0; channel < 3; channel++) {
            assertThat(standard.mean().get(channel)).isCloseTo(train.mean().get(channel), within(5e-5));
            assertThat(standard.std().get(channel)).isCloseTo(train.std().get(channel), within(5e-5));
        }
    }
}

package org.basinlab.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.DatasetRef;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Normalisation.Choice;
import org.junit.jupiter.api.Test;

class DatasetTest {

    private static final int PLANE = 1024;
    private static final int RECORD = 1 + 3 * PLANE;
    private static final String DIGEST = "a".repeat(64);

    /** Two images; by channel: half 0 and half 255; all of one image 51 and of the other 153; 0 but for one 255. */
    private static byte[] records() {
        byte[] records = new byte[2 * RECORD];
        for (int image = 0; image < 2; image++) {
            for (int pixel = 0; pixel < PLANE; pixel++) {
                records[image * RECORD + 1 + pixel] = (byte) (pixel % 2 == 0 ? 0 : 255);
                records[image * RECORD + 1 + PLANE + pixel] = (byte) (image == 0 ? 51 : 153);
            }
        }
        records[RECORD + 1 + 2 * PLANE] = (byte) 255;
        return records;
    }

    private static Dataset dataset(KnownDataset name, byte[] train) {
        byte[] test = new byte[RECORD];
        return new Dataset(name, "a folder", new ImageSet(name, train), new ImageSet(name, test), DIGEST, false);
    }

    private final Dataset cifar = dataset(KnownDataset.CIFAR10, records());

    @Test
    void train_constants_are_mean_and_population_deviation_of_the_training_images() {
        Normalisation.Constants train = cifar.resolve(named(Choice.TRAIN));

        double rare = 1.0 / (2 * PLANE);
        assertThat(train.mean().get(0)).isCloseTo(0.5, within(1e-15));
        assertThat(train.std().get(0)).isCloseTo(0.5, within(1e-15));
        assertThat(train.mean().get(1)).isCloseTo(0.4, within(1e-15));
        assertThat(train.std().get(1)).isCloseTo(0.2, within(1e-15));
        assertThat(train.mean().get(2)).isCloseTo(rare, within(1e-15));
        assertThat(train.std().get(2)).isCloseTo(Math.sqrt(rare * (1 - rare)), within(1e-15));
    }

    @Test
    void a_channel_that_does_not_vary_cannot_be_normalised_by_train() {
        Dataset black = dataset(KnownDataset.CIFAR10, new byte[RECORD]);

        assertThatThrownBy(() -> black.resolve(named(Choice.TRAIN)))
                .isInstanceOf(DatasetException.class)
                .hasMessageEndingWith("channel 0 does not");
    }

    @Test
    void the_other_choices_have_fixed_constants() {
        assertThat(cifar.resolve(named(Choice.STANDARD)))
                .isEqualTo(
                        new Normalisation.Constants(List.of(0.4914, 0.4822, 0.4465), List.of(0.2470, 0.2435, 0.2616)));
        assertThat(cifar.resolve(named(Choice.HALF)))
                .isEqualTo(new Normalisation.Constants(Collections.nCopies(3, 0.5), Collections.nCopies(3, 0.5)));
        assertThat(cifar.resolve(named(Choice.NONE)))
                .isEqualTo(new Normalisation.Constants(Collections.nCopies(3, 0.0), Collections.nCopies(3, 1.0)));
    }

    @Test
    void given_constants_are_taken_when_there_is_one_pair_a_channel() {
        Normalisation.Constants three = new Normalisation.Constants(List.of(0.1, 0.2, 0.3), List.of(1.0, 2.0, 3.0));
        Normalisation.Constants two = new Normalisation.Constants(List.of(0.1, 0.2), List.of(1.0, 2.0));

        assertThat(cifar.resolve(three)).isSameAs(three);
        assertThatThrownBy(() -> cifar.resolve(two))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cifar10 needs normalisation constants of 3 channels, was 2");
    }

    @Test
    void a_pinned_digest_must_be_the_one_found() {
        String other = "b".repeat(64);

        assertThat(cifar.require(wanted(KnownDataset.CIFAR10, Optional.empty())))
                .isSameAs(cifar);
        assertThat(cifar.require(wanted(KnownDataset.CIFAR10, Optional.of(DIGEST))))
                .isSameAs(cifar);
        assertThatThrownBy(() -> cifar.require(wanted(KnownDataset.CIFAR10, Optional.of(other))))
                .isInstanceOf(DatasetException.class)
                .hasMessage("cifar10 (a folder) must have the digest that the specification pins, " + other + ", found "
                        + DIGEST);
    }

    @Test
    void another_data_set_is_refused() {
        assertThatThrownBy(() -> cifar.require(wanted(KnownDataset.SYNTHETIC_SHAPES, Optional.empty())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the data set must be synthetic-shapes, was cifar10");
    }

    private static Normalisation named(Choice choice) {
        return new Normalisation.Named(choice);
    }

    private static DatasetRef wanted(KnownDataset name, Optional<String> digest) {
        return new DatasetRef(name, named(Choice.STANDARD), digest);
    }
}

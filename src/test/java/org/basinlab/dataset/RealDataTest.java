package org.basinlab.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Split;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Reads CIFAR-10 itself, where it lies beside the repository or in the folder that {@code BASINLAB_DATA_DIR} names. */
@Tag("real-data")
class RealDataTest {

    /** A re-encoded, reshuffled copy whose README states its statistics. */
    private static final String REENCODED = "29b914e949f1e6ba4d02e3b4f1a7dbf7621dc01b06ebbbee65b2d18a6758be38";

    private static final List<Path> PLACES = places();
    private static final DataSets DATA_SETS = new DataSets(PLACES);

    private Dataset cifar;

    private static List<Path> places() {
        List<Path> places = new ArrayList<>();
        Optional.ofNullable(System.getenv("BASINLAB_DATA_DIR")).map(Path::of).ifPresent(places::add);
        places.add(Path.of("../shared/data"));
        return places;
    }

    @BeforeEach
    void read_cifar_where_it_is() {
        assumeTrue(
                CifarLayout.CIFAR10.find(PLACES).isPresent(),
                "no CIFAR-10 in " + PLACES + ": set BASINLAB_DATA_DIR to read it");
        cifar = DATA_SETS.open(KnownDataset.CIFAR10);
    }

    @Test
    void it_has_all_its_images_and_equally_many_of_each_class() {
        for (Split split : Split.values()) {
            ImageSet images = cifar.split(split);
            int[] counts = new int[10];
            for (int image = 0; image < images.count(); image++) {
                counts[images.label(image)]++;
            }
            assertThat(images.count()).isEqualTo(KnownDataset.CIFAR10.images(split));
            assertThat(counts).containsOnly(images.count() / 10);
        }
    }

    @Test
    void the_statistics_of_its_training_images_are_the_published_ones() {
        Normalisation.Constants train = cifar.resolve(new Normalisation.Named(Normalisation.Choice.TRAIN));
        Normalisation.Constants standard = cifar.resolve(new Normalisation.Named(Normalisation.Choice.STANDARD));

        assertClose(train, standard, cifar.official() ? 5e-5 : 5e-3);
    }

    @Test
    void the_statistics_of_the_reencoded_copy_are_those_of_its_readme() {
        assumeTrue(cifar.digest().equals(REENCODED), "not the re-encoded copy");

        Normalisation.Constants train = cifar.resolve(new Normalisation.Named(Normalisation.Choice.TRAIN));

        assertThat(cifar.official()).isFalse();
        assertClose(
                train,
                new Normalisation.Constants(List.of(0.4913, 0.4821, 0.4465), List.of(0.2452, 0.2428, 0.2606)),
                5e-5);
    }

    @Test
    void fashion_mnist_is_official_where_debian_puts_it() {
        assumeTrue(
                IdxLayout.FASHION_MNIST.find(PLACES).isPresent(),
                "no Fashion-MNIST: Debian's package dataset-fashion-mnist has it");
        Dataset fashion = DATA_SETS.open(KnownDataset.FASHION_MNIST);

        Normalisation.Constants train = fashion.resolve(new Normalisation.Named(Normalisation.Choice.TRAIN));

        assumeTrue(fashion.official(), "not the published files");
        assertThat(fashion.digest()).isEqualTo("21aad080a5e96a3fcb882b59494caf34246facf76eb482bfc80b62d8b626c88e");
        assertThat(train.mean().get(0)).isCloseTo(0.2860, within(5e-5));
        assertThat(train.std().get(0)).isCloseTo(0.3530, within(5e-5));
    }

    private static void assertClose(Normalisation.Constants found, Normalisation.Constants expected, double tolerance) {
        for (int channel = 0; channel < 3; channel++) {
            assertThat(found.mean().get(channel)).isCloseTo(expected.mean().get(channel), within(tolerance));
            assertThat(found.std().get(channel)).isCloseTo(expected.std().get(channel), within(tolerance));
        }
    }
}

package org.basinlab.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetsTest {

    private static final int THREADS = 8;

    private final CifarFixture fixture = new CifarFixture();

    private final Path place;

    DataSetsTest(@TempDir Path place) {
        this.place = place;
    }

    @Test
    void threads_that_open_at_once_share_one_reading() throws Exception {
        fixture.writeAllPacked(place);
        DataSets dataSets = new DataSets(List.of(place), List.of(CifarFixture.LAYOUT));
        CyclicBarrier start = new CyclicBarrier(THREADS);
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);

        List<Dataset> opened = new ArrayList<>();
        try {
            List<Future<Dataset>> openings = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                openings.add(pool.submit(() -> {
                    start.await();
                    return dataSets.open(KnownDataset.CIFAR10);
                }));
            }
            for (Future<Dataset> opening : openings) {
                opened.add(opening.get());
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(opened).hasSize(THREADS).allSatisfy(each -> assertThat(each).isSameAs(opened.get(0)));
    }

    @Test
    void data_stays_in_memory_when_its_files_are_gone() throws IOException {
        Path archive = fixture.writeArchive(place);
        DataSets dataSets = new DataSets(List.of(place), List.of(CifarFixture.LAYOUT));
        Dataset first = dataSets.open(KnownDataset.CIFAR10);

        Files.delete(archive);
        Dataset second = dataSets.open(KnownDataset.CIFAR10);

        assertThat(second).isSameAs(first);
    }

    @Test
    void a_failure_is_not_remembered() throws IOException {
        DataSets dataSets = new DataSets(List.of(place), List.of(CifarFixture.LAYOUT));
        assertThatThrownBy(() -> dataSets.open(KnownDataset.CIFAR10)).isInstanceOf(DatasetException.class);

        fixture.writeAllUnpacked(place);
        Dataset opened = dataSets.open(KnownDataset.CIFAR10);

        assertThat(opened.digest()).isEqualTo(fixture.digest());
    }

    @Test
    void the_list_says_what_is_built_in_and_what_to_do_about_the_rest() {
        List<Listing> listings = new DataSets(List.of(place)).list();

        Listing cifar = listings.get(0);
        assertThat(cifar.name()).isEqualTo(KnownDataset.CIFAR10);
        assertThat(cifar.place()).isEqualTo("not found");
        assertThat(cifar.digest()).isEmpty();
        assertThat(cifar.advice().orElseThrow()).contains("cifar-10-binary.tar.gz", "--data-dir");
        Listing shapes = listings.get(4);
        assertThat(shapes)
                .isEqualTo(new Listing(
                        KnownDataset.SYNTHETIC_SHAPES,
                        "built in",
                        0,
                        Optional.of(SyntheticShapes.DIGEST),
                        true,
                        Optional.empty()));
        assertThat(shapes.images(Split.TRAIN)).isEqualTo(10_000);
        assertThat(shapes.images(Split.TEST)).isEqualTo(2_000);
        assertThat(shapes.classes()).isEqualTo(10);
    }

    @Test
    void the_list_gives_the_digest_once_the_data_was_read() throws IOException {
        fixture.writeAllUnpacked(place);
        DataSets dataSets = new DataSets(List.of(place), List.of(CifarFixture.LAYOUT));

        Listing before = dataSets.list().get(0);
        dataSets.open(KnownDataset.CIFAR10);
        Listing after = dataSets.list().get(0);

        assertThat(before)
                .isEqualTo(new Listing(
                        KnownDataset.CIFAR10,
                        place.toString(),
                        6L * CifarFixture.BYTES,
                        Optional.empty(),
                        false,
                        Optional.empty()));
        assertThat(after)
                .isEqualTo(new Listing(
                        KnownDataset.CIFAR10,
                        place.toString(),
                        6L * CifarFixture.BYTES,
                        Optional.of(fixture.digest()),
                        false,
                        Optional.empty()));
    }

    @Test
    void the_list_names_a_missing_batch() throws IOException {
        fixture.writeAllUnpacked(place);
        Files.delete(place.resolve("data_batch_4.bin"));

        Listing cifar = new DataSets(List.of(place)).list().get(0);

        assertThat(cifar.place()).isEqualTo(place.toString());
        assertThat(cifar.advice().orElseThrow()).endsWith("missing data_batch_4.bin");
    }
}

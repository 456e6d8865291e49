package org.basinlab.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarReadingTest {

    private final CifarFixture fixture = new CifarFixture();

    private final Path place;

    CifarReadingTest(@TempDir Path place) {
        this.place = place;
    }

    @Test
    void every_form_of_the_batches_gives_the_same_records_and_digest() throws IOException {
        fixture.writeAllUnpacked(place.resolve("unpacked"));
        fixture.writeAllPacked(place.resolve("packed"));
        fixture.writeArchive(place.resolve("archive"));

        List<Dataset> read = List.of(open("unpacked"), open("packed"), open("archive"));

        assertThat(read).extracting(Dataset::digest).containsOnly(fixture.digest());
        assertThat(read).allSatisfy(dataset -> {
            for (int image = 0; image < 5 * CifarFixture.RECORDS; image++) {
                assertRecord(dataset.split(Split.TRAIN), image, fixture.batch(image / CifarFixture.RECORDS));
            }
            for (int image = 0; image < CifarFixture.RECORDS; image++) {
                assertRecord(dataset.split(Split.TEST), image, fixture.batch(5));
            }
        });
    }

    private static void assertRecord(ImageSet images, int image, byte[] batch) {
        int start = image % CifarFixture.RECORDS * CifarFixture.RECORD;
        assertThat(images.label(image)).isEqualTo(batch[start]);
        assertThat(Pixels.of(images, image))
                .isEqualTo(Arrays.copyOfRange(batch, start + 1, start + CifarFixture.RECORD));
    }

    @Test
    void a_folder_may_mix_packed_and_unpacked_batches_and_the_unpacked_one_is_read() throws IOException {
        fixture.writeAllPacked(place);
        Files.write(place.resolve("data_batch_3.bin"), fixture.batch(2));
        Files.write(place.resolve("data_batch_3.bin.gz"), new byte[] {1, 2, 3});

        Dataset read = open("");

        assertThat(read.digest()).isEqualTo(fixture.digest());
    }

    @Test
    void splits_have_the_sizes_of_their_files() throws IOException {
        fixture.writeAllUnpacked(place);

        Dataset read = open("");

        assertThat(read.split(Split.TRAIN).count()).isEqualTo(5 * CifarFixture.RECORDS);
        assertThat(read.split(Split.TEST).count()).isEqualTo(CifarFixture.RECORDS);
        assertThat(read.origin()).isEqualTo(place.toString());
    }

    @Test
    void a_place_is_searched_from_itself_over_its_two_folders_to_the_archive() throws IOException {
        Path archive = fixture.writeArchive(place);
        assertThat(found()).isEqualTo(archive);

        Path second = fixture.writeAllPacked(place.resolve("cifar10"));
        assertThat(found()).isEqualTo(second);

        Path first = fixture.writeAllPacked(place.resolve("cifar-10-batches-bin"));
        assertThat(found()).isEqualTo(first);

        fixture.writeAllPacked(place);
        assertThat(found()).isEqualTo(place);
    }

    @Test
    void an_earlier_place_goes_before_a_later_one() throws IOException {
        Path earlier = fixture.writeArchive(place.resolve("earlier"));
        fixture.writeAllUnpacked(place.resolve("later"));

        Source found = CifarFixture.LAYOUT
                .find(List.of(place.resolve("absent"), place.resolve("earlier"), place.resolve("later")))
                .orElseThrow();

        assertThat(found.path()).isEqualTo(earlier);
    }

    @Test
    void data_is_official_when_every_batch_is_the_published_one() throws Exception {
        fixture.writeAllPacked(place);
        CifarLayout originals = fixture.layoutOfOriginals();

        Dataset original = new DataSets(List.of(place), List.of(originals)).open(KnownDataset.CIFAR10);
        fixture.batch(5)[CifarFixture.RECORD - 1] ^= 1;
        fixture.writeAllPacked(place);
        Dataset changed = new DataSets(List.of(place), List.of(originals)).open(KnownDataset.CIFAR10);

        assertThat(original.official()).isTrue();
        assertThat(changed.official()).isFalse();
        assertThat(changed.digest()).isNotEqualTo(original.digest()).isEqualTo(fixture.digest());
    }

    private Dataset open(String folder) {
        return new DataSets(List.of(place.resolve(folder)), List.of(CifarFixture.LAYOUT)).open(KnownDataset.CIFAR10);
    }

    private Path found() {
        return CifarFixture.LAYOUT.find(List.of(place)).orElseThrow().path();
    }
}

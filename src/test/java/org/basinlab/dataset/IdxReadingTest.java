package org.basinlab.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data sets in the form of MNIST: what is read, where it is looked for, and one line for every fault. */
class IdxReadingTest {

    private static final String IMAGES = "train-images-idx3-ubyte";
    private static final String LABELS = "t10k-labels-idx1-ubyte";

    private final IdxFixture fixture = new IdxFixture();

    private final Path place;
    private final Path images;
    private final Path labels;

    IdxReadingTest(@TempDir Path place) {
        this.place = place;
        images = place.resolve(IMAGES);
        labels = place.resolve(LABELS);
    }

    @Test
    void every_form_of_the_files_gives_the_same_records_and_digest() throws IOException {
        fixture.writePlain(place.resolve("plain"));
        fixture.writePacked(place.resolve("packed"));
        fixture.writeDotted(place.resolve("dotted"));

        List<Dataset> read = List.of(open("plain"), open("packed"), open("dotted"));

        assertThat(read).extracting(Dataset::digest).containsOnly(fixture.digest());
        for (Split split : Split.values()) {
            ImageSet set = read.get(0).split(split);
            assertThat(set.count()).isEqualTo(fixture.labels(split).length);
            assertThat(set.pixels()).isEqualTo(IdxFixture.PIXELS);
            for (int image = 0; image < set.count(); image++) {
                int from = image * IdxFixture.PIXELS;
                assertThat(set.label(image)).isEqualTo(fixture.labels(split)[image]);
                assertThat(Pixels.of(set, image))
                        .isEqualTo(Arrays.copyOfRange(fixture.pixels(split), from, from + IdxFixture.PIXELS));
            }
        }
    }

    @Test
    void the_plain_file_is_read_where_both_lie() throws IOException {
        fixture.writePlain(place);
        Files.write(place.resolve(IMAGES + ".gz"), new byte[] {1, 2, 3});

        assertThat(open("").digest()).isEqualTo(fixture.digest());
    }

    @Test
    void folders_of_its_own_name_go_before_the_place_and_the_other_sets_folder_is_not_looked_in() throws IOException {
        IdxLayout fashion = IdxLayout.fashionMnist(
                IdxFixture.TRAIN,
                IdxFixture.TEST,
                Collections.nCopies(4, "0".repeat(32)),
                List.of(place.resolve("usr")));

        fixture.writePacked(place.resolve("usr"));
        assertThat(fashion.find(List.of(place)).orElseThrow().path()).isEqualTo(place.resolve("usr"));

        fixture.writePlain(place);
        assertThat(fashion.find(List.of(place)).orElseThrow().path()).isEqualTo(place);

        fixture.writePlain(place.resolve("FashionMNIST/raw"));
        assertThat(fashion.find(List.of(place)).orElseThrow().path()).isEqualTo(place.resolve("FashionMNIST/raw"));

        fixture.writePlain(place.resolve("fashion-mnist"));
        assertThat(fashion.find(List.of(place)).orElseThrow().path()).isEqualTo(place.resolve("fashion-mnist"));
        assertThat(IdxFixture.LAYOUT.find(List.of(place.resolve("fashion-mnist"))))
                .isEmpty();
    }

    @Test
    void data_is_official_when_every_file_is_the_published_one() throws Exception {
        IdxLayout originals = fixture.layoutOfOriginals();
        fixture.writePacked(place);

        Dataset original = new DataSets(List.of(place), List.of(originals)).open(KnownDataset.MNIST);
        fixture.labels(Split.TEST)[1] ^= 1;
        fixture.writePacked(place);
        Dataset changed = new DataSets(List.of(place), List.of(originals)).open(KnownDataset.MNIST);

        assertThat(original.official()).isTrue();
        assertThat(changed.official()).isFalse();
    }

    @Test
    void data_that_lies_nowhere() {
        assertThat(fault())
                .startsWith("data set mnist must lie in a folder that is searched (" + place + "): found no ")
                .contains(IMAGES, LABELS, "basinlab data fetch mnist", "--data-dir");
    }

    @Test
    void missing_files() throws IOException {
        fixture.writePlain(place);
        Files.delete(images);
        Files.delete(labels);

        assertThat(fault())
                .isEqualTo(place + " must hold the four files of mnist, each plain or as .gz: missing " + IMAGES + ", "
                        + LABELS);
    }

    @Test
    void labels_in_the_place_of_images() throws IOException {
        fixture.writePlain(place);
        Files.write(images, ByteBuffer.allocate(40).putInt(0x0801).array());

        assertThat(fault())
                .isEqualTo(images + " must begin with the magic number 0x00000803 of images in IDX, found 0x00000801");
    }

    @Test
    void a_header_that_tells_of_another_number_of_images() throws IOException {
        fixture.writePlain(place);
        Files.write(images, header(6, 28, 28));

        assertThat(fault()).isEqualTo(images + " must hold 7 images, its header says 6");
    }

    @Test
    void a_header_that_tells_of_images_of_another_size() throws IOException {
        fixture.writePlain(place);
        Files.write(images, header(7, 28, -1));

        assertThat(fault()).isEqualTo(images + " must hold 28 columns an image, its header says 4,294,967,295");
    }

    private static byte[] header(int count, int rows, int columns) {
        return ByteBuffer.allocate(16)
                .putInt(0x0803)
                .putInt(count)
                .putInt(rows)
                .putInt(columns)
                .array();
    }

    @Test
    void pixels_that_are_missing() throws IOException {
        fixture.writePlain(place);
        Files.write(images, Arrays.copyOf(fixture.file(0), 16 + 784 + 5));

        assertThat(fault())
                .isEqualTo(images + " must hold 5,504 bytes (a header of 16 and 7 records of 784), found 805,"
                        + " which is no whole number of records");
    }

    @Test
    void a_file_that_goes_on() throws IOException {
        fixture.writePlain(place);
        Files.write(labels, Arrays.copyOf(fixture.file(3), 8 + 4));

        assertThat(fault()).isEqualTo(labels + " must hold 11 bytes (a header of 8 and 3 records of 1), found more");
    }

    @Test
    void a_packed_file_that_breaks_off() throws IOException {
        fixture.writePacked(place);
        Path packed = place.resolve(IMAGES + ".gz");
        byte[] bytes = Files.readAllBytes(packed);
        Files.write(packed, Arrays.copyOf(bytes, bytes.length / 2));

        assertThat(fault())
                .startsWith(packed + " must hold 5,504 bytes")
                .endsWith(" before its compressed stream breaks off");
    }

    @Test
    void a_label_beyond_nine() throws IOException {
        fixture.labels(Split.TEST)[2] = (byte) 211;
        fixture.writePlain(place);

        assertThat(fault()).isEqualTo("the label of image 2 (byte 10) in " + labels + " must lie in 0–9, was 211");
    }

    private Dataset open(String folder) {
        return new DataSets(List.of(place.resolve(folder)), List.of(IdxFixture.LAYOUT)).open(KnownDataset.MNIST);
    }

    private String fault() {
        DatasetException fault = catchThrowableOfType(DatasetException.class, () -> open(""));
        assertThat(fault).as("the fault of %s", place).isNotNull();
        return String.valueOf(fault.getMessage());
    }
}

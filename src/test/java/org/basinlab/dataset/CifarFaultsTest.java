package org.basinlab.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.basinlab.recipe.KnownDataset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every fault that CIFAR-10 can have on disk gives one line: what must hold, where, and what was found. */
class CifarFaultsTest {

    private static final String SIZE = " must hold 12,292 bytes (4 records of 3,073), found ";

    private final CifarFixture fixture = new CifarFixture();

    private final Path place;
    private final Path batch;
    private final Path packedBatch;

    CifarFaultsTest(@TempDir Path place) {
        this.place = place;
        batch = place.resolve("data_batch_2.bin");
        packedBatch = place.resolve("data_batch_2.bin.gz");
    }

    @Test
    void data_that_lies_nowhere() {
        assertThat(fault())
                .startsWith("data set cifar10 must lie in a folder that is searched (" + place + "): found no ")
                .contains("data_batch_1.bin", "cifar-10-binary.tar.gz", "basinlab data fetch cifar10")
                .endsWith("--data-dir or BASINLAB_DATA_DIR");
    }

    @Test
    void data_that_is_searched_in_no_folder() {
        DatasetException fault = catchThrowableOfType(
                DatasetException.class,
                () -> new DataSets(List.of(), List.of(CifarFixture.LAYOUT)).open(KnownDataset.CIFAR10));

        assertThat(fault).hasMessageContaining("(no folder)");
    }

    @Test
    void missing_batches() throws IOException {
        fixture.writeAllUnpacked(place);
        Files.delete(batch);
        Files.delete(place.resolve("test_batch.bin"));

        assertThat(fault())
                .isEqualTo(place + " must hold all six batches of cifar10, each as .bin or .bin.gz:"
                        + " missing data_batch_2.bin, test_batch.bin");
    }

    @Test
    void a_batch_that_ends_early() throws IOException {
        fixture.writeAllUnpacked(place);
        Files.write(batch, Arrays.copyOf(fixture.batch(1), 3 * CifarFixture.RECORD));

        assertThat(fault()).isEqualTo(batch + SIZE + "9,219");
    }

    @Test
    void a_batch_that_is_no_whole_number_of_records() throws IOException {
        fixture.writeAllUnpacked(place);
        Files.write(batch, Arrays.copyOf(fixture.batch(1), 10_000));

        assertThat(fault()).isEqualTo(batch + SIZE + "10,000, which is no whole number of records");
    }

    @Test
    void a_batch_that_is_too_large() throws IOException {
        fixture.writeAllUnpacked(place);
        Files.write(batch, Arrays.copyOf(fixture.batch(1), 5 * CifarFixture.RECORD));

        assertThat(fault()).isEqualTo(batch + SIZE + "15,365");
    }

    @Test
    void a_test_set_that_is_too_small() throws IOException {
        fixture.writeAllUnpacked(place);
        Path test = place.resolve("test_batch.bin");
        Files.write(test, Arrays.copyOf(fixture.batch(5), CifarFixture.RECORD));

        assertThat(fault()).isEqualTo(test + SIZE + "3,073");
    }

    @Test
    void a_packed_batch_that_unpacks_to_too_little() throws IOException {
        fixture.writeAllPacked(place);
        Files.write(packedBatch, CifarFixture.packed(Arrays.copyOf(fixture.batch(1), 10_000)));

        assertThat(fault()).isEqualTo(packedBatch + SIZE + "10,000, which is no whole number of records");
    }

    @Test
    void a_packed_batch_that_unpacks_to_too_much() throws IOException {
        fixture.writeAllPacked(place);
        Files.write(packedBatch, CifarFixture.packed(Arrays.copyOf(fixture.batch(1), 5 * CifarFixture.RECORD)));

        assertThat(fault()).isEqualTo(packedBatch + SIZE + "more");
    }

    @Test
    void a_packed_batch_that_breaks_off() throws IOException {
        fixture.writeAllPacked(place);
        byte[] packed = Files.readAllBytes(packedBatch);
        Files.write(packedBatch, Arrays.copyOf(packed, packed.length / 2));

        assertThat(fault())
                .startsWith(packedBatch + SIZE)
                .matches(".* found [1-9][0-9,]* before its compressed stream breaks off");
    }

    @Test
    void a_packed_batch_that_breaks_off_in_its_checksum() throws IOException {
        fixture.writeAllPacked(place);
        byte[] packed = Files.readAllBytes(packedBatch);
        Files.write(packedBatch, Arrays.copyOf(packed, packed.length - 3));

        assertThat(fault()).isEqualTo(packedBatch + SIZE + "12,292 before its compressed stream breaks off");
    }

    @Test
    void an_empty_packed_batch() throws IOException {
        fixture.writeAllPacked(place);
        Files.write(packedBatch, new byte[0]);

        assertThat(fault()).isEqualTo(packedBatch + SIZE + "0 before its compressed stream breaks off");
    }

    @Test
    void a_packed_batch_whose_checksum_is_wrong() throws IOException {
        fixture.writeAllPacked(place);
        byte[] packed = Files.readAllBytes(packedBatch);
        packed[packed.length - 6] ^= 1;
        Files.write(packedBatch, packed);

        assertThat(fault()).startsWith(packedBatch + " must be readable: ").contains("GZIP");
    }

    @Test
    void a_packed_batch_that_is_not_packed() throws IOException {
        fixture.writeAllPacked(place);
        Files.write(packedBatch, fixture.batch(1));

        assertThat(fault()).isEqualTo(packedBatch + " must be readable: Not in GZIP format");
    }

    @Test
    void a_folder_in_the_place_of_a_batch() throws IOException {
        fixture.writeAllUnpacked(place);
        Files.delete(batch);
        Files.createDirectory(batch);

        assertThat(fault()).startsWith(batch + " must be readable: ");
    }

    @Test
    void a_label_beyond_nine() throws IOException {
        fixture.batch(1)[2 * CifarFixture.RECORD] = (byte) 200;
        fixture.writeAllPacked(place);

        assertThat(fault())
                .isEqualTo("the label of record 2 (byte 6146) in " + packedBatch + " must lie in 0–9, was 200");
    }

    @Test
    void of_several_faults_that_of_the_first_file_is_told() throws IOException {
        for (int file = 1; file < 6; file++) {
            fixture.batch(file)[0] = 10;
        }
        fixture.writeAllPacked(place);

        assertThat(fault()).contains(packedBatch.toString());
    }

    @Test
    void an_archive_that_unpacks_to_far_more_than_its_files() throws IOException {
        Path archive = fixture.writeArchive(place);
        byte[] whole;
        try (GZIPInputStream unpacked = new GZIPInputStream(Files.newInputStream(archive))) {
            whole = unpacked.readAllBytes();
        }
        Files.write(archive, CifarFixture.packed(Arrays.copyOf(whole, 4 << 20)));

        assertThat(fault()).isEqualTo(archive + " must unpack to about 73,752 bytes, has more than 1,137,078");
    }

    @Test
    void an_archive_that_lacks_batches() throws IOException {
        Path archive = fixture.writeArchive(place, List.of(0, 1, 3, 4));

        assertThat(fault())
                .isEqualTo(archive + " must hold all six batches of cifar10: missing data_batch_3.bin, test_batch.bin");
    }

    @Test
    void an_archive_with_a_batch_of_another_size() throws IOException {
        CifarLayout longer = CifarLayout.cifar10(5, Collections.nCopies(6, "0".repeat(40)));
        Path archive = fixture.writeArchive(place, List.of(0, 1, 2, 3, 4, 5));

        assertThat(fault(longer))
                .isEqualTo("data_batch_1.bin in " + archive
                        + " must hold 15,365 bytes (5 records of 3,073), found 12,292");
    }

    @Test
    void an_archive_that_breaks_off_within_a_batch() throws IOException {
        Path archive = fixture.writeArchive(place, List.of(0, 1, 2, 3, 4, 5));
        byte[] packed = Files.readAllBytes(archive);
        Files.write(archive, Arrays.copyOf(packed, packed.length / 4));

        assertThat(fault())
                .startsWith("data_batch_2.bin in " + archive + SIZE)
                .endsWith(" before its compressed stream breaks off");
    }

    @Test
    void an_archive_that_breaks_off_in_its_checksum() throws IOException {
        Path archive = fixture.writeArchive(place);
        byte[] packed = Files.readAllBytes(archive);
        Files.write(archive, Arrays.copyOf(packed, packed.length - 3));

        assertThat(fault()).isEqualTo(archive + " must be a whole archive: its compressed stream breaks off");
    }

    @Test
    void an_archive_of_which_nothing_is_there() throws IOException {
        Path archive = Files.createFile(place.resolve("cifar-10-binary.tar.gz"));

        assertThat(fault())
                .startsWith(archive + " must be a whole archive: its compressed stream breaks off before data_batch_1");
    }

    @Test
    void an_archive_that_is_none() throws IOException {
        Path archive = Files.writeString(place.resolve("cifar-10-binary.tar.gz"), "<html>moved</html>");

        assertThat(fault()).isEqualTo(archive + " must be readable: Not in GZIP format");
    }

    private String fault() {
        return fault(CifarFixture.LAYOUT);
    }

    private String fault(CifarLayout layout) {
        DataSets dataSets = new DataSets(List.of(place), List.of(layout));
        DatasetException fault =
                catchThrowableOfType(DatasetException.class, () -> dataSets.open(KnownDataset.CIFAR10));
        assertThat(fault).as("the fault of %s", place).isNotNull();
        String message = String.valueOf(fault.getMessage());
        assertThat(message).doesNotContain("\n");
        return message;
    }
}

package org.basinlab.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar100ReadingTest {

    private static final int PIXELS = 3_072;
    private static final int RECORD = 2 + PIXELS;

    private final byte[] train = records(5, 1);
    private final byte[] test = records(3, 2);

    private final Path place;

    Cifar100ReadingTest(@TempDir Path place) {
        this.place = place;
    }

    private static byte[] records(int count, long seed) {
        var random = Seeds.generator(seed);
        byte[] bytes = new byte[count * RECORD];
        random.nextBytes(bytes);
        for (int record = 0; record < count; record++) {
            bytes[record * RECORD] = (byte) random.nextInt(20);
            bytes[record * RECORD + 1] = (byte) random.nextInt(100);
        }
        return bytes;
    }

    private CifarLayout layout() throws Exception {
        return CifarLayout.cifar100(5, 3, List.of(sha1(train), sha1(test)));
    }

    private static String sha1(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
    }

    private Dataset open() throws Exception {
        return new DataSets(List.of(place), List.of(layout())).open(KnownDataset.CIFAR100);
    }

    private void write(String folder) throws IOException {
        Path into = Files.createDirectories(place.resolve(folder));
        Files.write(into.resolve("train.bin"), train);
        Files.write(into.resolve("test.bin.gz"), CifarFixture.packed(test));
    }

    @Test
    void the_fine_label_is_the_class_and_the_coarse_one_is_left_out() throws Exception {
        write("cifar-100-binary");
        MessageDigest digest = Digests.sha256();
        for (byte[] file : List.of(train, test)) {
            for (int at = 0; at < file.length; at += RECORD) {
                digest.update(file, at + 1, 1 + PIXELS);
            }
        }

        Dataset read = open();

        ImageSet images = read.split(Split.TRAIN);
        assertThat(images.count()).isEqualTo(5);
        for (int image = 0; image < 5; image++) {
            assertThat(images.label(image)).isEqualTo(train[image * RECORD + 1]);
            assertThat(Pixels.of(images, image))
                    .isEqualTo(Arrays.copyOfRange(train, image * RECORD + 2, (image + 1) * RECORD));
        }
        assertThat(read.split(Split.TEST).count()).isEqualTo(3);
        assertThat(read.digest()).isEqualTo(Digests.hex(digest.digest()));
        assertThat(read.official()).isTrue();
    }

    @Test
    void the_archive_gives_the_same() throws Exception {
        write("");
        String plain = open().digest();
        Files.delete(place.resolve("train.bin"));
        Files.delete(place.resolve("test.bin.gz"));
        var bytes = new java.io.ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            put(tar, "cifar-100-binary/fine_label_names.txt", new byte[50]);
            put(tar, "cifar-100-binary/test.bin", test);
            put(tar, "cifar-100-binary/train.bin", train);
        }
        Path archive = Files.write(place.resolve("cifar-100-binary.tar.gz"), CifarFixture.packed(bytes.toByteArray()));

        Dataset read = open();

        assertThat(read.digest()).isEqualTo(plain);
        assertThat(read.origin()).isEqualTo(archive.toString());
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    @Test
    void labels_out_of_range_are_told_with_their_place() throws Exception {
        train[2 * RECORD + 1] = 100;
        write("");
        assertThatThrownBy(this::open)
                .hasMessage("the label of record 2 (byte 6149) in %s must lie in 0–99, was 100"
                        .formatted(place.resolve("train.bin")));

        train[RECORD] = 20;
        write("");
        assertThatThrownBy(this::open)
                .hasMessage("the coarse label of record 1 (byte 3074) in %s must lie in 0–19, was 20"
                        .formatted(place.resolve("train.bin")));
    }

    @Test
    void the_records_of_cifar10_are_not_those_of_cifar100() throws Exception {
        write("");
        Files.write(place.resolve("train.bin"), new byte[5 * 3_073]);

        assertThatThrownBy(this::open)
                .hasMessage("%s must hold 15,370 bytes (5 records of 3,074), found 15,365,"
                                .formatted(place.resolve("train.bin"))
                        + " which is no whole number of records");
    }

    @Test
    void a_missing_file_is_named() throws Exception {
        write("");
        Files.delete(place.resolve("train.bin"));

        assertThatThrownBy(this::open)
                .hasMessage(place + " must hold both files of cifar100, each as .bin or .bin.gz: missing train.bin");
    }
}

package org.basinlab.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Split;

/** Four small IDX files of random pixels, to be written in every form that is read. */
final class IdxFixture {

    static final int TRAIN = 7;
    static final int TEST = 3;
    static final int PIXELS = 28 * 28;

    static final IdxLayout LAYOUT = IdxLayout.mnist(TRAIN, TEST, Collections.nCopies(4, "0".repeat(32)));

    private static final List<String> NAMES =
            LAYOUT.files().stream().map(DataFile::name).toList();

    private final byte[][] pixels = {new byte[TRAIN * PIXELS], new byte[TEST * PIXELS]};
    private final byte[][] labels = {new byte[TRAIN], new byte[TEST]};

    IdxFixture() {
        RandomGenerator random = Seeds.generator(11);
        for (int split = 0; split < 2; split++) {
            random.nextBytes(pixels[split]);
            for (int image = 0; image < labels[split].length; image++) {
                labels[split][image] = (byte) random.nextInt(10);
            }
        }
    }

    byte[] labels(Split split) {
        return labels[split == Split.TRAIN ? 0 : 1];
    }

    byte[] pixels(Split split) {
        return pixels[split == Split.TRAIN ? 0 : 1];
    }

    /** The unpacked bytes of a file: training images and labels, then test images and labels. */
    byte[] file(int index) {
        int split = index / 2;
        int count = labels[split].length;
        return index % 2 == 0
                ? ByteBuffer.allocate(16 + count * PIXELS)
                        .putInt(0x0803)
                        .putInt(count)
                        .putInt(28)
                        .putInt(28)
                        .put(pixels[split])
                        .array()
                : ByteBuffer.allocate(8 + count)
                        .putInt(0x0801)
                        .putInt(count)
                        .put(labels[split])
                        .array();
    }

    /** SHA-256 over records of label and pixels, computed without the code under test. */
    String digest() {
        MessageDigest digest = Digests.sha256();
        for (int split = 0; split < 2; split++) {
            for (int image = 0; image < labels[split].length; image++) {
                digest.update(labels[split][image]);
                digest.update(pixels[split], image * PIXELS, PIXELS);
            }
        }
        return Digests.hex(digest.digest());
    }

    /** A layout by which these very files are the published ones. */
    IdxLayout layoutOfOriginals() throws NoSuchAlgorithmException {
        List<String> sums = new ArrayList<>();
        for (int file = 0; file < 4; file++) {
            sums.add(HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(file(file))));
        }
        return IdxLayout.mnist(TRAIN, TEST, sums);
    }

    Path writePlain(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (int file = 0; file < 4; file++) {
            Files.write(folder.resolve(NAMES.get(file)), file(file));
        }
        return folder;
    }

    Path writePacked(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (int file = 0; file < 4; file++) {
            Files.write(folder.resolve(NAMES.get(file) + ".gz"), CifarFixture.packed(file(file)));
        }
        return folder;
    }

    Path writeDotted(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (int file = 0; file < 4; file++) {
            Files.write(folder.resolve(NAMES.get(file).replace("-idx", ".idx")), file(file));
        }
        return folder;
    }
}

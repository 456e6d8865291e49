package org.basinlab.dataset;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Seeds;

/** Six small batches of random pixels, to be written in every form that is read. */
final class CifarFixture {

    static final int RECORDS = 4;
    static final int RECORD = 1 + KnownDataset.CIFAR10.pixels();
    static final int BYTES = RECORDS * RECORD;

    /** Batches of four records, of which none is the published one. */
    static final CifarLayout LAYOUT = CifarLayout.cifar10(RECORDS, Collections.nCopies(6, "0".repeat(40)));

    private static final List<String> FILES =
            LAYOUT.files().stream().map(DataFile::name).toList();

    private final List<byte[]> batches = new ArrayList<>();

    CifarFixture() {
        RandomGenerator random = Seeds.generator(7);
        for (int file = 0; file < FILES.size(); file++) {
            byte[] batch = new byte[BYTES];
            random.nextBytes(batch);
            for (int record = 0; record < RECORDS; record++) {
                batch[record * RECORD] = (byte) random.nextInt(10);
            }
            batches.add(batch);
        }
    }

    byte[] batch(int file) {
        return batches.get(file);
    }

    /** SHA-256 over the files one after the other, computed without the code under test. */
    String digest() {
        MessageDigest digest = Digests.sha256();
        batches.forEach(digest::update);
        return Digests.hex(digest.digest());
    }

    /** A layout by which these very batches are the published ones. */
    CifarLayout layoutOfOriginals() throws NoSuchAlgorithmException {
        List<String> sums = new ArrayList<>();
        for (byte[] batch : batches) {
            sums.add(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(batch)));
        }
        return CifarLayout.cifar10(RECORDS, sums);
    }

    Path writeAllUnpacked(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (int file = 0; file < batches.size(); file++) {
            Files.write(folder.resolve(FILES.get(file)), batches.get(file));
        }
        return folder;
    }

    Path writeAllPacked(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (int file = 0; file < batches.size(); file++) {
            Files.write(folder.resolve(FILES.get(file) + ".gz"), packed(batches.get(file)));
        }
        return folder;
    }

    /** The archive with its entries in another order than the files', as in the published one. */
    Path writeArchive(Path folder) throws IOException {
        return writeArchive(folder, List.of(3, 0, 4, 5, 2, 1));
    }

    Path writeArchive(Path folder, List<Integer> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            put(tar, "cifar-10-batches-bin/readme.html", new byte[88]);
            for (int file : files) {
                put(tar, "cifar-10-batches-bin/" + FILES.get(file), batches.get(file));
            }
        }
        return Files.write(
                Files.createDirectories(folder).resolve("cifar-10-binary.tar.gz"), packed(bytes.toByteArray()));
    }

    static byte[] packed(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}

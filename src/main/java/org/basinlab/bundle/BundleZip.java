package org.basinlab.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.basinlab.recipe.Digests;

/** A bundle that is being written: members in the order in which they are given, each at one fixed time, so that equal members are equal bytes. */
final class BundleZip implements AutoCloseable {

    /** Where the time of a zip begins. */
    private static final LocalDateTime BEGINNING = LocalDateTime.of(1980, 1, 1, 0, 0);

    /** Below what a reader takes for a bomb. */
    private static final int MOST_RATIO = 90;

    private final ZipOutputStream zip;
    private final List<Manifest.Member> members = new ArrayList<>();

    BundleZip(OutputStream out) {
        this.zip = new ZipOutputStream(out);
        zip.setLevel(Deflater.BEST_COMPRESSION);
    }

    List<Manifest.Member> members() {
        return List.copyOf(members);
    }

    void text(String path, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        write(path, () -> new java.io.ByteArrayInputStream(bytes), true);
    }

    /** @param packed whether it is worth packing; Parquet and weights are as small as they get */
    void file(String path, Path file, boolean packed) throws IOException {
        write(path, () -> Files.newInputStream(file), packed);
    }

    private void write(String path, Content content, boolean packed) throws IOException {
        Facts facts = facts(content, packed);
        ZipEntry entry = new ZipEntry(path);
        entry.setTimeLocal(BEGINNING);
        if (!packed || facts.bytes > facts.packedBytes * MOST_RATIO || facts.bytes <= facts.packedBytes) {
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(facts.bytes);
            entry.setCrc(facts.crc);
        } else {
            entry.setMethod(ZipEntry.DEFLATED);
        }
        zip.putNextEntry(entry);
        try (InputStream in = content.open()) {
            in.transferTo(zip);
        }
        zip.closeEntry();
        members.add(new Manifest.Member(path, facts.bytes, facts.sha256));
    }

    private static Facts facts(Content content, boolean packed) throws IOException {
        MessageDigest digest = Digests.sha256();
        CRC32 crc = new CRC32();
        Counting unpacked = new Counting();
        Counting counted = new Counting();
        try (InputStream in = new CheckedInputStream(new DigestInputStream(content.open(), digest), crc);
                OutputStream trial = packed
                        ? new DeflaterOutputStream(counted, new Deflater(Deflater.BEST_COMPRESSION, true))
                        : counted) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                unpacked.write(buffer, 0, n);
                trial.write(buffer, 0, n);
            }
        }
        return new Facts(unpacked.bytes, counted.bytes, crc.getValue(), Digests.hex(digest.digest()));
    }

    /** Ends the file; the stream below stays open. */
    @Override
    public void close() throws IOException {
        zip.finish();
    }

    private record Facts(long bytes, long packedBytes, long crc, String sha256) {}

    @FunctionalInterface
    private interface Content {
        InputStream open() throws IOException;
    }

    private static final class Counting extends OutputStream {
        private long bytes;

        @Override
        public void write(int one) {
            bytes++;
        }

        @Override
        public void write(byte[] some, int offset, int length) {
            bytes += length;
        }
    }
}

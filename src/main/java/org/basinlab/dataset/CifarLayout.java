package org.basinlab.dataset;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Split;

/**
 * What the six files of CIFAR-10 must look like.
 *
 * @param recordsPerBatch how many records each file holds; 10,000 except in tests
 * @param originals lower-case hexadecimal SHA-1 of each unpacked file as its author published it, in the order of
 *     {@link #FILES}
 */
record CifarLayout(int recordsPerBatch, List<String> originals) {

    /** Training files in order, then the test file. */
    static final List<String> FILES = List.of(
            "data_batch_1.bin",
            "data_batch_2.bin",
            "data_batch_3.bin",
            "data_batch_4.bin",
            "data_batch_5.bin",
            "test_batch.bin");

    static final int TRAINING_FILES = FILES.size() - 1;

    /** One label byte, then the pixels, channel-major. */
    static final int RECORD = 1 + KnownDataset.CIFAR10.pixels();

    /**
     * The files of the archive {@code cifar-10-binary.tar.gz}. Its author published no digest of the single files;
     * these are the SHA-1 which Apache MXNet checks in its class {@code gluon.data.vision.CIFAR10}.
     */
    static final CifarLayout ORIGINAL = new CifarLayout(
            KnownDataset.CIFAR10.images(Split.TEST),
            List.of(
                    "aadd24acce27caa71bf4b10992e9e7b2d74c2540",
                    "c0ba65cce70568cd57b4e03e9ac8d2a5367c1795",
                    "1dd00a74ab1d17a6e7d73e185b69dbf31242f295",
                    "aab85764eb3584312d3c7f65fd2fd016e36a258e",
                    "26e2849e66a845b7f1e4614ae70f4889ae604628",
                    "67eb016db431130d61cd03c7ad570b013799c88c"));

    CifarLayout {
        originals = List.copyOf(originals);
    }

    int bytesPerBatch() {
        return recordsPerBatch * RECORD;
    }

    /** Whether these are the published files; decided at the first one that is not. */
    boolean isOriginal(CifarRecords records) {
        int bytes = bytesPerBatch();
        return IntStream.range(0, FILES.size())
                .allMatch(file -> sha1(records.holding(file), records.offset(file, bytes), bytes)
                        .equals(originals.get(file)));
    }

    private static String sha1(byte[] records, int from, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(records, from, length);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}

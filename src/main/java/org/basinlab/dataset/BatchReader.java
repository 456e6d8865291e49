package org.basinlab.dataset;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.util.Locale;
import java.util.Objects;
import org.basinlab.recipe.KnownDataset;

/** Reads one batch of CIFAR-10 into its place and checks its size and its labels. */
final class BatchReader {

    private final CifarLayout layout;

    BatchReader(CifarLayout layout) {
        this.layout = layout;
    }

    /** Opens the unpacked bytes of a batch. */
    @FunctionalInterface
    interface Opening {
        InputStream open() throws IOException;
    }

    /**
     * Reads a batch to its end.
     *
     * @param where names the batch in messages
     * @param file its index in {@link CifarLayout#FILES}
     * @throws DatasetException if it holds fewer or more bytes than it must, breaks off, cannot be read, or has a label
     *     outside 0–9
     */
    void read(String where, Opening opening, CifarRecords records, int file) {
        int length = layout.bytesPerBatch();
        byte[] into = records.holding(file);
        int at = records.offset(file, length);
        int found = 0;
        try (InputStream in = opening.open()) {
            while (found < length) {
                int more = in.read(into, at + found, length - found);
                if (more < 0) {
                    throw wrongSize(where, grouped(found) + fragment(found));
                }
                found += more;
            }
            if (in.read() >= 0) {
                throw wrongSize(where, "more");
            }
        } catch (EOFException e) {
            throw wrongSize(where, grouped(found) + " before its compressed stream breaks off");
        } catch (IOException e) {
            throw unreadable(where, e);
        }
        checkLabels(where, into, at);
    }

    /** Checks a size that is known before reading. */
    void requireSize(String where, long found) {
        if (found != layout.bytesPerBatch()) {
            throw wrongSize(where, grouped(found) + fragment(found));
        }
    }

    static DatasetException unreadable(String where, IOException cause) {
        String reason = cause instanceof AccessDeniedException
                ? "access denied"
                : Objects.requireNonNullElse(
                        cause.getMessage(), cause.getClass().getSimpleName());
        return new DatasetException("%s must be readable: %s".formatted(where, reason), cause);
    }

    private DatasetException wrongSize(String where, String found) {
        return new DatasetException("%s must hold %s bytes (%s records of %s), found %s"
                .formatted(
                        where,
                        grouped(layout.bytesPerBatch()),
                        grouped(layout.recordsPerBatch()),
                        grouped(CifarLayout.RECORD),
                        found));
    }

    private static String fragment(long found) {
        return found % CifarLayout.RECORD == 0 ? "" : ", which is no whole number of records";
    }

    private void checkLabels(String where, byte[] records, int from) {
        int classes = KnownDataset.CIFAR10.classes();
        for (int record = 0; record < layout.recordsPerBatch(); record++) {
            int label = records[from + record * CifarLayout.RECORD] & 0xFF;
            if (label >= classes) {
                throw new DatasetException("the label of record %d (byte %d) in %s must lie in 0–%d, was %d"
                        .formatted(record, (long) record * CifarLayout.RECORD, where, classes - 1, label));
            }
        }
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}

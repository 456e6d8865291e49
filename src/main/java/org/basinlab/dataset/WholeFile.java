package org.basinlab.dataset;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Objects;

/** A file of a data set that is read to its end, neither shorter nor longer than it must be. */
final class WholeFile {

    private final String where;
    private final long length;
    private final String content;
    private final long header;
    private final int record;

    /**
     * @param where names the file in messages
     * @param header bytes before the first record
     * @param records how many follow
     * @param record bytes of one
     */
    WholeFile(String where, int header, long records, int record) {
        this.where = where;
        this.header = header;
        this.record = record;
        this.length = header + records * record;
        String body = "%s records of %s".formatted(grouped(records), grouped(record));
        this.content = header == 0 ? body : "a header of %d and %s".formatted(header, body);
    }

    long length() {
        return length;
    }

    /** Opens the unpacked bytes of a file. */
    @FunctionalInterface
    interface Opening {
        InputStream open() throws IOException;
    }

    /** Takes the bytes in the order of the file, a piece at a time. */
    interface Sink {

        /** Where the next bytes go. */
        byte[] into();

        /** From which index on. */
        int at();

        /** How many may be written there, at least one. */
        int room();

        /** Tells that so many were written. */
        void advance(int count);
    }

    /**
     * Reads all bytes into the sink and the digest.
     *
     * @throws DatasetException if the file holds fewer or more bytes than it must, breaks off or cannot be read
     */
    void read(Opening opening, Sink sink, MessageDigest digest) {
        long found = 0;
        try (InputStream in = opening.open()) {
            while (found < length) {
                byte[] into = sink.into();
                int at = sink.at();
                int more = in.read(into, at, (int) Math.min(sink.room(), length - found));
                if (more < 0) {
                    throw wrongSize(found);
                }
                digest.update(into, at, more);
                found += more;
                sink.advance(more);
            }
            if (in.read() >= 0) {
                throw wrongSize("more");
            }
        } catch (EOFException e) {
            throw wrongSize(grouped(found) + " before its compressed stream breaks off");
        } catch (IOException e) {
            throw unreadable(where, e);
        }
    }

    /** Checks a size that is known before reading. */
    void requireSize(long found) {
        if (found != length) {
            throw wrongSize(found);
        }
    }

    static DatasetException unreadable(String where, IOException cause) {
        String reason = cause instanceof AccessDeniedException
                ? "access denied"
                : Objects.requireNonNullElse(
                        cause.getMessage(), cause.getClass().getSimpleName());
        return new DatasetException("%s must be readable: %s".formatted(where, reason), cause);
    }

    static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private DatasetException wrongSize(long found) {
        boolean whole = found >= header && (found - header) % record == 0;
        return wrongSize(grouped(found) + (whole ? "" : ", which is no whole number of records"));
    }

    private DatasetException wrongSize(String found) {
        return new DatasetException(
                "%s must hold %s bytes (%s), found %s".formatted(where, grouped(length), content, found));
    }
}

package org.basinlab.api;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The bytes in [from, to) of something that has {@code length}; {@code from} = {@code to} where none of the bytes asked
 * for is there.
 */
record ByteRange(long from, long to, long length) {

    private static final Pattern ONE_RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /**
     * What a header Range asks for (RFC 9110, 14.2). Empty where it is to be ignored: absent, malformed, of another unit,
     * or of several ranges.
     */
    static Optional<ByteRange> read(@Nullable String header, long length) {
        if (header == null) {
            return Optional.empty();
        }
        Matcher match = ONE_RANGE.matcher(header.replace(" ", ""));
        if (!match.matches()) {
            return Optional.empty();
        }
        String first = match.group(1);
        String last = match.group(2);
        if (first.isEmpty()) {
            return last.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new ByteRange(Math.max(0, length - Long.parseLong(last)), length, length));
        }
        long from = Long.parseLong(first);
        long to = last.isEmpty() ? length : Math.min(length, Long.parseLong(last) + 1);
        if (!last.isEmpty() && Long.parseLong(last) < from) {
            return Optional.empty();
        }
        return Optional.of(from < length ? new ByteRange(from, to, length) : new ByteRange(length, length, length));
    }

    boolean isEmpty() {
        return from == to;
    }

    boolean isWhole() {
        return from == 0 && to == length;
    }

    /** For the header Content-Range. */
    String contentRange() {
        return isEmpty() ? "bytes */" + length : "bytes %d-%d/%d".formatted(from, to - 1, length);
    }
}

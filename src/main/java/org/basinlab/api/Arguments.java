package org.basinlab.api;

import jakarta.ws.rs.NotFoundException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.basinlab.ledger.Slice;
import org.jspecify.annotations.Nullable;

/** Reads what stands in the address and the headers of a request, strictly: a slip of the pen is never a default. */
final class Arguments {

    private static final int DEFAULT_LIMIT = 100;

    /** Later times PostgreSQL does not know. */
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    private Arguments() {}

    /** @throws IllegalArgumentException unless it is 36 characters of a UUID */
    static UUID id(String text) {
        if (!text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            throw new IllegalArgumentException("an id must be a UUID, was '%s'".formatted(text));
        }
        return UUID.fromString(text);
    }

    /** @throws IllegalArgumentException unless it is what a claim may be named */
    static String claim(String text) {
        if (!text.matches("[A-Za-z0-9-]{1,20}")) {
            throw new IllegalArgumentException(
                    "a claim must be named by letters and digits, such as H1, was '%s'".formatted(text));
        }
        return text;
    }

    static Slice slice(@Nullable String limit, @Nullable String after) {
        return new Slice(limit == null ? DEFAULT_LIMIT : limit(limit), Optional.ofNullable(after));
    }

    private static int limit(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("limit must be a whole number, was '%s'".formatted(text), e);
        }
    }

    static boolean flag(String name, @Nullable String text) {
        if (text == null || text.equals("false")) {
            return false;
        }
        if (text.equals("true")) {
            return true;
        }
        throw new IllegalArgumentException("%s must be true or false, was '%s'".formatted(name, text));
    }

    /** A word to look for; the store takes no NUL. */
    static Optional<String> word(String name, @Nullable String text) {
        if (text != null && text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("%s must not hold the character NUL".formatted(name));
        }
        return Optional.ofNullable(text);
    }

    /** One of a few values, by its label. */
    static <T> Optional<T> choice(String name, @Nullable String text, T[] values, Function<T, String> label) {
        if (text == null) {
            return Optional.empty();
        }
        return Optional.of(Arrays.stream(values)
                .filter(value -> label.apply(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("%s must be one of %s, was '%s'"
                        .formatted(name, Arrays.stream(values).map(label).collect(Collectors.joining(", ")), text))));
    }

    /** @throws IllegalArgumentException unless it is one that an event had */
    static Instant eventId(String text) {
        try {
            Instant time = Instant.parse(text);
            if (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST)) {
                throw new IllegalArgumentException(
                        "the header Last-Event-ID must be the id of an event, was '%s'".formatted(text));
            }
            return time;
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "the header Last-Event-ID must be the id of an event, was '%s'".formatted(text), e);
        }
    }

    static <T> T found(Optional<T> thing, String kind, Object id) {
        return thing.orElseThrow(() -> new NotFoundException("no %s has the id %s".formatted(kind, id)));
    }
}

package org.basinlab.ledger;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The place of an item in its list: the values that the list is ordered by, packed into one opaque word. */
final class Cursor {

    /** Later times PostgreSQL does not know. */
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    private final String given;
    private final List<String> parts;

    private Cursor(String given, List<String> parts) {
        this.given = given;
        this.parts = parts;
    }

    static String of(Object... key) {
        String text =
                String.join("/", List.of(key).stream().map(Object::toString).toList());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * @param size how many values the list is ordered by
     * @throws IllegalArgumentException if the word is no cursor of such a list
     */
    static Optional<Cursor> read(Slice slice, int size) {
        return slice.after().map(given -> {
            try {
                String text = new String(Base64.getUrlDecoder().decode(given), StandardCharsets.UTF_8);
                Cursor cursor = new Cursor(given, List.of(text.split("/", -1)));
                if (cursor.parts.size() != size) {
                    throw cursor.refuse();
                }
                return cursor;
            } catch (IllegalArgumentException e) {
                throw new Cursor(given, List.of()).refuse();
            }
        });
    }

    long number(int place) {
        try {
            return Long.parseLong(parts.get(place));
        } catch (NumberFormatException e) {
            throw refuse();
        }
    }

    int whole(int place) {
        try {
            return Integer.parseInt(parts.get(place));
        } catch (NumberFormatException e) {
            throw refuse();
        }
    }

    Instant instant(int place) {
        try {
            Instant instant = Instant.parse(parts.get(place));
            if (instant.isBefore(Instant.EPOCH) || instant.isAfter(LATEST)) {
                throw refuse();
            }
            return instant;
        } catch (DateTimeException e) {
            throw refuse();
        }
    }

    /** Where the only value of this cursor stands among these. */
    int place(List<String> keys) {
        int place = keys.indexOf(parts.get(0));
        if (place < 0) {
            throw refuse();
        }
        return place;
    }

    UUID uuid(int place) {
        try {
            return UUID.fromString(parts.get(place));
        } catch (IllegalArgumentException e) {
            throw refuse();
        }
    }

    private IllegalArgumentException refuse() {
        return new IllegalArgumentException(
                "after must be the cursor that an earlier part of this list ended with, was '%s'".formatted(given));
    }
}

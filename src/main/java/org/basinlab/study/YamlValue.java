package org.basinlab.study;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/** A value of a YAML text with its place: aliases unfolded, keys unique, every key a text. Immutable. */
sealed interface YamlValue {

    Position at();

    /** For the end of a message: what was found. One line, short. */
    String described();

    /** The same value as if it stood, whole, at {@code position}. */
    YamlValue movedTo(Position position);

    /** What a scalar is by YAML's core schema, in the forms that JSON shares with it. */
    enum Kind {
        TEXT,
        WHOLE_NUMBER,
        NUMBER,
        TRUTH,
        NOTHING
    }

    /**
     * A single value.
     *
     * @param quoted whether it was written in quotation marks or as a block
     */
    record Scalar(String text, Kind kind, boolean quoted, Position at) implements YamlValue {
        @Override
        public String described() {
            return switch (kind) {
                case TEXT -> (quoted ? "the text '%s'" : "'%s'").formatted(shown(text));
                case WHOLE_NUMBER, NUMBER, TRUTH -> shown(text);
                case NOTHING -> "nothing";
            };
        }

        @Override
        public YamlValue movedTo(Position position) {
            return new Scalar(text, kind, quoted, position);
        }
    }

    /** A list. */
    record Items(List<YamlValue> items, Position at) implements YamlValue {
        public Items {
            items = List.copyOf(items);
        }

        @Override
        public String described() {
            return "a list";
        }

        @Override
        public YamlValue movedTo(Position position) {
            return new Items(items.stream().map(item -> item.movedTo(position)).toList(), position);
        }
    }

    /**
     * A mapping.
     *
     * @param byKey in the order of the text; shared, never changed
     */
    record Fields(LinkedHashMap<String, Field> byKey, Position at) implements YamlValue {
        @Override
        public String described() {
            return "a mapping";
        }

        @Override
        public Fields movedTo(Position position) {
            LinkedHashMap<String, Field> moved = new LinkedHashMap<>();
            byKey.forEach((key, field) -> moved.put(key, new Field(position, field.value.movedTo(position))));
            return new Fields(moved, position);
        }

        /** These fields and, where it is not there yet, {@code key}. */
        Fields withDefault(String key, Fields value) {
            LinkedHashMap<String, Field> completed = new LinkedHashMap<>(byKey);
            completed.putIfAbsent(key, new Field(value.at, value));
            return new Fields(completed, at);
        }

        /** These fields, in which {@code key} is {@code value} whatever it was. */
        Fields with(String key, Field value) {
            LinkedHashMap<String, Field> changed = new LinkedHashMap<>(byKey);
            changed.put(key, value);
            return new Fields(changed, at);
        }

        /** These fields but for {@code key}. */
        Fields without(String key) {
            LinkedHashMap<String, Field> fewer = new LinkedHashMap<>(byKey);
            fewer.remove(key);
            return new Fields(fewer, at);
        }

        /**
         * These fields, changed by {@code over}: a mapping is overlaid key by key, anything else replaced.
         *
         * @param whole keys whose mappings are replaced whole, at any depth
         */
        Fields overlaidBy(Fields over, Set<String> whole) {
            LinkedHashMap<String, Field> result = new LinkedHashMap<>(byKey);
            over.byKey.forEach((key, above) -> result.merge(
                    key, above, (below, same) -> whole.contains(key) ? above : below.overlaidBy(above, whole)));
            return new Fields(result, over.at);
        }
    }

    /** The value of one key, and where the key stands. */
    record Field(Position keyAt, YamlValue value) {
        private Field overlaidBy(Field over, Set<String> whole) {
            return value instanceof Fields below && over.value instanceof Fields above
                    ? new Field(over.keyAt, below.overlaidBy(above, whole))
                    : over;
        }
    }

    /** A text of the user's as a message shows it: short, and without what would break or turn a line. */
    static String shown(String text) {
        String line = text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
        return line.codePointCount(0, line.length()) <= 60
                ? line
                : line.substring(0, line.offsetByCodePoints(0, 57)) + "...";
    }
}

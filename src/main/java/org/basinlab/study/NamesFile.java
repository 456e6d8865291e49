package org.basinlab.study;

import java.util.LinkedHashMap;
import java.util.Map;
import org.basinlab.recipe.TensorNames;

/**
 * Reads what a user says of a network file that does not say it itself: {@code names}, a mapping from its tensors' names to
 * ours with one {@code *} on both sides where many are alike; {@code network}, as in a study; {@code norm}; {@code image}, its
 * channels, height and width. All may be left out.
 */
public final class NamesFile {

    private static final Keys KEYS = Keys.of("a names file", "names", "network", "norm", "image");
    private static final int MOST_NAMES = 10_000;

    private NamesFile() {}

    /**
     * Reads it, strictly.
     *
     * @param source name of the text for messages
     * @throws SpecificationException at the first thing that cannot be taken, with its line, column and key
     */
    public static TensorNames read(String text, String source) {
        Section root = Section.of(YamlText.read(text, source, "a names file must be a mapping"), "", KEYS);
        Map<String, String> names = new LinkedHashMap<>();
        root.find("names").ifPresent(value -> {
            Map<String, YamlValue.Field> given = value.fields().byKey();
            if (given.size() > MOST_NAMES) {
                throw value.refuse("must have at most %d names, had %d".formatted(MOST_NAMES, given.size()));
            }
            given.forEach((theirs, field) -> {
                Value ours = new Value(field.value(), value.path() + "." + YamlValue.shown(theirs));
                names.put(theirs, ours.text());
                requirePattern(theirs, ours);
            });
        });
        return new TensorNames(
                names,
                root.find("network").map(NetworkReader::form),
                root.find("norm").map(NetworkReader::norm),
                root.find("image").map(NetworkReader::image));
    }

    private static void requirePattern(String theirs, Value ours) {
        long stars = theirs.chars().filter(c -> c == '*').count();
        long others = ours.text().chars().filter(c -> c == '*').count();
        if (theirs.isEmpty() || ours.text().isEmpty() || stars > 1 || stars != others) {
            throw ours.refuse("must have one * where the name before it has one, and none else, was '%s'"
                    .formatted(YamlValue.shown(ours.text())));
        }
    }
}

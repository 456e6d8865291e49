package org.basinlab.study;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys that a mapping of a specification may have.
 *
 * @param of what the mapping is, for messages: {@code a naive merge}
 * @param known in the order in which messages name them
 */
record Keys(String of, List<String> known) {

    static Keys of(String what, String... known) {
        return new Keys(what, List.of(known));
    }

    /** Refuses the first of {@code fields} that is not known here. */
    void check(String path, YamlValue.Fields fields) {
        for (Map.Entry<String, YamlValue.Field> entry : fields.byKey().entrySet()) {
            String key = entry.getKey();
            if (!known.contains(key)) {
                String full = path + YamlValue.shown(key);
                throw entry.getValue().keyAt().refuse(path + key, problem(key, full));
            }
        }
    }

    /** What is wrong with a key that is not known: {@code full} is its dotted path. */
    String problem(String key, String full) {
        String meant =
                nearest(key).map(name -> " (did you mean %s?)".formatted(name)).orElse("");
        return "%s is not known%s; %s".formatted(full, meant, names());
    }

    private String names() {
        return known.isEmpty() ? of + " has no keys" : "%s has the keys %s".formatted(of, String.join(", ", known));
    }

    /** The known key that a slip of the pen would turn into {@code key}: a third of its letters at most are wrong. */
    Optional<String> nearest(String key) {
        if (key.length() > 40) {
            return Optional.empty();
        }
        return known.stream()
                .filter(name -> edits(name, key) <= Math.max(1, name.length() / 3))
                .min(Comparator.comparingInt(name -> edits(name, key)));
    }

    /** Levenshtein's distance: letters put in, left out or changed; case does not count. */
    private static int edits(String from, String to) {
        int[] above = new int[to.length() + 1];
        for (int j = 0; j < above.length; j++) {
            above[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] row = new int[above.length];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                char a = Character.toLowerCase(from.charAt(i - 1));
                char b = Character.toLowerCase(to.charAt(j - 1));
                row[j] = Math.min(Math.min(above[j], row[j - 1]) + 1, above[j - 1] + (a == b ? 0 : 1));
            }
            above = row;
        }
        return above[to.length()];
    }
}

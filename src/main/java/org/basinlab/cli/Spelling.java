package org.basinlab.cli;

import java.util.Comparator;
import java.util.List;

/** What somebody may have meant who wrote a name that there is not. */
final class Spelling {

    private static final int MOST_EDITS = 3;

    private Spelling() {}

    /** {@code  (did you mean accuracy?); there are …}, or the list alone where none is near. */
    static String suggestion(String given, List<String> known) {
        return question(given, known) + "; there are " + String.join(", ", known);
    }

    /** {@code  (did you mean accuracy?)}, or nothing where none is near. */
    static String question(String given, List<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(name -> edits(given, name)))
                .filter(name -> edits(given, name) <= MOST_EDITS && edits(given, name) < name.length())
                .map(" (did you mean %s?)"::formatted)
                .orElse("");
    }

    /** Letters to insert, delete or replace until one is the other (Levenshtein 1966). */
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}

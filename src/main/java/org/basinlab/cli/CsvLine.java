package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record of comma-separated values by <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>: lines end with CR LF, and
 * a field with a comma, a quote or the end of a line stands in quotes, its own quotes doubled. As in PostgreSQL's {@code COPY}, an
 * absent value is empty and an empty text is a pair of quotes.
 */
final class CsvLine {

    private CsvLine() {}

    static void print(List<? extends @Nullable String> fields, PrintWriter out) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < fields.size(); i++) {
            line.append(i == 0 ? "" : ",").append(field(fields.get(i), fields.size() == 1));
        }
        out.print(line.append("\r\n"));
    }

    /** A lone absent value cannot be told from an empty line, which readers skip; there is nothing better than quotes then. */
    private static String field(@Nullable String text, boolean alone) {
        if (text == null) {
            return alone ? "\"\"" : "";
        }
        boolean plain = !text.isEmpty() && text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}

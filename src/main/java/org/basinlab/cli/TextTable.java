package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Columns under headings, as wide as what stands in them; a heading that begins with '>' is set to the right. */
final class TextTable {

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... headings) {
        this.headings = List.of(headings);
    }

    void add(List<String> row) {
        if (row.size() != headings.size()) {
            throw new IllegalArgumentException(
                    "a row must have %d cells, was %d".formatted(headings.size(), row.size()));
        }
        rows.add(List.copyOf(row));
    }

    void print(PrintWriter out) {
        List<String> titles =
                headings.stream().map(title -> title.replaceFirst("^>", "")).toList();
        line(titles, out);
        rows.forEach(row -> line(row, out));
    }

    /** Of the widest line. */
    int width() {
        int width = 2 * (headings.size() - 1);
        for (int column = 0; column < headings.size(); column++) {
            width += width(column);
        }
        return width;
    }

    private void line(List<String> cells, PrintWriter out) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            String padding = " ".repeat(width(column) - cell.codePointCount(0, cell.length()));
            line.append(column == 0 ? "" : "  ");
            line.append(headings.get(column).startsWith(">") ? padding + cell : cell + padding);
        }
        out.println(line.toString().stripTrailing());
    }

    private int width(int column) {
        int width = headings.get(column).replaceFirst("^>", "").length();
        for (List<String> row : rows) {
            String cell = row.get(column);
            width = Math.max(width, cell.codePointCount(0, cell.length()));
        }
        return width;
    }
}

package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.basinlab.ledger.ResultRow;

/** Single numbers of one arm: a line for each scheme and group size, a column for each number. */
final class NumberTable {

    /** Of these the standard deviation is the first to go where the table is too wide. */
    private static final List<String> SPREAD_TO_THE_LAST = List.of("accuracy");

    private final List<ResultRow> rows;
    private final List<TableColumn> columns;

    /** @param columns only those of which there is anything */
    NumberTable(List<ResultRow> rows, List<TableColumn> columns) {
        this.rows = rows.stream()
                .filter(row -> columns.stream().anyMatch(column -> column.holds(row)))
                .toList();
        this.columns = columns.stream()
                .filter(column -> this.rows.stream().anyMatch(column::holds))
                .toList();
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /**
     * Prints it at most so wide if that can be: without some of the standard deviations, or all.
     *
     * @return whether standard deviations were left out
     */
    boolean print(int width, PrintWriter out) {
        TextTable whole = table(column -> true);
        if (whole.width() <= width) {
            whole.print(out);
            return false;
        }
        TextTable fewer = table(column -> SPREAD_TO_THE_LAST.contains(column.metric()));
        (fewer.width() <= width ? fewer : table(column -> false)).print(out);
        return true;
    }

    private TextTable table(Predicate<TableColumn> spread) {
        List<TableColumn> shown = columns.stream()
                .map(column -> spread.test(column) ? column : column.withoutSpread())
                .toList();
        List<String> headings = new ArrayList<>(List.of("scheme", ">group", ">n"));
        shown.forEach(column -> headings.add(">" + column.heading()));
        TextTable table = new TextTable(headings.toArray(String[]::new));
        lines().forEach((line, results) -> {
            int most = results.stream().mapToInt(row -> row.n() + row.excluded()).max().orElse(0);
            List<String> cells =
                    new ArrayList<>(List.of(line.label(), Integer.toString(line.group()), Integer.toString(most)));
            shown.forEach(column -> cells.add(results.stream()
                    .filter(column::holds)
                    .findFirst()
                    .map(column::cell)
                    .orElse("")));
            table.add(cells);
        });
        return table;
    }

    private Map<TableLine, List<ResultRow>> lines() {
        Map<TableLine, List<ResultRow>> lines = new LinkedHashMap<>();
        rows.forEach(row -> lines.computeIfAbsent(TableLine.of(row), line -> new ArrayList<>()).add(row));
        return lines;
    }
}

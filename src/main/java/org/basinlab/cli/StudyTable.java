package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.basinlab.ledger.ResultRow;

/** The table of a study: one line for each scheme and group size, one column for each metric, mean ± standard deviation. */
final class StudyTable {

    private final List<ResultRow> rows;

    StudyTable(List<ResultRow> rows) {
        this.rows = rows.stream().filter(StudyTable::isHeadline).toList();
    }

    /** Metrics at a point (an epoch, an ε) are curves, and costs of merging are for queries: neither fits a line. */
    private static boolean isHeadline(ResultRow row) {
        return row.at().isEmpty() && Set.of("accuracy", "loss", "weight-norm").contains(row.metric());
    }

    void print(PrintWriter out) {
        rows.stream().map(ResultRow::arm).distinct().forEach(arm -> printArm(arm, out));
        int excluded = rows.stream().mapToInt(ResultRow::excluded).sum();
        if (excluded > 0) {
            out.println("%d values that are not numbers are left out of the means".formatted(excluded));
        }
        if (rows.isEmpty()) {
            out.println("nothing was measured yet");
        }
    }

    private void printArm(String arm, PrintWriter out) {
        List<ResultRow> mine =
                rows.stream().filter(row -> row.arm().equals(arm)).toList();
        Set<String> columns = new LinkedHashSet<>();
        Map<List<String>, Map<String, String>> lines = new LinkedHashMap<>();
        for (ResultRow row : mine) {
            String column = row.split().map(split -> split + " ").orElse("") + row.metric();
            columns.add(column);
            lines.computeIfAbsent(line(row), key -> new LinkedHashMap<>()).put(column, cell(row));
        }
        List<String> headings = new ArrayList<>(List.of("scheme", ">group", ">stage", ">n"));
        columns.forEach(column -> headings.add(">" + column));
        TextTable table = new TextTable(headings.toArray(String[]::new));
        lines.forEach((line, cells) -> {
            List<String> all = new ArrayList<>(line);
            columns.forEach(column -> all.add(cells.getOrDefault(column, "")));
            table.add(all);
        });
        out.println("arm " + arm);
        table.print(out);
        out.println();
    }

    private static List<String> line(ResultRow row) {
        return List.of(
                row.variant().isEmpty() ? row.scheme() : row.scheme() + " " + row.variant(),
                Integer.toString(row.groupSize()),
                row.stage().isPresent() ? Integer.toString(row.stage().getAsInt()) : "",
                Integer.toString(row.n() + row.excluded()));
    }

    private static String cell(ResultRow row) {
        int places = row.metric().equals("weight-norm") ? 2 : 4;
        return row.mean()
                .map(mean -> row.sd()
                        .map(sd -> String.format(Locale.ROOT, "%." + places + "f ± %." + places + "f", mean, sd))
                        .orElseGet(() -> String.format(Locale.ROOT, "%." + places + "f", mean)))
                .orElse("nan");
    }
}

package org.basinlab.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.basinlab.ledger.ResultRow;

/** One family of curves, such as the accuracy under an attack: a line for each scheme and group size, a column a point. */
final class CurveTable {

    private static final int PLACES = 3;
    private static final int CELL = 1 + 1 + PLACES;

    private final Family family;
    private final Map<TableLine, Map<BigDecimal, ResultRow>> lines = new LinkedHashMap<>();
    private final TreeSet<BigDecimal> points = new TreeSet<>();

    /** What one table holds. */
    record Family(String metric, Optional<String> space, Optional<String> split) {

        static Family of(ResultRow row) {
            return new Family(row.metric(), row.space(), row.split());
        }

        private String title() {
            List<String> where = new ArrayList<>();
            space.ifPresent(where::add);
            split.ifPresent(name -> where.add(name + " images"));
            return where.isEmpty() ? metric : metric + " (" + String.join(", ", where) + ")";
        }
    }

    /** @param rows of this family and no other */
    CurveTable(Family family, List<ResultRow> rows) {
        this.family = family;
        rows.forEach(row -> {
            BigDecimal at = row.at().orElseThrow();
            points.add(at);
            lines.computeIfAbsent(TableLine.of(row), line -> new TreeMap<>()).put(at, row);
        });
    }

    /** Prints it at most so wide; of more points than fit, both ends and evenly spaced ones between them. */
    void print(int width, PrintWriter out) {
        List<BigDecimal> shown = choose(new ArrayList<>(points), room(width));
        List<String> headings = new ArrayList<>(List.of("scheme", ">group"));
        shown.forEach(point -> headings.add(">" + point.toPlainString()));
        TextTable table = new TextTable(headings.toArray(String[]::new));
        lines.forEach((line, results) -> {
            List<String> cells = new ArrayList<>(List.of(line.labelWithArm(), Integer.toString(line.group())));
            shown.forEach(
                    point -> cells.add(Optional.ofNullable(results.get(point)).map(CurveTable::cell).orElse("")));
            table.add(cells);
        });
        String some = shown.size() < points.size()
                ? ", %d of %d points".formatted(shown.size(), points.size())
                : "";
        out.println(family.title() + some);
        table.print(out);
        out.println();
    }

    private static String cell(ResultRow row) {
        return row.mean()
                .map(mean -> String.format(Locale.ROOT, "%." + PLACES + "f", mean))
                .orElse(row.checkFailed() > 0 ? "failed" : "nan");
    }

    /** How many columns fit beside the first two. */
    private int room(int width) {
        int label = lines.keySet().stream()
                .mapToInt(line -> line.labelWithArm().length())
                .max()
                .orElse(0);
        int heading = points.stream()
                .mapToInt(point -> point.toPlainString().length())
                .max()
                .orElse(0);
        int beside = Math.max(label, "scheme".length()) + 2 + "group".length();
        return Math.max(2, (width - beside) / (2 + Math.max(CELL, heading)));
    }

    private static List<BigDecimal> choose(List<BigDecimal> all, int most) {
        if (all.size() <= most) {
            return all;
        }
        List<BigDecimal> chosen = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            chosen.add(all.get(Math.round((float) i * (all.size() - 1) / (most - 1))));
        }
        return chosen;
    }
}

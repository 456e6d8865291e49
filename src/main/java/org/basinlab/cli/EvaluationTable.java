package org.basinlab.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.basinlab.workflow.Measurement;

/** Files by metrics: whichever are fewer stand side by side. */
final class EvaluationTable {

    private EvaluationTable() {}

    /** @param files all measured alike, so that the same metrics stand in the same order in each */
    static TextTable of(List<EvaluatedFile> files) {
        List<Measurement> metrics = files.get(0).measurements();
        List<String> names = metrics.stream().map(EvaluationTable::name).toList();
        List<String> paths =
                files.stream().map(file -> file.network().path().toString()).toList();
        return files.size() <= metrics.size()
                ? table(
                        "metric",
                        names,
                        paths,
                        (row, column) -> files.get(column).measurements().get(row))
                : table(
                        "file",
                        paths,
                        names,
                        (row, column) -> files.get(row).measurements().get(column));
    }

    @FunctionalInterface
    private interface Cells {
        Measurement at(int row, int column);
    }

    private static TextTable table(String corner, List<String> rows, List<String> columns, Cells cells) {
        TextTable table =
                new TextTable(Stream.concat(Stream.of(corner), columns.stream().map(column -> ">" + column))
                        .toArray(String[]::new));
        for (int i = 0; i < rows.size(); i++) {
            int row = i;
            List<String> line = new ArrayList<>(List.of(rows.get(row)));
            line.addAll(IntStream.range(0, columns.size())
                    .mapToObj(column -> cell(cells.at(row, column)))
                    .toList());
            table.add(line);
        }
        return table;
    }

    /** {@code fgsm-accuracy at 0.002, pixel}. */
    private static String name(Measurement measurement) {
        String at = measurement.at().map(point -> "at " + point.toPlainString()).orElse("");
        String details = Stream.of(at, measurement.space().orElse(""), measurement.variant())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
        return details.isEmpty() ? measurement.metric() : measurement.metric() + " " + details;
    }

    private static String cell(Measurement measurement) {
        String value = !Double.isFinite(measurement.value())
                ? "nan"
                : String.format(
                        Locale.ROOT, Math.abs(measurement.value()) < 1000 ? "%.4f" : "%.1f", measurement.value());
        return measurement.status().equals("check-failed") ? "check-failed " + value : value;
    }
}

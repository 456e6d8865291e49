package org.basinlab.cli;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.basinlab.ledger.ResultRow;

/**
 * One single number of networks, as a column of a table.
 *
 * @param heading of the column
 * @param spread whether the standard deviation stands beside the mean
 */
record TableColumn(String metric, Optional<String> split, Optional<String> space, String heading, boolean spread) {

    static TableColumn of(ResultRow row, boolean spread) {
        String split = row.split().map(name -> name + " ").orElse("");
        String space = row.space()
                .filter(name -> !name.equals("pixel"))
                .map(name -> name + " ")
                .orElse("");
        return new TableColumn(row.metric(), row.split(), row.space(), split + space + shortened(row.metric()), spread);
    }

    private static String shortened(String metric) {
        return metric.equals("lipschitz-spectral") ? "lipschitz" : metric;
    }

    boolean holds(ResultRow row) {
        return row.at().isEmpty()
                && row.metric().equals(metric)
                && row.split().equals(split)
                && row.space().equals(space);
    }

    /** The images and the space that it is taken of and in; {@code pixel, test images}. */
    String place() {
        return Stream.concat(space.stream(), split.map(name -> name + " images").stream())
                .collect(Collectors.joining(", "));
    }

    /** The same below a line that says the place. */
    TableColumn underTitle() {
        return new TableColumn(metric, split, space, metric, spread);
    }

    TableColumn withoutSpread() {
        return new TableColumn(metric, split, space, heading, false);
    }

    String cell(ResultRow row) {
        if (row.mean().isEmpty()) {
            return row.checkFailed() > 0 ? "check-failed" : "nan";
        }
        double mean = row.mean().get();
        int places = places(mean);
        String shown = number(mean, places);
        return spread && row.sd().isPresent() ? shown + " ± " + number(row.sd().get(), places) : shown;
    }

    /** Norms and Lipschitz bounds have a size; what is near 1 has four places. */
    private int places(double mean) {
        boolean sized = metric.startsWith("weight-norm") || metric.startsWith("lipschitz");
        if (!sized) {
            return 4;
        }
        return Math.abs(mean) >= 1_000 ? 0 : 2;
    }

    private static String number(double value, int places) {
        return Math.abs(value) >= 1e7
                ? String.format(Locale.ROOT, "%.2e", value)
                : String.format(Locale.ROOT, "%." + places + "f", value);
    }
}

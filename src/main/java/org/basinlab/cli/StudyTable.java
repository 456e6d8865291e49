package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import org.basinlab.ledger.ResultRow;

/**
 * The tables of a study, for a terminal of 120 columns: for each arm the headlines and what else is one number a network,
 * then a table for each family of curves. What is in none of them is named.
 */
final class StudyTable {

    private static final int WIDTH = 120;

    /** More lines than anybody reads: curves of other arms are left to queries then. */
    private static final int MOST_LINES_OF_CURVES = 40;

    private static final List<String> HEADLINES = List.of("accuracy", "loss", "weight-norm", "lipschitz-spectral");

    /** What else is one number a network, by what belongs together: a table for each, and for each space and split of it. */
    private static final List<List<String>> FURTHER = List.of(
            List.of("ece", "lipschitz-local", "logit-margin-median"),
            List.of(
                    "deepfool-l2-mean",
                    "deepfool-l2-median",
                    "deepfool-linf-mean",
                    "deepfool-linf-median",
                    "deepfool-rho"),
            List.of("barrier-loss", "barrier-accuracy"));

    /** Curves of trainings and of layers are many numbers about one network. */
    private static final Set<String> CURVES_FOR_QUERIES = Set.of("epoch-accuracy", "epoch-loss", "weight-norm-layer");

    private static final Optional<String> TRAIN = Optional.of("train");

    private final UUID study;
    private final List<ResultRow> rows;
    private final Set<String> leftOut = new TreeSet<>();
    private boolean spreadLeftOut;
    private boolean armsLeftOut;

    StudyTable(UUID study, List<ResultRow> rows) {
        this.study = study;
        this.rows = rows;
    }

    void print(PrintWriter out) {
        if (rows.isEmpty()) {
            out.println("nothing was measured yet");
            return;
        }
        leftOut.addAll(metrics(row -> true));
        rows.stream().map(ResultRow::arm).distinct().forEach(arm -> printArm(arm, out));
        families().forEach((family, curves) -> printCurves(family, curves, out));
        printExclusions(out);
        printLeftOut(out);
    }

    private void printArm(String arm, PrintWriter out) {
        List<ResultRow> mine =
                rows.stream().filter(row -> row.arm().equals(arm)).toList();
        NumberTable headlines = new NumberTable(mine, columns(mine, HEADLINES, true));
        if (!headlines.isEmpty()) {
            out.println("arm " + arm);
            spreadLeftOut |= headlines.print(WIDTH, out);
            out.println();
        }
        FURTHER.forEach(theme -> printFurther(arm, theme, mine, out));
    }

    private void printFurther(String arm, List<String> theme, List<ResultRow> mine, PrintWriter out) {
        Map<String, List<TableColumn>> byPlace = new LinkedHashMap<>();
        columns(mine, theme, false)
                .forEach(column -> byPlace.computeIfAbsent(column.place(), place -> new ArrayList<>())
                        .add(column.underTitle()));
        byPlace.forEach((place, columns) -> {
            out.println(place.isEmpty() ? "arm " + arm : "arm %s, %s".formatted(arm, place));
            spreadLeftOut |= new NumberTable(mine, columns).print(WIDTH, out);
            out.println();
        });
    }

    /** In the order of the metrics, of each the test before the training images; the loss is that of the test alone. */
    private List<TableColumn> columns(List<ResultRow> mine, List<String> metrics, boolean spread) {
        Set<TableColumn> columns = new LinkedHashSet<>();
        for (String metric : metrics) {
            mine.stream()
                    .filter(row -> row.at().isEmpty() && row.metric().equals(metric))
                    .filter(row -> !metric.equals("loss") || !row.split().equals(TRAIN))
                    .sorted(Comparator.comparing(row -> row.split().orElse("")))
                    .forEach(row -> columns.add(TableColumn.of(row, spread)));
        }
        columns.forEach(column -> leftOut.remove(column.metric()));
        return new ArrayList<>(columns);
    }

    private Map<CurveTable.Family, List<ResultRow>> families() {
        Map<CurveTable.Family, List<ResultRow>> families = new LinkedHashMap<>();
        rows.stream()
                .filter(row -> row.at().isPresent() && !CURVES_FOR_QUERIES.contains(row.metric()))
                .forEach(row -> families.computeIfAbsent(CurveTable.Family.of(row), family -> new ArrayList<>())
                        .add(row));
        return families;
    }

    private void printCurves(CurveTable.Family family, List<ResultRow> curves, PrintWriter out) {
        long lines = curves.stream().map(TableLine::of).distinct().count();
        List<ResultRow> shown = curves;
        if (lines > MOST_LINES_OF_CURVES) {
            shown = curves.stream()
                    .filter(row -> row.arm().equals(TableLine.MAIN))
                    .toList();
            armsLeftOut |= shown.size() < curves.size();
        }
        if (!shown.isEmpty()) {
            leftOut.remove(family.metric());
            new CurveTable(family, shown).print(WIDTH, out);
        }
    }

    private void printExclusions(PrintWriter out) {
        int failed = rows.stream().mapToInt(ResultRow::checkFailed).sum();
        int noNumbers = rows.stream().mapToInt(ResultRow::excluded).sum() - failed;
        if (noNumbers > 0) {
            out.println("%d values that are not numbers are left out of the means".formatted(noNumbers));
        }
        if (failed > 0) {
            out.println("%d values whose sanity checks failed are left out of the means: results.checks says why"
                    .formatted(failed));
        }
    }

    private void printLeftOut(PrintWriter out) {
        List<String> left = new ArrayList<>(leftOut);
        if (spreadLeftOut) {
            left.add("some standard deviations");
        }
        if (armsLeftOut) {
            left.add("curves of arms other than main");
        }
        if (metrics(row -> row.split().equals(TRAIN)).contains("loss")) {
            left.add("the loss on training images");
        }
        if (!left.isEmpty()) {
            out.println("Not shown: " + String.join(", ", left) + ". All of it, points and spread too:");
            out.println("  ./basinlab sql \"%s\"".formatted(SqlHint.everything(study)));
        }
    }

    private Set<String> metrics(Predicate<ResultRow> which) {
        Set<String> metrics = new TreeSet<>();
        rows.stream().filter(which).forEach(row -> metrics.add(row.metric()));
        return metrics;
    }
}

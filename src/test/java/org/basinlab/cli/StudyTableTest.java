package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.basinlab.ledger.ResultRow;
import org.junit.jupiter.api.Test;

class StudyTableTest {

    private static final UUID STUDY = new UUID(1, 2);

    @Test
    void a_line_is_a_scheme_and_a_column_a_number() {
        String text = printed(List.of(
                row("trained", 1, "accuracy", "test", Optional.of(0.5), Optional.of(0.01), 4, 0),
                row("trained", 1, "weight-norm", "", Optional.of(23.456), Optional.of(0.1), 4, 0),
                row("naive", 4, "accuracy", "test", Optional.of(0.125), Optional.empty(), 1, 0)));

        assertThat(text).isEqualTo("""
                        arm main
                        scheme   group  n    test accuracy   weight-norm
                        trained      1  4  0.5000 ± 0.0100  23.46 ± 0.10
                        naive        4  1           0.1250

                        """);
    }

    @Test
    void values_that_are_no_numbers_or_failed_a_check_are_counted_apart() {
        String text = printed(List.of(
                row("trained", 1, "loss", "test", Optional.empty(), Optional.empty(), 0, 2),
                failed("fgsm-accuracy", "0.002", 3)));

        assertThat(text)
                .contains("nan")
                .contains("2 values that are not numbers are left out of the means\n")
                .contains("failed")
                .contains("3 values whose sanity checks failed are left out of the means");
    }

    @Test
    void a_family_of_curves_has_a_column_for_each_point() {
        List<ResultRow> rows = new ArrayList<>();
        for (String at : List.of("0", "0.002", "0.01")) {
            rows.add(point("main", "trained", 1, "fgsm-accuracy", at, 0.75));
            rows.add(point("l2", "trained", 1, "fgsm-accuracy", at, 0.5));
        }

        String text = printed(rows);

        assertThat(text).isEqualTo("""
                        fgsm-accuracy (pixel, test images)
                        scheme       group      0  0.002   0.01
                        trained          1  0.750  0.750  0.750
                        l2: trained      1  0.500  0.500  0.500

                        """);
    }

    @Test
    void of_more_points_than_fit_both_ends_are_there() {
        List<ResultRow> rows = new ArrayList<>();
        for (int i = 0; i <= 100; i++) {
            rows.add(point("main", "trained", 1, "path-loss", new BigDecimal(i).movePointLeft(2).toPlainString(), 0.01 * i));
        }

        String text = printed(rows);

        assertThat(text).contains("path-loss (pixel, test images), 15 of 101 points");
        assertThat(text.lines().skip(1).findFirst().orElseThrow()).contains(" 0.00 ", " 1.00");
        assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
    }

    @Test
    void a_dozen_metrics_of_every_scheme_fit_a_terminal() {
        List<ResultRow> rows = new ArrayList<>();
        for (String scheme : List.of("trained", "equal-accuracy-weight-noise")) {
            for (String metric : List.of("accuracy", "loss")) {
                rows.add(row(scheme, 1, metric, "test", Optional.of(0.5), Optional.of(0.01), 96, 0));
                rows.add(row(scheme, 1, metric, "train", Optional.of(0.5), Optional.of(0.01), 96, 0));
            }
            rows.add(row(scheme, 1, "weight-norm", "", Optional.of(123.456), Optional.of(10.1), 96, 0));
            rows.add(row(scheme, 1, "lipschitz-spectral", "", Optional.of(12345.6), Optional.of(1234.5), 96, 0));
        }
        rows.add(row("merge-many", 8, "rounds=converged,stop=identity", "accuracy", "test", 0.25));

        String text = printed(rows);

        assertThat(text)
                .contains("merge-many converged,stop=identity      8   1           0.2500")
                .contains("Not shown: some standard deviations, the loss on training images.");
        assertThat(text.lines().takeWhile(line -> !line.startsWith("Not shown")))
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
    }

    @Test
    void what_stands_in_no_table_is_named_with_the_query_that_gives_it() {
        String text = printed(List.of(
                row("trained", 1, "accuracy", "test", Optional.of(0.5), Optional.of(0.01), 4, 0),
                row("trained", 1, "seconds", "", Optional.of(3.5), Optional.of(0.01), 4, 0),
                point("main", "trained", 1, "epoch-loss", "1", 1.5)));

        assertThat(text)
                .contains("Not shown: epoch-loss, seconds. All of it, points and spread too:\n  ./basinlab sql \"SELECT arm,")
                .contains("WHERE study_id = '%s'".formatted(STUDY));
    }

    @Test
    void curves_of_many_arms_are_left_to_queries() {
        List<ResultRow> rows = new ArrayList<>();
        rows.add(point("main", "trained", 1, "fgsm-accuracy", "0", 0.75));
        for (int arm = 0; arm < 50; arm++) {
            rows.add(point("order=" + arm, "trained", 1, "fgsm-accuracy", "0", 0.75));
        }

        String text = printed(rows);

        assertThat(text).contains("trained      1  0.750").doesNotContain("order=7").contains("curves of arms other than main");
    }

    @Test
    void a_study_without_numbers_says_so() {
        assertThat(printed(List.of())).isEqualTo("nothing was measured yet\n");
    }

    private static ResultRow row(
            String scheme,
            int group,
            String metric,
            String split,
            Optional<Double> mean,
            Optional<Double> sd,
            int n,
            int excluded) {
        return new ResultRow(
                "main",
                scheme,
                OptionalInt.of(Integer.numberOfTrailingZeros(group)),
                group,
                "none",
                "",
                metric,
                Optional.empty(),
                Optional.empty(),
                Optional.of(split).filter(name -> !name.isEmpty()),
                mean,
                sd,
                n,
                excluded,
                0);
    }

    private static ResultRow row(String scheme, int group, String variant, String metric, String split, double mean) {
        return new ResultRow(
                "main",
                scheme,
                OptionalInt.empty(),
                group,
                "weight",
                variant,
                metric,
                Optional.empty(),
                Optional.empty(),
                Optional.of(split),
                Optional.of(mean),
                Optional.empty(),
                1,
                0,
                0);
    }

    private static ResultRow point(String arm, String scheme, int group, String metric, String at, double mean) {
        return point(arm, scheme, group, metric, at, Optional.of(mean), 1, 0);
    }

    private static ResultRow failed(String metric, String at, int networks) {
        return point("main", "trained", 1, metric, at, Optional.empty(), 0, networks);
    }

    private static ResultRow point(
            String arm,
            String scheme,
            int group,
            String metric,
            String at,
            Optional<Double> mean,
            int n,
            int checkFailed) {
        return new ResultRow(
                arm,
                scheme,
                OptionalInt.of(0),
                group,
                "none",
                "",
                metric,
                Optional.of("pixel"),
                Optional.of(new BigDecimal(at)),
                Optional.of("test"),
                mean,
                Optional.empty(),
                n,
                checkFailed,
                checkFailed);
    }

    private static String printed(List<ResultRow> rows) {
        StringWriter text = new StringWriter();
        new StudyTable(STUDY, rows).print(new PrintWriter(text, true));
        return text.toString().replace(System.lineSeparator(), "\n");
    }
}

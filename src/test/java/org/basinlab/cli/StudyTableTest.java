package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.basinlab.ledger.ResultRow;
import org.junit.jupiter.api.Test;

class StudyTableTest {

    @Test
    void a_line_is_a_scheme_and_a_column_a_metric() {
        String text = printed(List.of(
                row("trained", 1, "accuracy", "test", Optional.of(0.5), Optional.of(0.01), 4, 0),
                row("trained", 1, "weight-norm", "", Optional.of(23.456), Optional.of(0.1), 4, 0),
                row("naive", 4, "accuracy", "test", Optional.of(0.125), Optional.empty(), 1, 0)));

        assertThat(text).isEqualTo("""
                        arm main
                        scheme   group  stage  n    test accuracy   weight-norm
                        trained      1      0  4  0.5000 ± 0.0100  23.46 ± 0.10
                        naive        4      2  1           0.1250

                        """);
    }

    @Test
    void values_that_are_no_numbers_are_counted() {
        String text = printed(List.of(row("trained", 1, "loss", "test", Optional.empty(), Optional.empty(), 0, 2)));

        assertThat(text).contains("nan").contains("2 values that are not numbers are left out of the means");
    }

    @Test
    void curves_do_not_fit_a_line_and_are_left_to_queries() {
        ResultRow epoch = new ResultRow(
                "main",
                "trained",
                OptionalInt.of(0),
                1,
                "none",
                "",
                "epoch-loss",
                Optional.empty(),
                Optional.of(BigDecimal.ONE),
                Optional.of("test"),
                Optional.of(1.0),
                Optional.empty(),
                1,
                0,
                0);

        assertThat(printed(List.of(epoch))).contains("nothing was measured yet");
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

    private static String printed(List<ResultRow> rows) {
        StringWriter text = new StringWriter();
        new StudyTable(rows).print(new PrintWriter(text, true));
        return text.toString().replace(System.lineSeparator(), "\n");
    }
}

package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.basinlab.ledger.ResultRow;
import org.junit.jupiter.api.Test;

class ParetoFrontTest {

    private static ResultRow row(String scheme, int size, String metric, String at, double mean) {
        boolean ofImages = !metric.equals("matchings");
        return new ResultRow(
                "main",
                scheme,
                OptionalInt.empty(),
                size,
                "weight",
                "",
                metric,
                metric.startsWith("fgsm") ? Optional.of("pixel") : Optional.empty(),
                at.isEmpty() ? Optional.empty() : Optional.of(new BigDecimal(at)),
                ofImages ? Optional.of("test") : Optional.empty(),
                Optional.of(mean),
                Optional.empty(),
                1,
                0,
                0);
    }

    private static List<ResultRow> study() {
        List<ResultRow> rows = new ArrayList<>();
        rows.addAll(kind("trained", 1, 0.5, 0.10, 0));
        rows.addAll(kind("hierarchical", 2, 0.45, 0.20, 1));
        rows.addAll(kind("hierarchical", 4, 0.42, 0.30, 1));
        rows.addAll(kind("merge-many", 4, 0.46, 0.30, 20));
        rows.addAll(kind("naive", 4, 0.10, 0.05, 0));
        return rows;
    }

    private static List<ResultRow> kind(String scheme, int size, double accuracy, double robust, double matchings) {
        return List.of(
                row(scheme, size, "accuracy", "", accuracy),
                row(scheme, size, "fgsm-accuracy", "0.01", robust),
                row(scheme, size, "fgsm-accuracy", "0.02", robust / 2),
                row(scheme, size, "matchings", "", matchings));
    }

    @Test
    void what_another_is_better_than_is_not_on_the_front() {
        ParetoFront front = ParetoFront.of(study(), Optional.empty());

        assertThat(front.robustness().label()).isEqualTo("fgsm-accuracy@0.02");
        assertThat(front.points())
                .filteredOn(ParetoFront.Point::best)
                .extracting(ParetoFront.Point::label)
                .containsExactly("trained, 1", "merge-many, 4", "hierarchical, 2", "hierarchical, 4");
        assertThat(front.points()).filteredOn(point -> !point.best()).hasSize(1);
    }

    @Test
    void a_tree_costs_the_matchings_of_all_merges_below() {
        ParetoFront front = ParetoFront.of(study(), Optional.empty());

        assertThat(front.points())
                .filteredOn(point -> point.scheme().equals("hierarchical"))
                .extracting(ParetoFront.Point::matchings)
                .containsExactlyInAnyOrder(1.0, 3.0);
    }

    @Test
    void robustness_is_what_was_asked_for() {
        ParetoFront front = ParetoFront.of(study(), Optional.of(ParetoFront.Robustness.of("fgsm-accuracy@0.01")));

        assertThat(front.points().get(0).robustness()).isCloseTo(0.10, within(1e-12));
        assertThatThrownBy(() -> ParetoFront.of(study(), Optional.of(ParetoFront.Robustness.of("deepfool-l2-median"))))
                .isInstanceOf(UsageException.class)
                .hasMessage("the study must have measured deepfool-l2-median to be set against accuracy, has not");
        assertThatThrownBy(() -> ParetoFront.Robustness.of("fgsm-accuracy@x"))
                .hasMessage("--robustness must be NAME or NAME@point, was 'fgsm-accuracy@x'");
    }

    @Test
    void a_chart_has_a_disc_for_each() {
        String svg = new ParetoChart("a < b", ParetoFront.of(study(), Optional.empty())).svg();

        assertThat(svg).startsWith("<svg").contains("a &lt; b").doesNotContain("NaN");
        assertThat(svg.split("<circle", -1)).hasSize(6);
    }
}

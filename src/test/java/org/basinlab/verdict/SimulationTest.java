package org.basinlab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.basinlab.verdict.SimulatedTree.Setting;
import org.basinlab.verdict.Simulation.Rates;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SimulationTest {

    private static void assertHeld(Rates rates, String name) {
        assertThat(rates.ofReproduced()).as(name).isLessThanOrEqualTo(rates.bound());
        assertThat(rates.ofContradicted()).as(name).isLessThanOrEqualTo(rates.bound());
    }

    /** A tenth of what the slow one simulates: it finds a rule that is broken, not one that is a little off. */
    @Test
    void a_truth_on_the_border_of_a_claim_is_seldom_decided() {
        for (Scenario scenario : SimulationReport.borders()) {
            Rates rates = new Simulation(List.of(scenario), 1, Setting.NORMAL, 2).issuedOnce(200, 12);

            assertHeld(rates, scenario.name());
        }
    }

    @Test
    void a_large_effect_is_found_on_the_side_where_it_is() {
        Rates with = new Simulation(List.of(Scenario.direction(2)), 1, Setting.NORMAL, 2).issuedOnce(100, 12);
        Rates against = new Simulation(List.of(Scenario.direction(-2)), 1, Setting.NORMAL, 2).issuedOnce(100, 12);

        assertThat(with).isEqualTo(new Rates(100, 100, 0));
        assertThat(against).isEqualTo(new Rates(100, 0, 100));
    }

    @Test
    void looking_again_and_again_finds_what_is_not_there() {
        Simulation simulation = new Simulation(List.of(Scenario.direction(0)), 1, Setting.NORMAL, 2);

        Rates naive = simulation.decidedAtEveryLook(100, 6, 25);

        assertThat(naive.ofReproduced() + naive.ofContradicted()).isGreaterThan(0.12);
    }

    @Test
    void equal_seeds_give_equal_counts() {
        Simulation first = new Simulation(List.of(Scenario.variance(1)), 2, Setting.RIGHT, 5);
        Simulation second = new Simulation(List.of(Scenario.variance(1)), 2, Setting.RIGHT, 5);

        assertThat(first.issuedOnce(30, 12)).isEqualTo(second.issuedOnce(30, 12));
    }

    /** Writes its tables to target/simulation-tables.md, so that a change on purpose can be copied from there. */
    @Tag("simulation")
    @Test
    void no_rule_calls_more_than_five_in_a_hundred_falsely_and_the_report_shows_these_tables() throws IOException {
        SimulationReport report = new SimulationReport();
        List<String> tables =
                List.of(report.borderTable(), report.familyTable(), report.peekingTable(), report.powerTable());
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target/simulation-tables.md"), String.join("\n", tables));

        report.falsehoods().forEach(rates -> assertHeld(rates, rates.toString()));
        assertThat(Path.of("docs/simulation.md")).content().contains(tables);
    }
}

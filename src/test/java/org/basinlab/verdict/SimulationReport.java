package org.basinlab.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.basinlab.verdict.SimulatedTree.Setting;
import org.basinlab.verdict.Simulation.Rates;

/** The tables of docs/simulation.md. */
final class SimulationReport {

    private static final int STUDIES = 2_000;
    private static final int STUDIES_OF_POWER = 1_000;
    private static final long SEED = 1;

    /** Six units are the fewest that can decide anything: 2/2⁶ is below 5 %. */
    private static final List<Integer> UNITS = List.of(6, 12, 25);

    private final List<Rates> ofFalsehoods = new ArrayList<>();

    /** Where the truth lies on the border of what a claim says, so that either verdict is false. */
    static List<Scenario> borders() {
        return List.of(
                Scenario.direction(0),
                Scenario.trend(0),
                Scenario.variance(0),
                Scenario.equivalence(Scenario.MARGIN),
                Scenario.shape(Scenario.MARGIN),
                Scenario.barrier(Scenario.MARGIN),
                Scenario.crossing(0, Scenario.FAR),
                Scenario.crossing(0, -Scenario.FAR),
                Scenario.anyAgainst(0));
    }

    private static List<Scenario> effects() {
        return List.of(
                Scenario.direction(0.5),
                Scenario.direction(0.8),
                Scenario.direction(1.2),
                Scenario.trend(0.8),
                Scenario.variance(Math.log(4)),
                Scenario.variance(Math.log(9)),
                Scenario.equivalence(0),
                Scenario.equivalence(2),
                Scenario.shape(0),
                Scenario.barrier(2),
                Scenario.barrier(0),
                Scenario.crossing(1.2, 1.2));
    }

    /** What {@link #table} and the others have called false so far. */
    List<Rates> falsehoods() {
        return List.copyOf(ofFalsehoods);
    }

    String borderTable() {
        List<String> lines = head("rule", "truth", "units", "n = 6", "n = 12", "n = 25");
        for (Scenario scenario : borders()) {
            for (Setting setting : Setting.values()) {
                Simulation simulation = new Simulation(List.of(scenario), 1, setting, SEED);
                List<String> cells = new ArrayList<>(List.of(scenario.name(), scenario.where(), setting.label));
                UNITS.forEach(n -> cells.add(cell(counted(simulation.issuedOnce(STUDIES, n)))));
                lines.add(row(cells));
            }
        }
        return table(lines);
    }

    /** One claim of each rule, all on their borders, with five specifications each and the trees in common. */
    String familyTable() {
        List<Scenario> family = borders().subList(0, 7);
        List<String> lines = head("family", "units", "n = 12", "n = 25");
        for (Setting setting : List.of(Setting.NORMAL, Setting.RIGHT, Setting.LEFT)) {
            Simulation simulation = new Simulation(family, 5, setting, SEED);
            List<String> cells = new ArrayList<>(List.of("7 claims, 5 specifications each", setting.label));
            List.of(12, 25).forEach(n -> cells.add(cell(counted(simulation.issuedOnce(STUDIES, n)))));
            lines.add(row(cells));
        }
        return table(lines);
    }

    String peekingTable() {
        List<String> lines = head("decided", "direction, truth 0", "equivalence, truth δ");
        Simulation direction = new Simulation(List.of(Scenario.direction(0)), 1, Setting.NORMAL, SEED);
        Simulation equivalence =
                new Simulation(List.of(Scenario.equivalence(Scenario.MARGIN)), 1, Setting.NORMAL, SEED);
        lines.add(row(List.of(
                "once, at the registered 25",
                cell(counted(direction.issuedOnce(STUDIES, 25))),
                cell(counted(equivalence.issuedOnce(STUDIES, 25))))));
        lines.add(row(List.of(
                "after each unit from 6 to 25, until a verdict comes out",
                cell(direction.decidedAtEveryLook(STUDIES, 6, 25)),
                cell(equivalence.decidedAtEveryLook(STUDIES, 6, 25)))));
        return table(lines);
    }

    String powerTable() {
        List<String> lines = head("rule", "truth", "n = 6", "n = 12", "n = 25");
        for (Scenario scenario : effects()) {
            Simulation simulation = new Simulation(List.of(scenario), 1, Setting.NORMAL, SEED);
            List<String> cells = new ArrayList<>(List.of(scenario.name(), scenario.where()));
            UNITS.forEach(n -> cells.add(cell(simulation.issuedOnce(STUDIES_OF_POWER, n))));
            lines.add(row(cells));
        }
        return table(lines);
    }

    private Rates counted(Rates rates) {
        ofFalsehoods.add(rates);
        return rates;
    }

    private static String cell(Rates rates) {
        return String.format(Locale.ROOT, "%.1f / %.1f", 100 * rates.ofReproduced(), 100 * rates.ofContradicted());
    }

    private static List<String> head(String... names) {
        return new ArrayList<>(List.of(row(List.of(names)), "|" + "---|".repeat(names.length)));
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    private static String table(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }
}

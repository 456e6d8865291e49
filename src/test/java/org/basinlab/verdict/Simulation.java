package org.basinlab.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.basinlab.recipe.Seeds;
import org.basinlab.study.Claim;
import org.basinlab.verdict.MeasuredClaim.Measured;
import org.basinlab.verdict.SimulatedTree.Setting;
import org.basinlab.workflow.Conclusion;
import org.basinlab.workflow.Conclusion.Outcome;

/** Studies with a known truth, decided by {@link Family} as real ones are. Equal seeds give equal counts. */
final class Simulation {

    /** Fewer than a verdict has: the tests are exact either way, and ends of intervals move little. */
    static final Resamples RESAMPLES = new Resamples(1_000, 0, 1_000);

    /** Of several specifications, how much each has of its own beside what all share, in standard deviations. */
    private static final double BLUR = 0.3;

    private final List<Scenario> scenarios;
    private final Setting setting;
    private final List<List<Double>> scales = new ArrayList<>();
    private final List<Claim> claims = new ArrayList<>();
    private final long seed;

    /**
     * @param scenarios the claims of one family
     * @param specifications of each claim, the primary one included
     */
    Simulation(List<Scenario> scenarios, int specifications, Setting setting, long seed) {
        this.scenarios = scenarios;
        this.setting = setting;
        this.seed = seed;
        for (Scenario scenario : scenarios) {
            scales.add(scenario.scales(setting));
            claims.add(claim(scenario, "C" + claims.size(), specifications));
        }
    }

    private static Claim claim(Scenario scenario, String id, int specifications) {
        List<org.basinlab.study.Specification> all = new ArrayList<>();
        for (int i = 0; i < specifications; i++) {
            all.add(ClaimsForTests.specification(i == 0 ? "primary" : "s" + i, i == 0 ? "" : "assumption " + i));
        }
        return ClaimsForTests.claim(id, 6, Optional.of(scenario.decision()), all, Optional.empty());
    }

    /** Of studies: how many called at least one claim reproduced, and how many at least one contradicted. */
    record Rates(int studies, int reproduced, int contradicted) {

        double ofReproduced() {
            return (double) reproduced / studies;
        }

        double ofContradicted() {
            return (double) contradicted / studies;
        }

        /** The largest rate that a true rate of 5 % still explains: three standard errors above it. */
        double bound() {
            return Alpha.LEVEL + 3 * Math.sqrt(Alpha.LEVEL * (1 - Alpha.LEVEL) / studies);
        }
    }

    /** Every study has {@code n} units and is decided once, by them all. */
    Rates issuedOnce(int studies, int n) {
        int reproduced = 0;
        int contradicted = 0;
        for (int study = 0; study < studies; study++) {
            List<Outcome> outcomes = outcomes(trees(study, n), study);
            reproduced += outcomes.stream().anyMatch(Simulation::isReproduced) ? 1 : 0;
            contradicted += outcomes.contains(Outcome.CONTRADICTED) ? 1 : 0;
        }
        return new Rates(studies, reproduced, contradicted);
    }

    /** Every study is decided after each unit from {@code from} on, as if it had been planned so, until a verdict comes out. */
    Rates decidedAtEveryLook(int studies, int from, int to) {
        int reproduced = 0;
        int contradicted = 0;
        for (int study = 0; study < studies; study++) {
            List<SimulatedTree> trees = trees(study, to);
            boolean isOpen = true;
            for (int n = from; n <= to && isOpen; n++) {
                List<Outcome> outcomes = outcomes(trees.subList(0, n), study);
                boolean holds = outcomes.stream().anyMatch(Simulation::isReproduced);
                boolean fails = outcomes.contains(Outcome.CONTRADICTED);
                reproduced += holds ? 1 : 0;
                contradicted += fails ? 1 : 0;
                isOpen = !holds && !fails;
            }
        }
        return new Rates(studies, reproduced, contradicted);
    }

    private static boolean isReproduced(Outcome outcome) {
        return outcome == Outcome.REPRODUCED || outcome == Outcome.SMALLER;
    }

    private List<SimulatedTree> trees(int study, int n) {
        RandomGenerator random = Seeds.generator(Seeds.derive(seed, "trees", study));
        List<SimulatedTree> trees = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            trees.add(SimulatedTree.grown(setting, random));
        }
        return trees;
    }

    private List<Outcome> outcomes(List<SimulatedTree> trees, int study) {
        RandomGenerator random = Seeds.generator(Seeds.derive(seed, "specifications", study));
        List<MeasuredClaim> measured = new ArrayList<>();
        for (int c = 0; c < claims.size(); c++) {
            List<Measured> specifications = new ArrayList<>();
            for (var specification : claims.get(c).specifications()) {
                double blur = specifications.isEmpty() ? 0 : BLUR;
                specifications.add(new Measured(
                        specification,
                        scenarios.get(c).tables(trees, scales.get(c), blur, random),
                        java.util.Map.of()));
            }
            measured.add(new MeasuredClaim(claims.get(c), trees.size(), specifications));
        }
        return Family.conclude(measured, Standing.JUDGED, Seeds.derive(seed, "verdicts", study), RESAMPLES).stream()
                .map(Conclusion::outcome)
                .toList();
    }
}

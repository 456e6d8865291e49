package org.basinlab.verdict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.basinlab.ledger.UnitTable;
import org.basinlab.recipe.Seeds;
import org.basinlab.study.Decision;
import org.basinlab.study.Decision.Part;
import org.basinlab.study.Decision.Sign;
import org.basinlab.study.Decision.Together;
import org.basinlab.study.Decision.Type;
import org.basinlab.verdict.SimulatedTree.Setting;

/** A claim and the truth about it. Numbers are in standard deviations of a unit, except the log ratio of variances. */
record Scenario(String name, Decision decision, List<ToDoubleFunction<SimulatedTree>> numbers, List<Double> truth) {

    /** Of equivalence, shape and barrier. */
    static final double MARGIN = 1;

    /** So far from zero that no test misses it. */
    static final double FAR = 3;

    private static final int TREES_FOR_SCALE = 20_000;

    static Scenario direction(double truth) {
        return one("direction", Type.DIRECTION, Sign.POSITIVE, 0, SimulatedTree::gap, truth);
    }

    static Scenario trend(double truth) {
        return one("trend", Type.TREND, Sign.POSITIVE, 0, SimulatedTree::slope, truth);
    }

    static Scenario variance(double logRatio) {
        return one("variance", Type.VARIANCE, Sign.POSITIVE, 0, SimulatedTree::first, logRatio);
    }

    static Scenario equivalence(double truth) {
        return one("equivalence", Type.EQUIVALENCE, Sign.NONE, MARGIN, SimulatedTree::gapOfHalves, truth);
    }

    static Scenario shape(double truth) {
        return one("shape", Type.SHAPE, Sign.NONE, MARGIN, SimulatedTree::curvature, truth);
    }

    static Scenario barrier(double truth) {
        return one("barrier", Type.BARRIER, Sign.POSITIVE, MARGIN, SimulatedTree::barrier, truth);
    }

    /** Negative at the low end, positive at the high end; the truth of the low end is given on the claim's side. */
    static Scenario crossing(double low, double high) {
        return new Scenario(
                "crossing",
                new Decision(
                        Together.CROSSING,
                        List.of(
                                new Part("low", Type.DIRECTION, Sign.NEGATIVE, 0, "sd"),
                                new Part("high", Type.DIRECTION, Sign.POSITIVE, 0, "sd"))),
                List.of(tree -> -tree.gap(), SimulatedTree::slope),
                List.of(-low, high));
    }

    /** Three parts of which one that fails is enough. */
    static Scenario anyAgainst(double truth) {
        return new Scenario(
                "one of three parts",
                new Decision(
                        Together.ANY_AGAINST,
                        List.of(
                                new Part("a", Type.DIRECTION, Sign.POSITIVE, 0, "sd"),
                                new Part("b", Type.DIRECTION, Sign.POSITIVE, 0, "sd"),
                                new Part("c", Type.DIRECTION, Sign.POSITIVE, 0, "sd"))),
                List.of(SimulatedTree::gap, SimulatedTree::gapOfHalves, SimulatedTree::slope),
                List.of(truth, truth, truth));
    }

    private static Scenario one(
            String name, Type type, Sign sign, double margin, ToDoubleFunction<SimulatedTree> number, double truth) {
        Part part = new Part("number", type, sign, margin, "sd");
        return new Scenario(name, new Decision(Together.ALL, List.of(part)), List.of(number), List.of(truth));
    }

    /** Where the truth lies, for a table. */
    String where() {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < truth.size(); i++) {
            words.add(word(decision.parts().get(i).sign().factor() * truth.get(i), decision.parts().get(i)));
        }
        return String.join(", ", words.stream().distinct().count() == 1 ? words.subList(0, 1) : words);
    }

    private static String word(double truth, Part part) {
        if (part.type() == Type.VARIANCE) {
            return truth == 0 ? "ratio 1" : "ratio %.3g".formatted(Math.exp(truth));
        }
        if (part.margin() > 0 && Math.abs(truth) == part.margin()) {
            return truth > 0 ? "δ" : "−δ";
        }
        return truth == 0 ? "0" : ("%+.3g".formatted(truth) + " sd").replace('-', '−');
    }

    /** Of each number the standard deviation over trees. */
    List<Double> scales(Setting setting) {
        RandomGenerator random = Seeds.generator(Seeds.derive(1, "scale"));
        double[] squares = new double[numbers.size()];
        for (int i = 0; i < TREES_FOR_SCALE; i++) {
            SimulatedTree tree = SimulatedTree.grown(setting, random);
            for (int k = 0; k < squares.length; k++) {
                double value = numbers.get(k).applyAsDouble(tree);
                squares[k] += value * value / TREES_FOR_SCALE;
            }
        }
        return Arrays.stream(squares).mapToObj(Math::sqrt).toList();
    }

    /** The units of every part. {@code blur} is the size of what a specification adds of its own. */
    Map<String, UnitTable> tables(
            List<SimulatedTree> trees, List<Double> scales, double blur, RandomGenerator random) {
        Map<String, UnitTable> tables = new LinkedHashMap<>();
        for (int k = 0; k < numbers.size(); k++) {
            double[] values = new double[trees.size()];
            double[] others = new double[trees.size()];
            boolean isVariance = decision.parts().get(k).type() == Type.VARIANCE;
            double shift = isVariance ? 0 : truth.get(k);
            double stretch = isVariance ? Math.exp(truth.get(k) / 2) : 1;
            for (int i = 0; i < values.length; i++) {
                double own = blur == 0 ? 0 : blur * random.nextGaussian();
                values[i] = shift + stretch * (numbers.get(k).applyAsDouble(trees.get(i)) / scales.get(k) + own);
                others[i] = trees.get(i).second() / scales.get(k) + (blur == 0 ? 0 : blur * random.nextGaussian());
            }
            String name = decision.parts().get(k).name();
            tables.put(name, isVariance ? ClaimsForTests.pairs(values, others) : ClaimsForTests.table(values));
        }
        return tables;
    }
}

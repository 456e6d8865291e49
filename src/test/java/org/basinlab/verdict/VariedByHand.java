package org.basinlab.verdict;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import org.basinlab.verdict.ByHand.Node;

/** The same for specifications that are not the primary one and have queries, or networks, of their own. */
final class VariedByHand {

    private static final int TOP = 3;

    private final ByHand hand;

    VariedByHand(MadeUpStudy study) {
        this.hand = new ByHand(study);
    }

    Map<String, double[]> of(String claim, String specification, String part) {
        return switch (claim + " " + specification + " " + part) {
            case "H3 groups-of-8 accuracy" ->
                hand.groups(8, t -> hand.accuracy(new Node(8, t)), t -> hand.accuracy(ByHand.many(8, t)));
            case "H4 stage-1 trend" -> hand.trees(t -> ByHand.above(t, 1, hand::accuracy));
            case "H4 permute-first direction" ->
                hand.trees(t -> hand.accuracy(new Node("hierarchical", 8, t, "permute=first"))
                        - ByHand.level(t, 0, hand::accuracy));
            case "H5 midpoint accuracy" -> hand.groups(2, g -> half(g, "path-accuracy"));
            case "H5 midpoint loss" -> hand.groups(2, g -> -half(g, "path-loss"));
            case "H6 relative stage-2" -> hand.trees(t -> ByHand.above(t, 2, node -> relative(node, "0.01")));
            case "H7 relative below" -> hand.trees(t -> ByHand.above(t, TOP, node -> relative(node, "0.004")));
            case "H7 normalised above" ->
                hand.trees(t -> ByHand.above(t, TOP, node -> hand.fgsm(node, "normalised", "0.016")));
            case "H8 every-image direction" -> hand.trees(t -> ByHand.above(t, TOP, this::logOfMedian));
            case "H8 every-image trend" -> hand.trees(t -> ByHand.slope(t, this::logOfMedian));
            case "H9 relative share" -> wins();
            case "H10 geometric trend" -> hand.trees(t -> slope(s -> Math.log(ByHand.level(t, s, hand::norm))));
            case "H10 geometric shape" -> hand.trees(t -> bend(s -> Math.log(ByHand.level(t, s, hand::norm))));
            case "H10 naive-tree trend" ->
                hand.trees(
                        t -> (ByHand.slope(t, hand::norm) - slope(s -> naive(t, s))) / ByHand.level(t, 0, hand::norm));
            case "H11 stage-2 norm" ->
                hand.groups(8, t -> hand.norm(new Node(4, 2 * t)), t -> hand.norm(new Node(1, 8 * t)));
            case "H12 margin spectral" ->
                hand.trees(t -> ByHand.slope(t, this::perMargin) / ByHand.level(t, 0, this::perMargin));
            case "H13 stage-2 accuracy" ->
                hand.groups(4, g -> difference(g, "permute=first") - difference(g, "sweep=2"));
            case "H14 relative fgsm-l2-normalised" ->
                hand.trees(t -> kept(new Node(8, t)) - kept(new Node("equal-accuracy-l2", 8, t, "")));
            case "H14 stage-2 fgsm-l2-pixel" ->
                hand.trees(t -> hand.fgsm(new Node(4, 2 * t), "pixel", "0.01")
                        - hand.fgsm(new Node("equal-accuracy-l2", 4, 2 * t, ""), "pixel", "0.01"));
            case "H15 groups-of-4 cost" -> hand.groups(4, this::cost);
            case "H17 absolute direction" ->
                hand.trees(t ->
                        ByHand.above(t, TOP, node -> hand.number(node, "gaussian-accuracy", "pixel", "0.05", "test")));
            case "H17 weights trend" -> hand.trees(t -> ByHand.slope(t, this::keptUnderNoiseOnWeights));
            case "H18 stage-1 fgsm" ->
                hand.trees(t -> hand.fgsm(new Node(2, 4 * t), "pixel", "0.01")
                        - hand.fgsm(new Node("noise-matched", 2, 4 * t, ""), "pixel", "0.01"));
            default -> throw new IllegalArgumentException(claim + " " + specification + " " + part);
        };
    }

    /** How far the middle lies below the mean of the ends. */
    private double half(int group, String metric) {
        Node node = new Node("hierarchical", 2, group, "permuted");
        return (hand.number(node, metric, "", "0", "test") + hand.number(node, metric, "", "1", "test")) / 2
                - hand.number(node, metric, "", "0.5", "test");
    }

    private double relative(Node node, String at) {
        return hand.fgsm(node, "pixel", at) / hand.fgsm(node, "pixel", "0");
    }

    private double logOfMedian(Node node) {
        return Math.log(hand.number(node, "deepfool-l2-median", "pixel", "", "test"));
    }

    private double naive(int tree, int stage) {
        return stage == 0
                ? ByHand.level(tree, 0, hand::norm)
                : ByHand.level(tree, stage, node -> hand.norm(new Node("naive", node.size(), node.group(), "")));
    }

    private double perMargin(Node node) {
        return hand.number(node, "lipschitz-spectral", "", "", "")
                / hand.number(node, "logit-margin-median", "", "", "test");
    }

    private double difference(int group, String variant) {
        return Math.abs(hand.accuracy(new Node(4, group)) - hand.accuracy(new Node("hierarchical", 4, group, variant)));
    }

    private double clean(Node node, int images) {
        boolean[] right = hand.found("main", node, "accuracy", "", "", "test").correct()[0];
        double sum = 0;
        for (int i = 0; i < images; i++) {
            sum += right[i] ? 1 : 0;
        }
        return sum / images;
    }

    private double kept(Node node) {
        MadeUpStudy.Made attacked = hand.found("main", node, "fgsm-accuracy", "normalised", "0.01", "test");
        return attacked.value() / clean(node, attacked.correct()[0].length);
    }

    private double keptUnderNoiseOnWeights(Node node) {
        MadeUpStudy.Made noisy = hand.found("main", node, "weight-noise-accuracy", "", "0.05", "test");
        return noisy.value() / clean(node, noisy.correct()[0].length);
    }

    private double cost(int group) {
        ToDoubleFunction<Node> matchings = node -> hand.number(node, "matchings", "", "", "");
        double sum = matchings.applyAsDouble(new Node(4, group))
                + matchings.applyAsDouble(new Node(2, 2 * group))
                + matchings.applyAsDouble(new Node(2, 2 * group + 1));
        return Math.log(sum / matchings.applyAsDouble(ByHand.many(4, group)));
    }

    /** Over stages 0 to 3, where the squares of the distances to their mean sum to 5. */
    private static double slope(IntToDoubleFunction of) {
        double sum = 0;
        for (int stage = 0; stage <= TOP; stage++) {
            sum += (stage - 1.5) * of.applyAsDouble(stage);
        }
        return TOP * sum / 5;
    }

    private static double bend(IntToDoubleFunction of) {
        return (of.applyAsDouble(3) - of.applyAsDouble(2) - of.applyAsDouble(1) + of.applyAsDouble(0)) / 2;
    }

    private Map<String, double[]> wins() {
        Map<String, double[]> units = new TreeMap<>();
        for (int i = 0; i < 2; i++) {
            double wins = 0;
            for (int point = 0; point <= 10; point++) {
                String at =
                        BigDecimal.valueOf(2L * point, 3).stripTrailingZeros().toPlainString();
                double merged = relative(new Node(8, i), at);
                double l1 = ofArm("l1", i, at) / ofArm("l1", i, "0");
                double l2 = ofArm("l2", i, at) / ofArm("l2", i, "0");
                wins += 0.5 * (Math.signum(l2 - Math.max(merged, l1)) + 1);
            }
            units.put(Integer.toString(i), new double[] {wins / 11 - 0.5});
        }
        return units;
    }

    private double ofArm(String arm, int index, String at) {
        return hand.found(arm, hand.bySeed(arm, index), "fgsm-accuracy", "pixel", at, "test")
                .value();
    }
}

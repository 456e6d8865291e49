package org.basinlab.verdict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.basinlab.workflow.Placement;
import org.basinlab.workflow.PlannedTask;
import org.basinlab.workflow.TaskSpec;

/** What the primary specifications of H1 to H18 say of a made-up study, computed without SQL. */
final class ByHand {

    private static final int TREE = 8;
    private static final int TOP = 3;
    private static final String CONVERGED = "rounds=converged,stop=l2";

    private final MadeUpStudy study;

    ByHand(MadeUpStudy study) {
        this.study = study;
    }

    /** A network of the main population. */
    private record Node(String scheme, int size, int group, String variant) {
        Node(int size, int group) {
            this(size == 1 ? "trained" : "hierarchical", size, group, "");
        }
    }

    /** By unit, its value and, for a variance, the other one. */
    Map<String, double[]> of(String claim, String part) {
        return switch (claim) {
            case "H1" -> groups(4, g -> lead(4, g));
            case "H2" ->
                groups(8, t -> lead(8, t) - (lead(4, 2 * t) + lead(4, 2 * t + 1)) / 2);
            case "H3" -> groups(4, g -> accuracy(new Node(4, g)), g -> accuracy(many(4, g)));
            case "H4" -> onTrees(part, this::accuracy);
            case "H5" ->
                groups(2, g -> number(new Node("hierarchical", 2, g, "permuted"), "barrier-" + part, "", "", "test"));
            case "H6" -> {
                int stage = Integer.parseInt(part.substring(part.length() - 1));
                yield trees(t -> above(t, stage, node -> fgsm(node, "pixel", "0.01")));
            }
            case "H7" -> trees(t -> above(t, TOP, node -> fgsm(node, "pixel", part.equals("below") ? "0.004" : "0.016")));
            case "H8" -> distances(part);
            case "H9" -> wins();
            case "H10" -> norms(part);
            case "H11" -> groups(8, t -> norm(new Node(8, t)), t -> norm(new Node(1, 8 * t)));
            case "H12" ->
                trees(t -> slope(t, node -> number(node, "lipschitz-" + part, "", "", part.equals("local") ? "test" : ""))
                        / level(t, 0, node -> number(node, "lipschitz-" + part, "", "", part.equals("local") ? "test" : "")));
            case "H13" ->
                trees(t -> Math.abs(tree(t, "") - tree(t, "permute=first")) - Math.abs(tree(t, "") - tree(t, "sweep=2")));
            case "H14" -> challenge(part);
            case "H15" -> trees(this::cost);
            case "H16" -> trees(this::target);
            case "H17" -> onTrees(part, this::kept);
            case "H18" -> noise(part);
            default -> throw new IllegalArgumentException(claim);
        };
    }

    private Map<String, double[]> groups(int size, IntToDoubleFunction... values) {
        int leaves = study.study().arms().get(0).seeds().count();
        Map<String, double[]> units = new TreeMap<>();
        for (int i = 0; i < leaves / size; i++) {
            int group = i;
            units.put(
                    "main/%d/%d".formatted(size, group),
                    Arrays.stream(values)
                            .mapToDouble(value -> value.applyAsDouble(group))
                            .toArray());
        }
        return units;
    }

    private Map<String, double[]> trees(IntToDoubleFunction value) {
        return groups(TREE, value);
    }

    private Map<String, double[]> onTrees(String part, ToDoubleFunction<Node> of) {
        return trees(t -> part.equals("trend") ? slope(t, of) : above(t, TOP, of));
    }

    private MadeUpStudy.Number found(String arm, Node node, String metric, String space, String at, String split) {
        MadeUpStudy.Name name = new MadeUpStudy.Name(
                arm, node.scheme(), node.size(), node.group(), node.variant(), metric, space, at, split);
        MadeUpStudy.Number number = study.numbers().get(name);
        if (number == null) {
            throw new AssertionError("there is no " + name);
        }
        return number;
    }

    private double number(Node node, String metric, String space, String at, String split) {
        return found("main", node, metric, space, at, split).value();
    }

    private double accuracy(Node node) {
        return number(node, "accuracy", "", "", "test");
    }

    private double norm(Node node) {
        return number(node, "weight-norm", "", "", "");
    }

    private double fgsm(Node node, String space, String at) {
        return number(node, "fgsm-accuracy", space, at, "test");
    }

    private static Node many(int size, int group) {
        return new Node("merge-many", size, group, CONVERGED);
    }

    private double lead(int size, int group) {
        return accuracy(new Node(size, group)) - accuracy(many(size, group));
    }

    private double tree(int tree, String variant) {
        return accuracy(new Node("hierarchical", TREE, tree, variant));
    }

    private static List<Node> level(int tree, int stage) {
        int nodes = TREE >> stage;
        return IntStream.range(tree * nodes, (tree + 1) * nodes)
                .mapToObj(group -> new Node(1 << stage, group))
                .toList();
    }

    private static double level(int tree, int stage, ToDoubleFunction<Node> of) {
        return level(tree, stage).stream().mapToDouble(of).average().orElseThrow();
    }

    private static double above(int tree, int stage, ToDoubleFunction<Node> of) {
        return level(tree, stage, of) - level(tree, 0, of);
    }

    /** By the normal equations. */
    private static double slope(int tree, ToDoubleFunction<Node> of) {
        double n = TOP + 1;
        double x = 0;
        double y = 0;
        double xx = 0;
        double xy = 0;
        for (int stage = 0; stage <= TOP; stage++) {
            double value = level(tree, stage, of);
            x += stage;
            y += value;
            xx += stage * stage;
            xy += stage * value;
        }
        return TOP * (n * xy - x * y) / (n * xx - x * x);
    }

    private Map<String, double[]> norms(String part) {
        if (part.equals("trend")) {
            return trees(t -> slope(t, this::norm) / level(t, 0, this::norm));
        }
        // Second differences over 0 to 3 sum to those of the two ends.
        return trees(t -> (level(t, 3, this::norm) - level(t, 2, this::norm) - level(t, 1, this::norm)
                        + level(t, 0, this::norm))
                / 2
                / level(t, 0, this::norm));
    }

    private boolean[] right(List<Node> nodes, int images) {
        boolean[] right = new boolean[images];
        Arrays.fill(right, true);
        for (Node node : nodes) {
            boolean[] own = found("main", node, "accuracy", "", "", "test").correct()[0];
            for (int i = 0; i < images; i++) {
                right[i] &= own[i];
            }
        }
        return right;
    }

    private double logMedian(Node node, String space, List<Node> among) {
        float[] distances = found("main", node, "deepfool-l2-mean", space, "", "test").distances();
        boolean[] right = right(among, distances.length);
        double[] kept = IntStream.range(0, distances.length)
                .filter(i -> right[i])
                .mapToDouble(i -> distances[i])
                .sorted()
                .toArray();
        int n = kept.length;
        return Math.log(n % 2 == 1 ? kept[n / 2] : (kept[n / 2] + kept[n / 2 - 1]) / 2);
    }

    private Map<String, double[]> distances(String part) {
        return trees(t -> {
            List<Node> all = new ArrayList<>();
            IntStream.rangeClosed(0, TOP).forEach(stage -> all.addAll(level(t, stage)));
            ToDoubleFunction<Node> of = node -> logMedian(node, "pixel", all);
            return part.equals("trend") ? slope(t, of) : above(t, TOP, of);
        });
    }

    /** Networks of an arm by their seeds. */
    private Node bySeed(String arm, int index) {
        Placement place = study.plan().tasks().stream()
                .filter(task -> task.spec().kind() == TaskSpec.Kind.TRAIN)
                .map(PlannedTask::placement)
                .filter(at -> at.arm().equals(arm))
                .sorted(Comparator.comparingLong(at -> at.seed().orElseThrow()))
                .toList()
                .get(index);
        return new Node(1, place.groupId());
    }

    /** Which network of an arm stands in unit 0: where an arm is merged that with the first leaf, else that of the lowest seed. */
    int first(String arm) {
        return arm.equals("main") ? 0 : bySeed(arm, 0).group();
    }

    private Map<String, double[]> wins() {
        Map<String, double[]> units = new TreeMap<>();
        for (int i = 0; i < 2; i++) {
            double wins = 0;
            List<String> grid = List.of(
                    "0", "0.002", "0.004", "0.006", "0.008", "0.01", "0.012", "0.014", "0.016", "0.018", "0.02");
            for (String at : grid) {
                double merged = fgsm(new Node(TREE, i), "pixel", at);
                double l1 = found("l1", bySeed("l1", i), "fgsm-accuracy", "pixel", at, "test").value();
                double l2 = found("l2", bySeed("l2", i), "fgsm-accuracy", "pixel", at, "test").value();
                wins += 0.5 * (Math.signum(l2 - Math.max(merged, l1)) + 1);
            }
            units.put(Integer.toString(i), new double[] {wins / grid.size() - 0.5});
        }
        return units;
    }

    private Map<String, double[]> challenge(String part) {
        String space = part.endsWith("pixel") ? "pixel" : "normalised";
        String control = "equal-accuracy-"
                + part.substring(part.indexOf('-') + 1, part.lastIndexOf('-'));
        return trees(t -> {
            Node merge = new Node(TREE, t);
            Node other = new Node(control, TREE, t, "");
            if (part.startsWith("deepfool")) {
                return logMedian(merge, space, List.of(merge, other)) - logMedian(other, space, List.of(merge, other));
            }
            String metric = part.startsWith("fgsm") ? "fgsm-accuracy" : "pgd-linf-accuracy";
            return number(merge, metric, space, "0.01", "test") - number(other, metric, space, "0.01", "test");
        });
    }

    private double cost(int tree) {
        double sum = 0;
        for (int stage = 1; stage <= TOP; stage++) {
            sum += level(tree, stage).stream()
                    .mapToDouble(node -> number(node, "matchings", "", "", ""))
                    .sum();
        }
        return Math.log(sum / number(many(TREE, tree), "matchings", "", "", ""));
    }

    private double target(int tree) {
        double barriers = 0;
        for (int stage = 1; stage <= TOP; stage++) {
            barriers += level(tree, stage).stream()
                    .mapToDouble(node -> number(
                            new Node("hierarchical", node.size(), node.group(), "permuted"),
                            "barrier-loss",
                            "",
                            "",
                            "test"))
                    .sum();
        }
        return number(many(TREE, tree), "running-mean-loss", "", "1", "test")
                - level(tree, 0, node -> number(node, "loss", "", "", "test"))
                - barriers / 7;
    }

    /** Share of the clean accuracy on the same images. */
    private double kept(Node node) {
        boolean[][] noisy = found("main", node, "gaussian-accuracy", "pixel", "0.05", "test").correct();
        boolean[] clean = found("main", node, "accuracy", "", "", "test").correct()[0];
        return MadeUpStudy.share(noisy)
                / MadeUpStudy.share(new boolean[][] {Arrays.copyOf(clean, noisy[0].length)});
    }

    private Map<String, double[]> noise(String part) {
        return trees(t -> {
            Node merge = new Node(TREE, t);
            Node other = new Node("noise-matched", TREE, t, "");
            return part.equals("fgsm")
                    ? fgsm(merge, "pixel", "0.01") - fgsm(other, "pixel", "0.01")
                    : logMedian(merge, "pixel", List.of(merge, other)) - logMedian(other, "pixel", List.of(merge, other));
        });
    }
}

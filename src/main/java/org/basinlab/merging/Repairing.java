package org.basinlab.merging;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.basinlab.network.Examples;
import org.basinlab.network.MomentPass;
import org.basinlab.network.Moments;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Repair;
import org.basinlab.recipe.TensorShape;

/**
 * REPAIR and RESCALE: gives the hidden units of a mean of networks back the means and standard deviations of their
 * pre-activations. The goal of a unit is the weighted mean of those that it has in the networks, over all images; the layers
 * of the mean are corrected one after another, each measured with those before it corrected, so that every goal is met on
 * these images. The correction is fused into weights and biases, or the scale and shift of a normalisation that follows: what
 * comes out is a network like any other. The last layer is left alone.
 *
 * <p>Measured over all images at once where the original averages over batches, and without its ε in the variance; a BatchNorm
 * of the mean uses each batch's mean and variance meanwhile. Works on any network that is a {@link Graph}. In float64 from the
 * outputs on, rounded to float32 once a layer.
 *
 * @see Repair
 */
final class Repairing {

    /** What sums in float32 of equal numbers in another order may differ by, of their size. */
    private static final double ROUNDING = 1e-6;

    private final Graph graph;
    private final Repair repair;
    private final Examples images;
    private final List<RepairPlace> places;

    /**
     * For networks that compute {@code graph}.
     *
     * @param images at least two
     * @throws IllegalArgumentException if a layer cannot be corrected so; the message says which and why
     */
    Repairing(Graph graph, Repair repair, Examples images) {
        this.graph = graph;
        this.repair = repair;
        this.images = images;
        places = RepairPlace.of(graph);
        places.forEach(place -> place.require(repair));
    }

    /** By node, what the units of its place are to have. */
    private record Goal(double[] means, double[] deviations) {}

    /**
     * The corrected mean.
     *
     * @param mean of the networks
     * @param networks as they were averaged
     * @param shares of each in the mean
     * @throws IllegalArgumentException if there are too few images to see every unit vary; the message names one that does not
     */
    float[] of(float[] mean, List<Weights> networks, List<Double> shares, Progress progress) {
        Map<Integer, List<RepairPlace>> byDepth =
                places.stream().collect(Collectors.groupingBy(RepairPlace::depth, TreeMap::new, Collectors.toList()));
        // A pass over the mean goes half the way on average.
        double steps = networks.size() + byDepth.size() / 2.0;
        Map<Integer, Goal> goals = goals(networks, shares, part(progress, 0, networks.size() / steps));
        float[] values = mean.clone();
        int done = 0;
        for (List<RepairPlace> layer : byDepth.values()) {
            Progress part = part(progress, (networks.size() + done / 2.0) / steps, 0.5 / steps);
            Map<Integer, Moments> found = moments(values, layer, part);
            layer.forEach(place -> correct(values, place, found, goals));
            done++;
        }
        return values;
    }

    private Map<Integer, Goal> goals(List<Weights> networks, List<Double> shares, Progress progress) {
        Map<Integer, Goal> goals = new TreeMap<>();
        places.forEach(
                place -> goals.put(place.node(), new Goal(new double[place.units()], new double[place.units()])));
        for (int k = 0; k < networks.size(); k++) {
            Map<Integer, Moments> found = new MomentPass(graph, networks.get(k).copy(), goals.keySet(), images)
                    .ofAll(part(progress, (double) k / networks.size(), 1.0 / networks.size()));
            double share = shares.get(k);
            goals.forEach((node, goal) -> {
                Moments moments = found.get(node);
                for (int c = 0; moments != null && c < moments.channels(); c++) {
                    goal.means[c] += share * moments.mean(c);
                    goal.deviations[c] += share * moments.deviation(c);
                }
            });
        }
        places.forEach(place -> requireVariation(place, goals));
        return goals;
    }

    private void requireVariation(RepairPlace place, Map<Integer, Goal> goals) {
        Goal goal = goals.getOrDefault(place.node(), new Goal(new double[0], new double[0]));
        double[] means = goal.means;
        double[] deviations = goal.deviations;
        for (int c = 0; c < deviations.length; c++) {
            if (!varies(deviations[c], means[c])) {
                throw new IllegalArgumentException(
                        ("%s needs images on which every hidden unit varies: unit %d of %s gives one value on all %d images in"
                                        + " every network")
                                .formatted(repair, c, place.name(), images.count()));
            }
        }
    }

    /** Not by rounding alone. */
    private static boolean varies(double deviation, double mean) {
        return deviation > ROUNDING * Math.abs(mean);
    }

    /** Of the mean as far as it is corrected; what comes after the layer is not computed. */
    private Map<Integer, Moments> moments(float[] values, List<RepairPlace> layer, Progress progress) {
        Set<Integer> nodes = layer.stream().map(RepairPlace::node).collect(Collectors.toSet());
        int last = nodes.stream().mapToInt(Integer::intValue).max().orElseThrow();
        Graph before = new Graph(graph.nodes().subList(0, last + 1));
        MomentPass pass = new MomentPass(before, values, nodes, images);
        return graph.hasBatchNorm() ? pass.ofAllByBatch(progress) : pass.ofAll(progress);
    }

    private void correct(float[] values, RepairPlace place, Map<Integer, Moments> found, Map<Integer, Goal> goals) {
        Moments now = found.get(place.node());
        Goal goal = goals.get(place.node());
        if (now == null || goal == null) {
            throw new IllegalStateException("node %d was not measured".formatted(place.node()));
        }
        int row = place.scaled().size() / place.units();
        for (int c = 0; c < place.units(); c++) {
            // A unit that the mean holds still can be moved only.
            double factor = varies(now.deviation(c), now.mean(c)) ? goal.deviations[c] / now.deviation(c) : 1;
            int start = place.scaled().offset() + c * row;
            for (int i = start; i < start + row; i++) {
                values[i] = (float) (factor * values[i]);
            }
            double step = repair == Repair.REPAIR ? goal.means[c] - factor * now.mean(c) : 0;
            int unit = c;
            place.shifted().ifPresent(shift -> shift(values, shift, unit, factor, step));
        }
    }

    private static void shift(float[] values, TensorShape shift, int unit, double factor, double step) {
        int at = shift.offset() + unit;
        values[at] = (float) (factor * values[at] + step);
    }

    private static Progress part(Progress progress, double from, double share) {
        return fraction -> progress.at(Math.min(1, from + fraction * share));
    }
}

package org.basinlab.matching;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.basinlab.assignment.Assignment;
import org.basinlab.assignment.LinearAssignment;
import org.basinlab.matching.ObservedNodes.Observed;
import org.basinlab.network.Examples;
import org.basinlab.network.GraphPass;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.PermutationSpec.Axis;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.Progress;

/**
 * Activation matching: pairs each unit of A with the unit of B that fires alike on images. Each permutation is one exact
 * linear assignment of its own, so there is one sweep and no seed; the objective is the sum of what the pairs give.
 *
 * <p>A permutation's units are seen at the outputs of all activations whose channels it orders, after the rectifier: one in
 * a perceptron or VGG16, one inside every block of a ResNet, and for the stream of a stage that after its first layer and
 * those at the end of its blocks. A permutation that orders none, the stream of a vision transformer, is seen at the outputs
 * of the normalisations that read it; one that orders not even those, the heads of an attention, where the heads come out.
 * What several places give is added up; so is what the channels of one unit give, as of a head. The positions of a map are
 * samples like the images.
 *
 * <p>Activations are those of evaluation in float32; means, variances and products are gathered in float64 in one pass of
 * batches ({@link Comoments}), so memory does not grow with the images. E[ab] is the mean of the products. Of Pearson's
 * correlation, that with a unit that never changes is 0. Equal weights and images give equal answers on one engine; where
 * two pairings are equally good, as those of dead units, either may be the answer.
 *
 * @see <a href="https://arxiv.org/abs/2209.04836">Ainsworth et al. 2022, Git Re-Basin, section 3.1</a>
 */
public final class ActivationMatching {

    private static final int LARGEST_BATCH = 500;

    /** Of one pass and batch; what flows between operations takes 4 bytes each. */
    private static final long MOST_VALUES = 16L << 20;

    private ActivationMatching() {}

    /**
     * Aligns {@code b} with {@code a}.
     *
     * @param images without augmentation; {@code how} says how many of the first are seen
     * @param progress told of every batch
     * @throws IllegalArgumentException if the architectures differ, a weight is not finite, or there are fewer than
     *     {@value Matching.Activation#FEWEST_IMAGES} images or fewer than {@code how} wants
     * @throws java.util.concurrent.CancellationException if {@code progress} says so
     */
    public static Alignment align(Weights a, Weights b, Examples images, Matching.Activation how, Progress progress) {
        long started = System.nanoTime();
        MutualMatching.requireAlignable(a, a);
        MutualMatching.requireAlignable(b, a);
        int count = how.images().orElse(images.count());
        if (count < Matching.Activation.FEWEST_IMAGES || count > images.count()) {
            throw new IllegalArgumentException(
                    "activation matching was to see %d images, needs at least %d and at most all %d"
                            .formatted(count, Matching.Activation.FEWEST_IMAGES, images.count()));
        }
        Graph graph = a.architecture().graph();
        PermutationSpec spec = PermutationSpec.of(graph);
        Map<String, int[]> byName = new LinkedHashMap<>();
        double[] similarity = new double[1];
        gains(graph, a, b, images, count, how.statistic(), progress).forEach((name, gains) -> {
            Assignment best = LinearAssignment.maximise(gains, spec.units(name));
            byName.put(name, best.columnOfRow());
            similarity[0] += best.cost();
        });
        return Alignments.of(a, b, Permutations.of(byName), similarity[0], started);
    }

    /** By permutation, what pairing each unit of A with each of B gives. */
    private static Map<String, double[]> gains(
            Graph graph,
            Weights a,
            Weights b,
            Examples images,
            int count,
            Matching.Statistic statistic,
            Progress progress) {
        Map<String, List<Observed>> places = ObservedNodes.of(graph);
        Map<Integer, Comoments> byNode = new TreeMap<>();
        int widest = places.values().stream()
                .flatMap(List::stream)
                .mapToInt(place -> channels(graph, place.node()))
                .max()
                .orElse(1);
        try (Gemm gemm = new Gemm(Comoments.CHUNK * widest, 1)) {
            places.values().stream()
                    .flatMap(List::stream)
                    .forEach(place -> byNode.put(place.node(), new Comoments(channels(graph, place.node()), gemm)));
            observe(graph, a, b, images, count, byNode, progress);
            Map<String, double[]> gains = new LinkedHashMap<>();
            places.forEach((name, nodes) -> {
                double[] sum = new double[0];
                for (Observed place : nodes) {
                    double[] own =
                            Objects.requireNonNull(byNode.get(place.node())).gains(statistic);
                    sum = sumOfUnits(own, channels(graph, place.node()), place.axis(), sum);
                }
                gains.put(name, sum);
            });
            return gains;
        } finally {
            byNode.values().forEach(Comoments::close);
        }
    }

    private static int channels(Graph graph, int node) {
        return graph.node(node).output().channels();
    }

    private static void observe(
            Graph graph,
            Weights a,
            Weights b,
            Examples images,
            int count,
            Map<Integer, Comoments> byNode,
            Progress progress) {
        Set<Integer> nodes = byNode.keySet();
        int batch = (int) Math.max(1, Math.min(LARGEST_BATCH, MOST_VALUES / graph.valuesOfImage()));
        int[] order = new int[count];
        Arrays.setAll(order, i -> i);
        try (GraphPass first = new GraphPass(graph, nodes, Math.min(batch, count));
                GraphPass second = new GraphPass(graph, nodes, Math.min(batch, count))) {
            first.load(a.copy());
            second.load(b.copy());
            for (int from = 0; from < count; from += batch) {
                progress.at((double) from / count);
                int size = Math.min(batch, count - from);
                images.fill(order, from, size, first.inputs(size));
                images.fill(order, from, size, second.inputs(size));
                first.run(size);
                second.run(size);
                byNode.forEach((node, comoments) -> {
                    Extent extent = graph.node(node).output();
                    FloatBuffer ofA = first.output(node, size);
                    comoments.add(ofA, second.output(node, size), size * extent.positions());
                });
            }
        }
    }

    /** Adds what the channels of each pair of units give to {@code sum}; to nothing where that is empty. */
    private static double[] sumOfUnits(double[] gains, int channels, Axis axis, double[] sum) {
        int units = channels / (axis.repeats() * axis.block());
        double[] result = sum.length == 0 ? new double[units * units] : sum;
        for (int first = 0; first < channels; first++) {
            int repeat = first / (units * axis.block());
            int unit = first / axis.block() % units;
            for (int other = 0; other < units; other++) {
                int second = (repeat * units + other) * axis.block() + first % axis.block();
                result[unit * units + other] += gains[first * channels + second];
            }
        }
        return result;
    }
}

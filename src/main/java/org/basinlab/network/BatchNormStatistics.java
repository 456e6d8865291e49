package org.basinlab.network;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Operation;
import org.basinlab.recipe.Progress;

/**
 * The running means and variances of a network's BatchNorms, estimated anew: those of a mean of networks are not the mean of
 * theirs. Without them no merge of such networks is worth anything.
 *
 * <p>One pass over the images in batches, in which every BatchNorm uses the mean and variance of the batch; the running ones
 * are the plain averages over the batches of its input's means and unbiased variances, as PyTorch's with {@code momentum=None}.
 */
public final class BatchNormStatistics {

    private BatchNormStatistics() {}

    /**
     * The same network with new statistics; itself where it has no BatchNorm.
     *
     * @param images at least two
     * @throws IllegalArgumentException if there are fewer, or they do not fit the network
     */
    public static Weights estimated(Weights weights, Examples images, Progress progress) {
        Graph graph = weights.architecture().graph();
        Map<Integer, Operation.Running> running = running(graph);
        if (running.isEmpty()) {
            return weights;
        }
        Map<Integer, double[]> means = new LinkedHashMap<>();
        Map<Integer, double[]> variances = new LinkedHashMap<>();
        float[] values = weights.copy();
        Set<Integer> inputs = new LinkedHashSet<>();
        running.forEach((node, buffers) -> inputs.add(graph.node(node).input()));
        int batches = new MomentPass(graph, values, inputs, images)
                .eachBatch(
                        batch -> batch.forEach((node, moments) -> {
                            double[] mean = means.computeIfAbsent(node, n -> new double[moments.channels()]);
                            double[] variance = variances.computeIfAbsent(node, n -> new double[moments.channels()]);
                            for (int c = 0; c < mean.length; c++) {
                                mean[c] += moments.mean(c);
                                variance[c] += moments.unbiasedVariance(c);
                            }
                        }),
                        progress);
        running.forEach((node, buffers) -> {
            int input = graph.node(node).input();
            put(means, input, batches, values, buffers.mean().offset());
            put(variances, input, batches, values, buffers.variance().offset());
        });
        return Weights.owning(weights.architecture(), values);
    }

    private static void put(Map<Integer, double[]> sums, int node, int batches, float[] values, int offset) {
        double[] sum = sums.getOrDefault(node, new double[0]);
        for (int c = 0; c < sum.length; c++) {
            values[offset + c] = (float) (sum[c] / batches);
        }
    }

    /** The buffers of every BatchNorm, by node. */
    private static Map<Integer, Operation.Running> running(Graph graph) {
        Map<Integer, Operation.Running> running = new LinkedHashMap<>();
        for (int node = 0; node < graph.size(); node++) {
            if (graph.node(node).operation() instanceof Operation.Normalise normalise
                    && normalise.norm() == Norm.BATCH) {
                running.put(node, normalise.running().orElseThrow());
            }
        }
        return running;
    }
}

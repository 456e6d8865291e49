package org.basinlab.network;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Progress;

/**
 * What chosen nodes of a network give on examples, as the moments of their channels. The examples pass in their order, in
 * batches whose sizes differ by one at most. Equal arguments give equal bits on one engine.
 */
public final class MomentPass {

    /** The largest batch; as many as are usual for a BatchNorm. */
    private static final int MOST_IMAGES = 500;

    /** What a batch computes takes at most 256 MiB, if two images do. */
    private static final long MOST_VALUES = 1 << 26;

    private final Graph graph;
    private final float[] weights;
    private final Set<Integer> nodes;
    private final Examples examples;

    /**
     * Of a network.
     *
     * @param weights all tensors, in the order of the graph; more than the graph has are passed over
     * @param nodes whose moments are wanted
     * @throws IllegalArgumentException if there are fewer than two examples, or they have another number of inputs
     */
    public MomentPass(Graph graph, float[] weights, Set<Integer> nodes, Examples examples) {
        if (examples.count() < 2) {
            throw new IllegalArgumentException(
                    "means and variances of hidden units need at least 2 images, there is " + examples.count());
        }
        if (examples.inputs() != graph.input().size()) {
            throw new IllegalArgumentException("the network takes %d inputs, the images have %d"
                    .formatted(graph.input().size(), examples.inputs()));
        }
        this.graph = graph;
        this.weights = weights;
        this.nodes = Set.copyOf(nodes);
        this.examples = examples;
    }

    /** By node, over all examples; every BatchNorm uses its running mean and variance. */
    public Map<Integer, Moments> ofAll(Progress progress) {
        return ofAll(false, progress);
    }

    /** The same, every BatchNorm by the mean and variance of each batch. */
    public Map<Integer, Moments> ofAllByBatch(Progress progress) {
        return ofAll(true, progress);
    }

    private Map<Integer, Moments> ofAll(boolean byBatch, Progress progress) {
        Map<Integer, Moments> all = new LinkedHashMap<>();
        run(byBatch, batch -> batch.forEach((node, moments) -> all.merge(node, moments, Moments::plus)), progress);
        return all;
    }

    /** By node, of every batch in turn; every BatchNorm by the mean and variance of the batch. Returns how many there were. */
    int eachBatch(Consumer<Map<Integer, Moments>> taker, Progress progress) {
        return run(true, taker, progress);
    }

    private int run(boolean byBatch, Consumer<Map<Integer, Moments>> taker, Progress progress) {
        int count = examples.count();
        int batches = Math.min((int) Math.ceil((double) count / most()), count / 2); // none of a single image
        int[] order = new int[count];
        Arrays.setAll(order, i -> i);
        try (GraphPass pass = new GraphPass(graph, nodes, (count + batches - 1) / batches)) {
            pass.load(Arrays.copyOf(weights, size()));
            int from = 0;
            for (int batch = 0; batch < batches; batch++) {
                int images = count / batches + (batch < count % batches ? 1 : 0);
                examples.fill(order, from, images, pass.inputs(images));
                if (byBatch) {
                    pass.runByBatch(images);
                } else {
                    pass.run(images);
                }
                taker.accept(moments(pass, images));
                from += images;
                progress.at((double) from / count);
            }
        }
        return batches;
    }

    private Map<Integer, Moments> moments(GraphPass pass, int images) {
        Map<Integer, Moments> moments = new LinkedHashMap<>();
        for (int node : nodes) {
            Extent extent = graph.node(node).output();
            moments.put(node, Moments.of(pass.output(node, images), images * extent.positions(), extent.channels()));
        }
        return moments;
    }

    private long most() {
        return Math.max(2, Math.min(MOST_IMAGES, MOST_VALUES / graph.valuesOfImage()));
    }

    private int size() {
        return graph.tensors().stream().mapToInt(tensor -> tensor.size()).sum();
    }
}

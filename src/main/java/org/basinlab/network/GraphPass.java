package org.basinlab.network;

import java.nio.FloatBuffer;
import java.util.Set;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Graph;

/**
 * Any network set up to show what flows between its operations: memory for its weights, a batch, and the outputs of chosen
 * nodes, taken once and given back by {@link #close}. For one thread at a time. Equal weights, inputs and number of images
 * give equal bits on one engine.
 */
public final class GraphPass implements AutoCloseable {

    private final Graph graph;
    private final Set<Integer> kept;
    private final int mostImages;
    private final float[] weights;
    private final float[] batch;
    private double[][] outputs = {};

    /**
     * With all weights zero.
     *
     * @param kept nodes whose outputs can be read after a run; the logits always can
     * @param mostImages the largest batch, at least 1
     */
    public GraphPass(Graph graph, Set<Integer> kept, int mostImages) {
        this.graph = graph;
        this.kept = Set.copyOf(kept);
        this.mostImages = mostImages;
        weights = new float
                [graph.tensors().stream().mapToInt(tensor -> tensor.size()).sum()];
        batch = new float[mostImages * graph.input().size()];
    }

    /** Takes these values of all tensors, in the order of the graph. */
    public void load(float[] values) {
        System.arraycopy(values, 0, weights, 0, weights.length);
    }

    /** Where the caller writes a batch, {@code [images][inputs]}, channel-major; to be asked for anew before every batch. */
    public FloatBuffer inputs(int images) {
        requireBatch(images);
        return FloatBuffer.wrap(batch, 0, images * graph.input().size()).slice();
    }

    /** Computes the first {@code images} inputs, every BatchNorm by its running mean and variance. */
    public void run(int images) {
        run(images, ReferencePass.Statistics.RUNNING);
    }

    /** The same, every BatchNorm by the mean and variance of this batch. */
    public void runByBatch(int images) {
        run(images, ReferencePass.Statistics.BATCH);
    }

    private void run(int images, ReferencePass.Statistics statistics) {
        requireBatch(images);
        double[] inputs = new double[images * graph.input().size()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = batch[i];
        }
        outputs = ReferencePass.run(graph, weights, inputs, images, statistics);
    }

    /**
     * What a node gave in the last run.
     *
     * @param node one of those kept
     * @return {@code [images][positions][channels]} row-major
     */
    public FloatBuffer output(int node, int images) {
        requireBatch(images);
        if (!kept.contains(node) && node != graph.logits()) {
            throw new IllegalArgumentException(
                    "the output of node %d is not among those kept, %s".formatted(node, kept));
        }
        Extent extent = graph.node(node).output();
        int positions = extent.positions();
        int channels = extent.channels();
        float[] values = new float[images * extent.size()];
        for (int i = 0; i < values.length; i++) {
            int image = i / extent.size();
            int position = i % extent.size() / channels;
            values[i] = (float) outputs[node][image * extent.size() + i % channels * positions + position];
        }
        return FloatBuffer.wrap(values).asReadOnlyBuffer();
    }

    /** Gives the memory back; a second call does nothing. */
    @Override
    public void close() {}

    private void requireBatch(int images) {
        if (images < 1 || images > mostImages) {
            throw new IllegalArgumentException(
                    "a batch must have 1 to %d images, had %d".formatted(mostImages, images));
        }
    }
}

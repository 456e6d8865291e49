package org.basinlab.network;

import java.nio.FloatBuffer;
import java.util.Set;
import org.basinlab.recipe.Graph;

/**
 * Any network set up to show what flows between its operations: memory for its weights, a batch, and the outputs of chosen
 * nodes, taken once and given back by {@link #close}. In float32 on the CPU, whatever the engine of this process. For one thread
 * at a time. Equal weights, inputs, number of images and kept nodes give equal bits on one kind
 * of CPU; other kept nodes change rounding, where a rectifier is or is not part of the BatchNorm before it.
 */
public final class GraphPass implements AutoCloseable {

    private final GraphNetwork network;
    private final int mostImages;

    /**
     * With all weights zero.
     *
     * @param kept nodes whose outputs can be read after a run; the logits always can
     * @param mostImages the largest batch, at least 1
     * @throws IllegalArgumentException if the weights, the batch or the outputs of one node need more than 2 GiB
     * @throws NumericsUnavailable if this machine has no usable native libraries
     */
    public GraphPass(Graph graph, Set<Integer> kept, int mostImages) {
        if (mostImages < 1) {
            throw new IllegalArgumentException("the largest batch must be at least 1, was " + mostImages);
        }
        this.mostImages = mostImages;
        network = new GraphNetwork(graph, kept, mostImages);
    }

    /** Takes these values of all tensors, in the order of the graph. */
    public void load(float[] values) {
        network.load(FloatBuffer.wrap(values));
    }

    /** Where the caller writes a batch, {@code [images][inputs]}, channel-major; to be asked for anew before every batch. */
    public FloatBuffer inputs(int images) {
        requireBatch(images);
        return network.inputs(images);
    }

    /** Computes the first {@code images} inputs, every BatchNorm by its running mean and variance. */
    public void run(int images) {
        requireBatch(images);
        network.run(images);
    }

    /**
     * The same, every BatchNorm by the mean and variance of this batch.
     *
     * @throws IllegalArgumentException if a BatchNorm has one value of a channel only
     */
    public void runByBatch(int images) {
        requireBatch(images);
        network.runByBatch(images);
    }

    /**
     * What a node gave in the last run.
     *
     * @param node one of those kept
     * @return {@code [images][positions][channels]} row-major, until the next run
     */
    public FloatBuffer output(int node, int images) {
        requireBatch(images);
        return network.output(node, images).asReadOnlyBuffer();
    }

    /** Gives the memory back; a second call does nothing. */
    @Override
    public void close() {
        network.close();
    }

    private void requireBatch(int images) {
        if (images < 1 || images > mostImages) {
            throw new IllegalArgumentException(
                    "a batch must have 1 to %d images, had %d".formatted(mostImages, images));
        }
    }
}

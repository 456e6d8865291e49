package org.basinlab.network;

import java.nio.FloatBuffer;
import java.util.Objects;

/**
 * Gradients by the inputs of a network, in float32 on its engine, by backpropagation. The gradient of a rectifier at 0 is
 * 0, as everywhere else. Memory is taken once and given back by {@link #close}, before that of the network. For one thread
 * at a time.
 */
public final class InputGradients implements AutoCloseable {

    private final LoadedNetwork network;
    private final int mostRows;
    private final Backward backward;

    /**
     * Of a whole network.
     *
     * @param mostRows the most rows that are gone back with at once: images times blocks
     * @throws IllegalArgumentException if they need more than 2 GiB
     */
    public InputGradients(ForwardPass network, int mostRows) {
        this(network.network(), mostRows);
    }

    /** The same of some of its layers, with respect to what goes into the first of them. */
    public InputGradients(Segment segment, int mostRows) {
        this(segment.perceptron(), mostRows);
    }

    private InputGradients(LoadedNetwork network, int mostRows) {
        if (mostRows < 1) {
            throw new IllegalArgumentException("there must be at least 1 row, was " + mostRows);
        }
        this.network = network;
        this.mostRows = mostRows;
        backward = network.backward(mostRows);
    }

    /**
     * Gradients of each image's own cross-entropy by its inputs, at the inputs of the last run, each times a number above 0
     * that differs from image to image: their signs and directions are right, also where the network is so sure of the
     * label that the gradient itself is too small for a float; their lengths say nothing.
     *
     * @param labels classes of the images, as many as were run
     * @return {@code [images][inputs]} row-major, until the next call
     */
    public FloatBuffer ofLoss(int[] labels, int images) {
        requireRows(images, 1);
        Objects.checkFromIndexSize(0, images, labels.length);
        CrossEntropy.directionOfEach(network.logits(images), labels, images, backward.logitGradients(images, 1));
        return run(images, 1);
    }

    /**
     * Where the caller writes gradients by the outputs, several for each image: {@code [blocks][images][outputs]}
     * row-major; to be asked for anew before every {@link #run}.
     */
    public FloatBuffer outputGradients(int images, int blocks) {
        requireRows(images, blocks);
        return backward.logitGradients(images, blocks);
    }

    /**
     * Goes back with what was written, at the inputs of the last run.
     *
     * @param images as many as were run
     * @return {@code [blocks][images][inputs]} row-major, until the next call
     */
    public FloatBuffer run(int images, int blocks) {
        requireRows(images, blocks);
        backward.run(images, blocks);
        return backward.inputGradients(images, blocks).asReadOnlyBuffer();
    }

    private void requireRows(int images, int blocks) {
        if (images < 1 || blocks < 1 || (long) images * blocks > mostRows) {
            throw new IllegalArgumentException(
                    "images times blocks must lie in [1, %d], was %d times %d".formatted(mostRows, images, blocks));
        }
    }

    /** Gives the memory back; a second call does nothing. The network stays open. */
    @Override
    public void close() {
        backward.close();
    }
}

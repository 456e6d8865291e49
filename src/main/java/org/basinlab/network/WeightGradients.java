package org.basinlab.network;

import java.util.Arrays;
import java.util.Optional;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.TensorShape;

/**
 * Gradients of a network's mean cross-entropy by all its weights, at weights that the caller gives: what gradient descent
 * with no momentum remembers of a step, so every engine that trains gives them as it trains with them. Of buffers the
 * gradient is 0. Memory is taken once and given back by {@link #close}. For one thread at a time.
 */
public final class WeightGradients implements AutoCloseable {

    /** The step itself is of no use: the next weights are loaded over its own. */
    private static final double RATE = 1e-6;

    private final ForwardPass network;
    private final Learner learner;

    /**
     * Of networks of one architecture.
     *
     * @param mostImages the largest batch, at least 1
     * @throws IllegalArgumentException if the weights or the batch need more than 2 GiB
     */
    public WeightGradients(Architecture architecture, int mostImages) {
        network = new ForwardPass(architecture, mostImages);
        try {
            learner = new Learner(network, mostImages, new Optimiser.Sgd(1, 0), Optional.empty());
        } catch (RuntimeException | Error e) {
            network.close(); // nobody else can: this was never made
            throw e;
        }
    }

    /**
     * The gradient at {@code weights} of the mean loss of the examples {@code order[from]} …
     * {@code order[from + images − 1]}, as long as the weights.
     *
     * @throws LossNotFinite if the loss is not finite
     * @throws IllegalArgumentException if the examples have another number of inputs than the network, or too high a label
     */
    public float[] at(Weights weights, Examples examples, int[] order, int from, int images) {
        network.load(weights);
        learner.countFrom(Tally.NONE);
        learner.step(examples, order, from, images, RATE);
        learner.seen(); // an engine that computes on another device tells here of a loss that is not finite
        float[] gradient = learner.memory().get(0);
        for (TensorShape shape : weights.architecture().tensors()) {
            if (!shape.isParameter()) {
                Arrays.fill(gradient, shape.offset(), shape.offset() + shape.size(), 0);
            }
        }
        return gradient;
    }

    /** Gives the memory back; a second call does nothing. */
    @Override
    public void close() {
        learner.close();
        network.close();
    }
}

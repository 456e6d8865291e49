package org.basinlab.network;

import java.util.List;
import org.basinlab.recipe.Graph;

/** What computes networks on this machine. Safe for use by several threads, each with its own perceptrons. */
sealed interface Engine permits BlasEngine, Nd4jEngine {

    /** The most float32 values of one piece of memory: 2 GiB. */
    int MOST_FLOATS = Integer.MAX_VALUE / Float.BYTES;

    EngineDescription description();

    /**
     * A perceptron with all weights zero and memory for a batch: these layers one after another, a rectifier between
     * two.
     *
     * @param layers their weights side by side from index 0 on
     * @param mostImages the largest batch, at least 1
     * @throws IllegalArgumentException if the weights or the batch need more than {@link #MOST_FLOATS} values
     */
    LoadedNetwork perceptron(List<Layer> layers, int mostImages);

    /**
     * A network of any operations with all weights zero and memory for a batch.
     *
     * @param mostImages the largest batch, at least 1
     * @throws IllegalArgumentException if the weights or the batch need more than {@link #MOST_FLOATS} values, or this
     *     engine computes perceptrons only
     * @throws NumericsUnavailable if a library that it needs does not load
     */
    LoadedNetwork network(Graph graph, int mostImages);

    /** What computes {@link #network}; the same exceptions. */
    EngineDescription describeNetworks();

    /**
     * Checks the size of a piece of memory before it is taken.
     *
     * @throws IllegalArgumentException if {@code floats} is not in [1, {@link #MOST_FLOATS}]
     */
    static void requireSize(long floats) {
        if (floats < 1 || floats > MOST_FLOATS) {
            throw new IllegalArgumentException(
                    "one block of memory holds 1 to %d values, was asked for %d".formatted(MOST_FLOATS, floats));
        }
    }
}

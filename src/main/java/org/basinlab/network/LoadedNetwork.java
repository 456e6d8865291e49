package org.basinlab.network;

import java.nio.FloatBuffer;
import java.util.Optional;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Penalty;

/** The weights of a network and one batch in an engine's memory. For one thread at a time. */
sealed interface LoadedNetwork extends AutoCloseable permits BlasPerceptron, GraphNetwork, Nd4jPerceptron {

    /** Takes these weights, as many as there are, from the buffer's position on. */
    void load(FloatBuffer weights);

    /** Writes the weights as they are now. */
    void read(float[] weights);

    /** Where the batch is to be written, {@code [images][inputs]} row-major, native order; anew for every batch. */
    FloatBuffer inputs(int images);

    /** Computes the logits of the batch that was written. */
    void run(int images);

    /** The logits of the last {@link #run}, {@code [images][classes]} row-major. */
    FloatBuffer logits(int images);

    /**
     * Memory and rules to train it. Must be closed before the perceptron is.
     *
     * @param mostImages the largest batch that is trained on
     */
    Learning learning(int mostImages, Optimiser optimiser, Optional<Penalty> penalty);

    /**
     * Memory for gradients by its inputs. Must be closed before the perceptron is.
     *
     * @param mostRows the most images times blocks that are gone back with at once
     */
    Backward backward(int mostRows);

    /** Gives the memory back; a second call does nothing. */
    @Override
    void close();
}

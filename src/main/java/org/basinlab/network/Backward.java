package org.basinlab.network;

import java.nio.FloatBuffer;

/**
 * Gradients by the inputs of a {@link LoadedNetwork}, several for each image of its last run. They lie in blocks: a block has
 * one row an image, in the images' order.
 */
sealed interface Backward extends AutoCloseable permits BlasBackward, GraphBackward, Nd4jBackward {

    /** Where the gradients by the logits are to be written, {@code [blocks][images][classes]}; anew for every run. */
    FloatBuffer logitGradients(int images, int blocks);

    /** Computes the gradients by the inputs. */
    void run(int images, int blocks);

    /** Those of the last {@link #run}, {@code [blocks][images][inputs]}. */
    FloatBuffer inputGradients(int images, int blocks);

    /** Gives the memory back; a second call does nothing. */
    @Override
    void close();
}

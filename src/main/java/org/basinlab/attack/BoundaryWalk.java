package org.basinlab.attack;

import java.nio.FloatBuffer;

/**
 * A batch of images on their way to the boundary of their class: where DeepFool takes its steps. Images have places 0 …
 * count − 1 in the batch; what is computed at once is rows, one for each image that still walks.
 */
interface BoundaryWalk extends AutoCloseable {

    /** Images of a batch, at most. */
    int mostImages();

    /** Puts the images {@code order[from]} … {@code order[from + count − 1]} where they are. */
    void begin(int[] order, int from, int count);

    /**
     * Computes the logits of some images where they are now.
     *
     * @param places of the rows' images
     * @param reach by which the way so far is multiplied
     * @return {@code [rows][classes]}
     */
    FloatBuffer logits(int[] places, int rows, float reach);

    /** Where the gradients by the logits are to be written, {@code [blocks][rows][classes]}; after {@link #logits}. */
    FloatBuffer logitGradients(int rows, int blocks);

    /**
     * Goes back with them.
     *
     * @param norms of each gradient, in the dual norm and the space of the attack, {@code [blocks·rows]}
     */
    void gradients(int[] places, int rows, int blocks, double[] norms);

    /**
     * Walks on along a gradient of the last {@link #gradients}, to where the function that it belongs to, linear as it
     * seems, falls by {@code ratio · norm}.
     *
     * @param gradient block · rows + row
     * @param ratio of the fall and the norm
     * @param norm of the gradient
     */
    void step(int place, int gradient, double ratio, double norm);

    /** How far an image has walked, without the overshoot, in the norm and the space of the attack. */
    double distance(int place);

    @Override
    void close();
}

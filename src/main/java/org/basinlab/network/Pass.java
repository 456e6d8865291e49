package org.basinlab.network;

/** One node of a network set up for one number of images. */
interface Pass {

    /** Brings what is derived from the weights up to date; before the first pass and after every change of them. */
    default void pack() {}

    /** From the outputs of the nodes before it to its own. */
    void forward();

    /** From the gradient by its output to that by its inputs and, in training, by its own tensors. */
    void backward();
}

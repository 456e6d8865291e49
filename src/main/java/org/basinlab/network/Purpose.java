package org.basinlab.network;

/** What a network's memory and primitives are made for. */
enum Purpose {
    /** Outputs alone: memory of one node is used again by another. */
    OUTPUTS,
    /** Gradients by the inputs of the network too. */
    INPUT_GRADIENTS,
    /** Gradients by the weights too, not by the inputs of the network; statistics of a BatchNorm are counted. */
    WEIGHT_GRADIENTS;

    boolean goesBack() {
        return this != OUTPUTS;
    }
}

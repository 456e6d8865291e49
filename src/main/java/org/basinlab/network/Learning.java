package org.basinlab.network;

import java.util.List;

/** The training of one {@link LoadedNetwork}: gradient, update rule and what that remembers, running loss and hits. */
sealed interface Learning extends AutoCloseable permits BlasLearning, GraphLearning, Nd4jLearning {

    /**
     * Changes the weights by the batch that was written to the perceptron's inputs.
     *
     * @param labels the classes of its images
     * @param rate the learning rate of this step
     * @throws LossNotFinite if the engine knows already that the loss was not finite; the weights are then of no use
     */
    void step(int[] labels, int images, double rate);

    /**
     * Loss and hits of the steps since the last {@link #countFrom}, each before its change of the weights.
     *
     * @throws LossNotFinite if a loss among them was not finite
     */
    Tally seen();

    /** Counts on from here. */
    void countFrom(Tally before);

    /** How many arrays the update rule keeps, each as long as the weights. */
    int memories();

    /** Copies of what the update rule keeps. */
    List<float[]> memory();

    /** Steps that the update rule has counted. */
    int updates();

    /** Puts the update rule where another one was. */
    void resume(int updates, List<float[]> memory);

    /** Gives the memory back; a second call does nothing. */
    @Override
    void close();
}

package org.basinlab.network;

import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Penalty;

/**
 * Trains the network of a {@link ForwardPass} in place, by backpropagation of the mean cross-entropy of a batch and an
 * optimiser's rule, all in float32 on the forward pass's engine. Memory is taken once and given back by {@link #close}.
 * For one thread at a time.
 */
public final class Learner implements AutoCloseable {

    private final ForwardPass network;
    private final int mostImages;
    private final Learning learning;

    /**
     * At its first step.
     *
     * @param network to be closed after this
     * @param mostImages the largest batch, at most that of {@code network}
     * @throws IllegalArgumentException if the gradients need more than 2 GiB
     */
    public Learner(ForwardPass network, int mostImages, Optimiser optimiser, Optional<Penalty> penalty) {
        network.requireBatch(mostImages);
        this.network = network;
        this.mostImages = mostImages;
        learning = network.network().learning(mostImages, optimiser, penalty);
    }

    /**
     * One step on the examples {@code order[from]} … {@code order[from + images − 1]}.
     *
     * @param rate the learning rate of this step, the schedule's factor in it
     * @throws LossNotFinite if the loss is not finite and the engine knows at once; one that computes on another device
     *     knows when it is asked what it has {@link #seen}. The weights are of no use then
     * @throws IllegalArgumentException if the examples have another number of inputs than the network, or too high a label
     */
    public void step(Examples examples, int[] order, int from, int images, double rate) {
        if (images > mostImages) {
            throw new IllegalArgumentException(
                    "a batch must have 1 to %d images, had %d".formatted(mostImages, images));
        }
        network.take(examples, order, from, images);
        learning.step(network.labels(), images, rate);
    }

    /**
     * Loss and hits of all steps since the last {@link #countFrom}, each before its change of the weights, with what was
     * counted before. An engine that computes on another device waits for it here.
     *
     * @throws LossNotFinite if a loss among them was not finite
     */
    public Tally seen() {
        return learning.seen();
    }

    /** Counts loss and hits on from here, and steps from 1. */
    public void countFrom(Tally before) {
        learning.countFrom(before);
    }

    /** How many arrays the optimiser keeps between steps, each as long as the weights. */
    public int memories() {
        return learning.memories();
    }

    /** Copies of the arrays that the optimiser keeps between steps. */
    public List<float[]> memory() {
        return learning.memory();
    }

    /** Steps that the optimiser has counted. */
    public int updates() {
        return learning.updates();
    }

    /**
     * Goes to where the learner of an equal network, optimiser and engine was, but for the weights.
     *
     * @param updates what {@link #updates} gave there
     * @param memory what {@link #memory} gave there; copied
     */
    public void resume(int updates, List<float[]> memory) {
        int values = network.architecture().parameterCount();
        if (memory.size() != memories() || memory.stream().anyMatch(array -> array.length != values)) {
            throw new IllegalArgumentException(
                    "the optimiser keeps %d arrays of %d values, was given others".formatted(memories(), values));
        }
        learning.resume(updates, memory);
    }

    /** Gives the memory back; a second call does nothing. The forward pass stays open. */
    @Override
    public void close() {
        learning.close();
    }
}

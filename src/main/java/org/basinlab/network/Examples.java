package org.basinlab.network;

import java.nio.FloatBuffer;

/**
 * Labelled inputs as a network takes them: normalised, one flat vector each. Reading changes nothing, so several threads
 * may read at once.
 */
public interface Examples {

    /** How many there are, at least 1. */
    int count();

    /** Values of one example, as many as the network has inputs. */
    int inputs();

    /** The class of example {@code index}, from 0. */
    int label(int index);

    /**
     * Writes the examples {@code order[from]} … {@code order[from + count − 1]} one after another, from the position of
     * {@code into} on; {@code into} has room for exactly {@code count · inputs()} values.
     */
    void fill(int[] order, int from, int count, FloatBuffer into);
}

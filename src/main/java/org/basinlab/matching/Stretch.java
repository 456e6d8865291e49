package org.basinlab.matching;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.basinlab.network.Examples;

/** The examples {@code first} … {@code first + count − 1} of others. */
record Stretch(Examples all, int first, int count) implements Examples {

    @Override
    public int inputs() {
        return all.inputs();
    }

    @Override
    public int label(int index) {
        return all.label(first + index);
    }

    @Override
    public void fill(int[] order, int from, int size, FloatBuffer into) {
        int[] places = Arrays.copyOfRange(order, from, from + size);
        Arrays.setAll(places, i -> places[i] + first);
        all.fill(places, 0, size, into);
    }
}

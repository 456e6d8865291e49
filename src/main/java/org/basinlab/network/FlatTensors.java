package org.basinlab.network;

import java.nio.FloatBuffer;
import org.basinlab.recipe.TensorShape;

/** All tensors of a network in one piece of memory, and how often they were changed. */
final class FlatTensors implements AutoCloseable {

    private final Floats values;
    private int version;

    FlatTensors(long count) {
        values = Floats.allocate(count);
    }

    Floats values() {
        return values;
    }

    /** Goes up with every change. */
    int version() {
        return version;
    }

    /** Says that values were changed: what is derived from them is out of date. */
    void changed() {
        version++;
    }

    FloatBuffer floats(TensorShape tensor) {
        return values.floats(tensor.offset(), tensor.size());
    }

    @Override
    public void close() {
        values.close();
    }
}

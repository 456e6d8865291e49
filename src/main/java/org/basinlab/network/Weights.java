package org.basinlab.network;

import java.nio.FloatBuffer;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.TensorShape;

/**
 * The weights of one network: its tensors, float32, row-major, one after another in the order of its architecture.
 * Immutable by contract: whoever makes one hands its array over and keeps no reference.
 */
public final class Weights {

    private final Architecture architecture;
    private final float[] values;

    private Weights(Architecture architecture, float[] values) {
        this.architecture = architecture;
        this.values = values;
    }

    /**
     * Takes {@code values} over without a copy (a network of the papers has 9 MB); the caller must not write to it again.
     *
     * @throws IllegalArgumentException if there are more or fewer values than the architecture has parameters
     */
    public static Weights owning(Architecture architecture, float[] values) {
        if (values.length != architecture.parameterCount()) {
            throw new IllegalArgumentException("%s has %d parameters, was given %d"
                    .formatted(architecture.label(), architecture.parameterCount(), values.length));
        }
        return new Weights(architecture, values);
    }

    public Architecture architecture() {
        return architecture;
    }

    public int size() {
        return values.length;
    }

    public float at(int index) {
        return values[index];
    }

    /** A read-only view of all tensors. */
    public FloatBuffer flat() {
        return FloatBuffer.wrap(values).asReadOnlyBuffer();
    }

    /** A copy of all tensors, for a caller that changes it. */
    public float[] copy() {
        return values.clone();
    }

    /** A copy of one tensor. */
    public float[] tensor(TensorShape shape) {
        float[] tensor = new float[shape.size()];
        System.arraycopy(values, shape.offset(), tensor, 0, tensor.length);
        return tensor;
    }

    /** Whether every value is finite. */
    public boolean isFinite() {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}

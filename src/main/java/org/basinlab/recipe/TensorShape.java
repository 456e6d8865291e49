package org.basinlab.recipe;

import java.util.List;

/**
 * One named tensor of a network: its name in a safetensors file, its axes and where it lies among the flat weights.
 *
 * @param name as PyTorch ports name it, {@code layers.0.weight}
 * @param axes row-major, {@code [out, in]} of a linear layer's weight, {@code [out]} of its bias
 * @param offset index of its first element in the flat weights
 */
public record TensorShape(String name, List<Integer> axes, int offset) {

    public TensorShape {
        axes = List.copyOf(axes);
    }

    /** The number of elements. */
    public int size() {
        return axes.stream().reduce(1, Math::multiplyExact);
    }
}

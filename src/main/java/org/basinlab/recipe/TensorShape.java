package org.basinlab.recipe;

import java.util.List;

/**
 * One named tensor of a network: its name in a safetensors file, its axes and where it lies among the flat weights.
 *
 * @param name as PyTorch ports name it, {@code layers.0.weight}
 * @param axes row-major, {@code [out, in]} of a linear layer's weight, {@code [out, in, height, width]} of a convolution's,
 *     {@code [out]} of a bias
 * @param offset index of its first element in the flat weights
 * @param role what becomes of it in training
 */
public record TensorShape(String name, List<Integer> axes, int offset, Role role) {

    /** What becomes of a tensor in training. */
    public enum Role {
        /** Trained: it has a gradient, takes part in penalties, norms, distances and alignments. */
        PARAMETER,
        /** Counted: the running mean or variance of a BatchNorm, which is averaged and permuted with the rest and no more. */
        BUFFER
    }

    public TensorShape {
        axes = List.copyOf(axes);
    }

    /** A trained one. */
    public TensorShape(String name, List<Integer> axes, int offset) {
        this(name, axes, offset, Role.PARAMETER);
    }

    /** The number of elements. */
    public int size() {
        return axes.stream().reduce(1, Math::multiplyExact);
    }

    public boolean isParameter() {
        return role == Role.PARAMETER;
    }
}

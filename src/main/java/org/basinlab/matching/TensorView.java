package org.basinlab.matching;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.PermutationSpec.PermutedTensor;

/**
 * One tensor as one permutation sees it: a slice for each unit that the permutation orders, and along the slices the places
 * of the tensor's other axis.
 *
 * @param side which axis of the tensor the permutation orders
 * @param other the place, in the list of permutations, of the one that orders the other axis, or {@link #NONE}
 */
record TensorView(PermutedTensor tensor, Side side, int other) {

    static final int NONE = -1;

    enum Side {
        OUTPUTS,
        INPUTS
    }

    TensorView {
        boolean plain =
                tensor.axes().stream().flatMap(Optional::stream).allMatch(axis -> axis.repeats() * axis.block() == 1);
        if (tensor.axes().size() > 2 || !plain) {
            throw new IllegalArgumentException("weight matching takes tensors of one or two axes, %s has %s"
                    .formatted(tensor.shape().name(), tensor.shape().axes()));
        }
    }

    /** For each of {@code names}, all tensors that it orders. */
    static List<List<TensorView>> of(PermutationSpec spec, List<String> names) {
        List<List<TensorView>> viewsOfLayer = new ArrayList<>();
        for (String name : names) {
            List<TensorView> views = new ArrayList<>();
            for (PermutedTensor tensor : spec.tensors()) {
                Optional<String> outputs = permutation(tensor, 0);
                Optional<String> inputs = permutation(tensor, 1);
                if (outputs.filter(name::equals).isPresent()) {
                    views.add(new TensorView(
                            tensor, Side.OUTPUTS, inputs.map(names::indexOf).orElse(NONE)));
                }
                if (inputs.filter(name::equals).isPresent()) {
                    views.add(new TensorView(
                            tensor, Side.INPUTS, outputs.map(names::indexOf).orElse(NONE)));
                }
            }
            viewsOfLayer.add(views);
        }
        return viewsOfLayer;
    }

    private static Optional<String> permutation(PermutedTensor tensor, int axis) {
        return tensor.axes().size() > axis
                ? tensor.axes().get(axis).map(PermutationSpec.Axis::permutation)
                : Optional.empty();
    }

    private int rows() {
        return tensor.shape().axes().get(0);
    }

    private int columns() {
        return tensor.shape().size() / rows();
    }

    int units() {
        return side == Side.OUTPUTS ? rows() : columns();
    }

    /** Places along a slice. */
    int places() {
        return side == Side.OUTPUTS ? columns() : rows();
    }

    /** Whether the slices never change and are long: then products of pairs of networks are worth keeping. */
    boolean isLongAndFixed() {
        return side == Side.OUTPUTS && other == NONE && places() > units();
    }

    /** The tensor with all units of one place beside each other, {@code [places][units]}. */
    float[] byPlace(float[] flat) {
        float[] result = new float[places() * units()];
        int start = tensor.shape().offset();
        if (side == Side.INPUTS) {
            System.arraycopy(flat, start, result, 0, result.length);
            return result;
        }
        int rows = rows();
        int columns = columns();
        for (int from = 0; from < columns; from += TILE) { // tiles stay in the cache, whole columns would not
            int to = Math.min(from + TILE, columns);
            for (int row = 0; row < rows; row++) {
                for (int column = from; column < to; column++) {
                    result[column * rows + row] = flat[start + row * columns + column];
                }
            }
        }
        return result;
    }

    private static final int TILE = 16;
}

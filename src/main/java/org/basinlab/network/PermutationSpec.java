package org.basinlab.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.TensorShape;

/**
 * Which axes of a network's tensors share a permutation: permuting them all together leaves the network's function as it
 * was. An axis without a name is never permuted; inputs and outputs have none.
 *
 * @param sizes how many units each permutation orders, in the order of the layers
 * @param tensors every tensor of the network, in the order of its flat weights
 * @see <a href="https://arxiv.org/abs/2209.04836">Ainsworth et al. 2022, Git Re-Basin</a>
 */
public record PermutationSpec(Map<String, Integer> sizes, List<PermutedTensor> tensors) {

    /**
     * One tensor and the permutations of its first two axes; further axes are never permuted.
     *
     * @param outputs the permutation of axis 0, if any
     * @param inputs the permutation of axis 1, if any
     */
    public record PermutedTensor(TensorShape shape, Optional<String> outputs, Optional<String> inputs) {

        /** The length of axis 0. */
        public int rows() {
            return shape.axes().get(0);
        }

        /** The length of axis 1; 1 where there is none. */
        public int columns() {
            return shape.axes().size() > 1 ? shape.axes().get(1) : 1;
        }

        /** How many numbers stand at one place of the first two axes. */
        public int block() {
            return shape.size() / (rows() * columns());
        }
    }

    public PermutationSpec {
        sizes = Collections.unmodifiableMap(new LinkedHashMap<>(sizes));
        tensors = List.copyOf(tensors);
        for (PermutedTensor tensor : tensors) {
            requireSize(sizes, tensor, tensor.outputs(), tensor.rows());
            requireSize(sizes, tensor, tensor.inputs(), tensor.columns());
        }
    }

    /** The axes of {@code architecture} that share a permutation. */
    public static PermutationSpec of(Architecture architecture) {
        if (architecture instanceof Architecture.Mlp mlp) {
            return of(mlp);
        }
        throw new IllegalArgumentException("no permutations are known of " + architecture.label());
    }

    /** The permutation {@code P_l} orders the units of hidden layer l: outputs of layer l, inputs of layer l+1. */
    private static PermutationSpec of(Architecture.Mlp mlp) {
        int hidden = mlp.hidden().size();
        Map<String, Integer> sizes = new LinkedHashMap<>();
        for (int layer = 0; layer < hidden; layer++) {
            sizes.put("P_" + layer, mlp.hidden().get(layer));
        }
        List<TensorShape> shapes = mlp.tensors();
        List<PermutedTensor> tensors = new ArrayList<>(shapes.size());
        for (int layer = 0; layer <= hidden; layer++) {
            Optional<String> outputs = layer < hidden ? Optional.of("P_" + layer) : Optional.empty();
            Optional<String> inputs = layer > 0 ? Optional.of("P_" + (layer - 1)) : Optional.empty();
            tensors.add(new PermutedTensor(shapes.get(2 * layer), outputs, inputs));
            tensors.add(new PermutedTensor(shapes.get(2 * layer + 1), outputs, Optional.empty()));
        }
        return new PermutationSpec(sizes, tensors);
    }

    private static void requireSize(
            Map<String, Integer> sizes, PermutedTensor tensor, Optional<String> name, int length) {
        if (name.isPresent() && !Integer.valueOf(length).equals(sizes.get(name.get()))) {
            throw new IllegalArgumentException("an axis of %s has length %d, but %s orders %s units"
                    .formatted(tensor.shape().name(), length, name.get(), sizes.get(name.get())));
        }
    }
}

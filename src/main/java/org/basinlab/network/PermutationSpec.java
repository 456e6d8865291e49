package org.basinlab.network;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Graph;
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
     * One axis that a permutation orders. Its index i is {@code (r·units + u)·block + b}: unit u with its block of
     * neighbours, in each of some repeats. A plain axis of units has one repeat and blocks of one; that of a flattened map
     * has the positions of a channel as its block; that of queries, keys and values has three repeats of heads, with the
     * channels of a head as the block.
     *
     * @param permutation its name
     * @param repeats at least 1
     * @param block at least 1
     */
    public record Axis(String permutation, int repeats, int block) {}

    /**
     * One tensor and the permutations of its axes, of which at most two are permuted, by two different permutations.
     *
     * @param axes one for each axis of the shape, empty where it is never permuted
     */
    public record PermutedTensor(TensorShape shape, List<Optional<Axis>> axes) {
        public PermutedTensor {
            axes = List.copyOf(axes);
            List<String> names = axes.stream()
                    .flatMap(Optional::stream)
                    .map(Axis::permutation)
                    .toList();
            if (names.size() > 2 || names.stream().distinct().count() < names.size()) {
                throw new IllegalArgumentException(
                        "a tensor must have at most two permuted axes, by different permutations; %s has %s"
                                .formatted(shape.name(), names));
            }
        }
    }

    public PermutationSpec {
        sizes = Collections.unmodifiableMap(new LinkedHashMap<>(sizes));
        tensors = List.copyOf(tensors);
        for (PermutedTensor tensor : tensors) {
            for (int i = 0; i < tensor.axes().size(); i++) {
                int length = tensor.shape().axes().get(i);
                Map<String, Integer> all = sizes;
                tensor.axes().get(i).ifPresent(axis -> requireSize(all, tensor.shape(), axis, length));
            }
        }
    }

    /**
     * How many units the permutation of that name orders.
     *
     * @throws IllegalArgumentException if there is none
     */
    public int units(String name) {
        Integer units = sizes.get(name);
        if (units == null) {
            throw new IllegalArgumentException("no permutation %s among %s".formatted(name, sizes.keySet()));
        }
        return units;
    }

    /** The axes of {@code architecture} that share a permutation. */
    public static PermutationSpec of(Architecture architecture) {
        return of(architecture.graph());
    }

    /**
     * The axes of a network's tensors that share a permutation, found by following every channel through the graph: what
     * works on each channel alone, or on all alike, hands its order on; a sum makes the orders of its inputs one; what mixes
     * channels takes one order in and gives another. The order of the inputs and of the logits is fixed. The permutation of
     * the hidden layer l of a perceptron is {@code P_l}; others have the name of the first module that writes their
     * channels, as in {@code P_layer1.0.conv1}.
     *
     * @throws IllegalArgumentException if a channel cannot be followed; the message says where and why
     */
    public static PermutationSpec of(Graph graph) {
        return new ChannelOrders(graph).spec();
    }

    /**
     * By node, which permutation orders the channels that it gives, as an axis as long as there are channels; empty where
     * their order is fixed.
     */
    public static List<Optional<Axis>> channels(Graph graph) {
        return new ChannelOrders(graph).channels();
    }

    private static void requireSize(Map<String, Integer> sizes, TensorShape shape, Axis axis, int length) {
        Integer units = sizes.get(axis.permutation());
        if (units == null || units * axis.repeats() * axis.block() != length) {
            throw new IllegalArgumentException("an axis of %s has length %d, but %s orders %s units (%d × units × %d)"
                    .formatted(shape.name(), length, axis.permutation(), units, axis.repeats(), axis.block()));
        }
    }
}

package org.basinlab.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinlab.network.PermutationSpec.Axis;
import org.basinlab.network.PermutationSpec.PermutedTensor;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Operation;
import org.basinlab.recipe.TensorShape;

/** Follows the order of channels through a graph; orders that must agree are joined (union and find). */
final class ChannelOrders {

    /** The order of what is given from outside: the channels of an image, the classes. */
    private static final int FIXED = 0;

    private final Graph graph;
    /** By order: the one that it was joined with, or itself. */
    private final List<Integer> joined = new ArrayList<>();
    /** By order: how many units it has, and the tensor that first writes them. */
    private final List<Integer> units = new ArrayList<>();

    private final List<String> names = new ArrayList<>();
    private final List<Channels> channelsOf = new ArrayList<>();
    /** By the name of a tensor, the order of its axes. */
    private final Map<String, List<Optional<Channels>>> axesOf = new LinkedHashMap<>();

    /** The channels that a node gives: {@code repeats} times the units of an order, each a block of neighbours. */
    private record Channels(int order, int repeats, int block) {}

    ChannelOrders(Graph graph) {
        this.graph = graph;
        order(1, "");
        for (int node = 0; node < graph.size(); node++) {
            channelsOf.add(follow(node));
        }
        joined.set(find(channelsOf.get(graph.logits()).order()), FIXED);
    }

    PermutationSpec spec() {
        Map<Integer, String> nameOf = namesOfOrders();
        Map<String, Integer> sizes = new LinkedHashMap<>();
        nameOf.forEach((root, name) -> sizes.put(name, units.get(root)));
        List<PermutedTensor> tensors = new ArrayList<>();
        for (TensorShape tensor : graph.tensors()) {
            List<Optional<Axis>> axes = new ArrayList<>();
            for (Optional<Channels> axis : axesOf.getOrDefault(tensor.name(), List.of())) {
                axes.add(axis.flatMap(channels -> axis(channels, nameOf)));
            }
            tensors.add(new PermutedTensor(tensor, axes));
        }
        return new PermutationSpec(sizes, tensors);
    }

    /** By node, what orders the channels that it gives; empty where their order is fixed. */
    List<Optional<Axis>> channels() {
        Map<Integer, String> nameOf = namesOfOrders();
        return channelsOf.stream().map(channels -> axis(channels, nameOf)).toList();
    }

    private Optional<Axis> axis(Channels channels, Map<Integer, String> nameOf) {
        return Optional.ofNullable(nameOf.get(find(channels.order())))
                .map(name -> new Axis(name, channels.repeats(), channels.block()));
    }

    /** By the order that stands for all joined with it, in the order of the layers. */
    private Map<Integer, String> namesOfOrders() {
        Map<Integer, String> nameOf = new LinkedHashMap<>();
        boolean perceptron = names.stream().allMatch(name -> name.isEmpty() || name.startsWith("layers."));
        for (int order = 0; order < joined.size(); order++) {
            int root = find(order);
            if (root != FIXED && !nameOf.containsKey(root)) {
                nameOf.put(root, perceptron ? "P_" + nameOf.size() : "P_" + names.get(order));
            }
        }
        return nameOf;
    }

    private Channels follow(int index) {
        Graph.Node node = graph.node(index);
        Operation operation = node.operation();
        if (operation instanceof Operation.Image) {
            return new Channels(FIXED, 1, 1);
        }
        Channels in = channelsOf.get(node.input());
        if (operation instanceof Operation.Linear linear) {
            return written(index, linear.weight(), Optional.of(linear.bias()), in);
        }
        if (operation instanceof Operation.Convolution convolution) {
            return written(index, convolution.weight(), convolution.bias(), in);
        }
        if (operation instanceof Operation.Normalise normalise) {
            normalise.tensors().forEach(tensor -> axesOf.put(tensor.name(), List.of(Optional.of(in))));
            return in;
        }
        if (operation instanceof Operation.Tokens tokens) {
            tokens.tensors()
                    .forEach(tensor ->
                            axesOf.put(tensor.name(), List.of(Optional.empty(), Optional.empty(), Optional.of(in))));
            return in;
        }
        if (operation instanceof Operation.Sum) {
            return join(in, channelsOf.get(node.inputs().get(1)), index);
        }
        if (operation instanceof Operation.Flatten) {
            int positions = graph.node(node.input()).output().positions();
            return new Channels(in.order(), in.repeats(), in.block() * positions);
        }
        if (operation instanceof Operation.Attention) {
            return new Channels(in.order(), 1, in.block());
        }
        return in;
    }

    /** The channels that a linear layer or a convolution writes, in an order of their own. */
    private Channels written(int index, TensorShape weight, Optional<TensorShape> bias, Channels in) {
        int out = weight.axes().get(0);
        Channels own = new Channels(order(out, module(weight)), 1, 1);
        Optional<Integer> heads = headsOf(index);
        if (heads.isPresent()) {
            units.set(own.order(), heads.get());
            own = new Channels(own.order(), 3, out / (3 * heads.get()));
        }
        List<Optional<Channels>> axes = new ArrayList<>(List.of(Optional.of(own), Optional.of(in)));
        while (axes.size() < weight.axes().size()) {
            axes.add(Optional.empty());
        }
        axesOf.put(weight.name(), axes);
        Channels written = own;
        bias.ifPresent(tensor -> axesOf.put(tensor.name(), List.of(Optional.of(written))));
        return own;
    }

    /** Into how many heads an attention parts what the node {@code index} gives. */
    private Optional<Integer> headsOf(int index) {
        return graph.takers(index).stream()
                .map(taker -> graph.node(taker).operation())
                .filter(Operation.Attention.class::isInstance)
                .map(attention -> ((Operation.Attention) attention).heads())
                .findFirst();
    }

    private Channels join(Channels first, Channels second, int index) {
        if (first.repeats() != second.repeats() || first.block() != second.block()) {
            throw new IllegalArgumentException(
                    "the two inputs of a sum must have their channels in one order, those of node %d have not"
                            .formatted(index));
        }
        int one = find(first.order());
        int other = find(second.order());
        joined.set(Math.max(one, other), Math.min(one, other)); // the fixed order is the least
        return first;
    }

    private int order(int size, String name) {
        joined.add(joined.size());
        units.add(size);
        names.add(name);
        return joined.size() - 1;
    }

    private int find(int order) {
        int root = order;
        while (joined.get(root) != root) {
            root = joined.get(root);
        }
        return root;
    }

    private static String module(TensorShape weight) {
        return weight.name().substring(0, weight.name().lastIndexOf('.'));
    }
}

package org.basinlab.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a network computes: its operations in an order in which each comes after those that it takes its inputs from. The
 * first is the image, the last gives the logits.
 *
 * @param nodes at least two
 */
public record Graph(List<Node> nodes) {

    /**
     * One operation in its place.
     *
     * @param inputs indices of the nodes before it that it takes
     * @param output the size of what it gives, for one image
     */
    public record Node(Operation operation, List<Integer> inputs, Extent output) {
        public Node {
            inputs = List.copyOf(inputs);
        }

        /** The only input. */
        public int input() {
            return inputs.get(0);
        }
    }

    public Graph {
        nodes = List.copyOf(nodes);
    }

    public Node node(int index) {
        return nodes.get(index);
    }

    public int size() {
        return nodes.size();
    }

    /** Index of the node that gives the logits. */
    public int logits() {
        return nodes.size() - 1;
    }

    /** The size of an image. */
    public Extent input() {
        return nodes.get(0).output();
    }

    /** All tensors in the order of the flat weights, without gaps. */
    public List<TensorShape> tensors() {
        return nodes.stream()
                .flatMap(node -> node.operation().tensors().stream())
                .toList();
    }

    /** Indices of the nodes that take the output of {@code index}, rising. */
    public List<Integer> takers(int index) {
        return IntStream.range(0, nodes.size())
                .filter(i -> nodes.get(i).inputs().contains(index))
                .boxed()
                .toList();
    }

    /** Whether it has a BatchNorm, whose buffers say what its channels were like over the training images. */
    public boolean hasBatchNorm() {
        return nodes.stream()
                .anyMatch(node ->
                        node.operation() instanceof Operation.Normalise normalise && normalise.norm() == Norm.BATCH);
    }

    /** How many values a pass computes of one image, the inputs with them. */
    public long valuesOfImage() {
        return nodes.stream().mapToLong(node -> node.output().size()).sum();
    }

    /** Multiplications and additions of a forward pass of one image, in products of matrices and convolutions. */
    public double operationsOfImage() {
        double sum = 0;
        for (Node node : nodes) {
            if (node.operation() instanceof Operation.Linear linear) {
                sum += 2.0 * linear.weight().size() * node.output().positions();
            } else if (node.operation() instanceof Operation.Convolution convolution) {
                sum += 2.0 * convolution.weight().size() * node.output().positions();
            } else if (node.operation() instanceof Operation.Attention) {
                double tokens = node.output().positions();
                sum += 4 * tokens * tokens * node.output().channels();
            }
        }
        return sum;
    }

    /** The nodes as they are added one after another, with the offsets of their tensors. */
    static final class Builder {

        private final List<Node> nodes = new ArrayList<>();
        private int offset;

        Builder(Extent image) {
            nodes.add(new Node(new Operation.Image(), List.of(), image));
        }

        /** The node that was added last. */
        int last() {
            return nodes.size() - 1;
        }

        Extent extent(int node) {
            return nodes.get(node).output();
        }

        TensorShape tensor(String name, Integer... axes) {
            return tensor(name, TensorShape.Role.PARAMETER, axes);
        }

        private TensorShape tensor(String name, TensorShape.Role role, Integer... axes) {
            double end = 1; // no product of axes is too large for a double
            for (int axis : axes) {
                end *= axis;
            }
            end += offset;
            if (end > Architecture.MOST_PARAMETERS) {
                throw new IllegalArgumentException("a network has at most %d values, with %s it would have more"
                        .formatted(Architecture.MOST_PARAMETERS, name));
            }
            TensorShape shape = new TensorShape(name, List.of(axes), offset, role);
            offset += shape.size();
            return shape;
        }

        int linear(String name, int from, int out) {
            int in = extent(from).channels();
            TensorShape weight = tensor(name + ".weight", out, in);
            TensorShape bias = tensor(name + ".bias", out);
            return add(new Operation.Linear(weight, bias), extent(from).withChannels(out), from);
        }

        int convolution(String name, int from, int out, int kernel, int stride, int padding, boolean bias) {
            Extent in = extent(from);
            TensorShape weight = tensor(name + ".weight", out, in.channels(), kernel, kernel);
            Operation.Convolution operation = new Operation.Convolution(
                    weight, bias ? Optional.of(tensor(name + ".bias", out)) : Optional.empty(), stride, padding);
            Extent extent = new Extent(
                    out,
                    (in.height() + 2 * padding - kernel) / stride + 1,
                    (in.width() + 2 * padding - kernel) / stride + 1);
            return add(operation, extent, from);
        }

        /** The same node where nothing is normalised. */
        int normalise(String name, int from, Norm norm) {
            if (norm == Norm.NONE) {
                return from;
            }
            int channels = extent(from).channels();
            TensorShape scale = tensor(name + ".weight", channels);
            TensorShape shift = tensor(name + ".bias", channels);
            Optional<Operation.Running> running = norm == Norm.BATCH
                    ? Optional.of(new Operation.Running(
                            tensor(name + ".running_mean", TensorShape.Role.BUFFER, channels),
                            tensor(name + ".running_var", TensorShape.Role.BUFFER, channels)))
                    : Optional.empty();
            return add(new Operation.Normalise(norm, scale, shift, running), extent(from), from);
        }

        int relu(int from) {
            return add(new Operation.Activate(Operation.Activation.RELU), extent(from), from);
        }

        int gelu(int from) {
            return add(new Operation.Activate(Operation.Activation.GELU), extent(from), from);
        }

        int sum(int first, int second) {
            return add(new Operation.Sum(), extent(first), first, second);
        }

        int maxPool(int from, int size) {
            Extent in = extent(from);
            return add(
                    new Operation.MaxPool(size),
                    new Extent(in.channels(), in.height() / size, in.width() / size),
                    from);
        }

        int meanPool(int from) {
            return add(new Operation.MeanPool(), Extent.of(extent(from).channels()), from);
        }

        int flatten(int from) {
            return extent(from).positions() == 1
                    ? from
                    : add(new Operation.Flatten(), Extent.of(extent(from).size()), from);
        }

        int tokens(int from) {
            Extent in = extent(from);
            int tokens = in.positions() + 1;
            TensorShape first = tensor("cls_token", 1, 1, in.channels());
            TensorShape places = tensor("pos_embed", 1, tokens, in.channels());
            return add(new Operation.Tokens(first, places), new Extent(in.channels(), 1, tokens), from);
        }

        int attention(int from, int heads) {
            return add(
                    new Operation.Attention(heads),
                    extent(from).withChannels(extent(from).channels() / 3),
                    from);
        }

        int firstToken(int from) {
            return add(new Operation.FirstToken(), Extent.of(extent(from).channels()), from);
        }

        private int add(Operation operation, Extent output, Integer... inputs) {
            nodes.add(new Node(operation, List.of(inputs), output));
            return last();
        }

        Graph build() {
            return new Graph(nodes);
        }
    }
}

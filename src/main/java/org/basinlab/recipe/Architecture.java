package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.ArrayList;
import java.util.List;

/** What a network is made of, without its weights. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
    @JsonSubTypes.Type(value = Architecture.Mlp.class, name = "mlp"),
    @JsonSubTypes.Type(value = Vgg16.class, name = "vgg16"),
    @JsonSubTypes.Type(value = ResNet20.class, name = "resnet20"),
    @JsonSubTypes.Type(value = Cnn.class, name = "cnn"),
    @JsonSubTypes.Type(value = Vit.class, name = "vit")
})
public sealed interface Architecture permits Architecture.Mlp, Vgg16, ResNet20, Cnn, Vit {

    /**
     * The most values of one network, 1.25 GiB: ResNet20 of width 32, the widest of Git Re-Basin, has 297 million. A block of
     * the engine's memory and the Java array of a checkpoint's bytes end below 2 GiB, and a training holds the weights up to
     * four times: with their gradient and Adam's two moments.
     */
    int MOST_PARAMETERS = 5 << 26;

    /** What it computes, operation by operation. */
    @JsonIgnore
    Graph graph();

    /** Its tensors in the order of the flat weights, without gaps. */
    @JsonIgnore
    default List<TensorShape> tensors() {
        return graph().tensors();
    }

    /** As in the papers, {@code 3072-512-512-256-10} or {@code resnet20-ln-4}. */
    @JsonIgnore
    String label();

    /** How many inputs it takes. */
    int inputs();

    /** The trained tensors of each module in turn, a linear layer's weight and bias; modules without any are left out. */
    @JsonIgnore
    default List<List<TensorShape>> modules() {
        return graph().nodes().stream()
                .map(node -> node.operation().tensors().stream()
                        .filter(TensorShape::isParameter)
                        .toList())
                .filter(tensors -> !tensors.isEmpty())
                .toList();
    }

    /** How many values a pass computes of one image, the inputs with them. */
    @JsonIgnore
    default long valuesOfImage() {
        return graph().valuesOfImage();
    }

    /**
     * This one, whose tensors have been laid out once.
     *
     * @throws IllegalArgumentException if they have more than {@link #MOST_PARAMETERS} values together
     */
    default Architecture requireFewParameters() {
        graph();
        return this;
    }

    /** How many classes it tells apart. */
    int classes();

    /** How many values its tensors have together. */
    @JsonIgnore
    default int parameterCount() {
        TensorShape last = tensors().get(tensors().size() - 1);
        return Math.addExact(last.offset(), last.size());
    }

    /**
     * A multi-layer perceptron: linear layers with ReLU between them, logits out.
     *
     * @param inputs 1 to 1,000,000; channel-major pixels of an image
     * @param hidden widths of its hidden layers, none to 16 of them, each 1 to 8,192; without any it is a linear classifier
     * @param classes 2 to 100,000; of weights and biases there are at most 335,544,320
     */
    record Mlp(int inputs, List<Integer> hidden, int classes) implements Architecture {

        public static final int MOST_LAYERS = 16;
        public static final int WIDEST = 8_192;

        public Mlp {
            hidden = List.copyOf(hidden);
            Ranges.requireBetween("inputs", inputs, 1, 1_000_000);
            Ranges.requireBetween("the number of hidden layers", hidden.size(), 0, MOST_LAYERS);
            hidden.forEach(width -> Ranges.requireBetween("the width of a hidden layer", width, 1, WIDEST));
            Ranges.requireBetween("classes", classes, 2, 100_000);
            Ranges.requireBetween(
                    "the number of weights and biases", parameters(inputs, hidden, classes), 1, MOST_PARAMETERS);
        }

        /** The number of weights and biases of a perceptron of these widths, also of one that is too large to be made. */
        public static long parameters(int inputs, List<Integer> hidden, int classes) {
            long parameters = 0;
            int in = inputs;
            for (int width : hidden) {
                parameters += (in + 1L) * width;
                in = width;
            }
            return parameters + (in + 1L) * classes;
        }

        /** A rectifier works in place, and so counts nothing. */
        @Override
        public long valuesOfImage() {
            return widths().stream().mapToLong(Integer::longValue).sum();
        }

        @Override
        public Graph graph() {
            Graph.Builder graph = new Graph.Builder(Extent.of(inputs));
            int last = 0;
            for (int layer = 0; layer <= hidden.size(); layer++) {
                int width = layer < hidden.size() ? hidden.get(layer) : classes;
                last = graph.linear("layers." + layer, last, width);
                last = layer < hidden.size() ? graph.relu(last) : last;
            }
            return graph.build();
        }

        /** Widths of all layers from the inputs to the classes, one more than there are linear layers. */
        @JsonIgnore
        public List<Integer> widths() {
            List<Integer> widths = new ArrayList<>(hidden.size() + 2);
            widths.add(inputs);
            widths.addAll(hidden);
            widths.add(classes);
            return widths;
        }

        @Override
        public List<TensorShape> tensors() {
            List<Integer> widths = widths();
            List<TensorShape> tensors = new ArrayList<>();
            int offset = 0;
            for (int layer = 0; layer + 1 < widths.size(); layer++) {
                int in = widths.get(layer);
                int out = widths.get(layer + 1);
                tensors.add(new TensorShape("layers." + layer + ".weight", List.of(out, in), offset));
                offset = Math.addExact(offset, Math.multiplyExact(in, out));
                tensors.add(new TensorShape("layers." + layer + ".bias", List.of(out), offset));
                offset = Math.addExact(offset, out);
            }
            return tensors;
        }

        @Override
        public String label() {
            return String.join("-", widths().stream().map(String::valueOf).toList());
        }
    }
}

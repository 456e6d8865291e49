package org.basinlab.recipe;

import java.util.List;

/**
 * A small convolutional network: convolutions of 3 × 3 with ReLU and a maximum over 2 × 2 after each, then one hidden
 * linear layer and the last one.
 *
 * @param image whose sides can be halved so often
 * @param channels of the convolutions in turn, 1 to 5 of them, each 1 to 4,096
 * @param hidden units of the hidden linear layer, 1 to 8,192
 * @param norm after each convolution
 * @param classes 2 to 100,000
 */
public record Cnn(Extent image, List<Integer> channels, int hidden, Norm norm, int classes) implements Architecture {

    public static final int MOST_CONVOLUTIONS = 5;

    public Cnn {
        channels = List.copyOf(channels);
        Ranges.requireBetween("the number of convolutions", channels.size(), 1, MOST_CONVOLUTIONS);
        channels.forEach(width -> Ranges.requireBetween("the channels of a convolution", width, 1, 4_096));
        Ranges.requireBetween("hidden", hidden, 1, Architecture.Mlp.WIDEST);
        Ranges.requireBetween("classes", classes, 2, 100_000);
        if (Math.min(image.height(), image.width()) >> channels.size() == 0) {
            throw new IllegalArgumentException(
                    "an image of %s cannot be halved %d times".formatted(image, channels.size()));
        }
    }

    @Override
    public Graph graph() {
        Graph.Builder graph = new Graph.Builder(image);
        int last = 0;
        for (int i = 0; i < channels.size(); i++) {
            last = graph.convolution("conv%d".formatted(i + 1), last, channels.get(i), 3, 1, 1, true);
            last = graph.normalise("norm%d".formatted(i + 1), last, norm);
            last = graph.maxPool(graph.relu(last), 2);
        }
        last = graph.relu(graph.linear("fc1", graph.flatten(last), hidden));
        graph.linear("fc2", last, classes);
        return graph.build();
    }

    @Override
    public int inputs() {
        return image.size();
    }

    /** {@code cnn-32-64-128-256}. */
    @Override
    public String label() {
        String widths = String.join("-", channels.stream().map(String::valueOf).toList());
        return "cnn-%s%s-%d".formatted(norm == Norm.NONE ? "" : norm.letters() + "-", widths, hidden);
    }
}

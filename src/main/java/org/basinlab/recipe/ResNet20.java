package org.basinlab.recipe;

/**
 * ResNet20 for small images: a convolution, three groups of three blocks with 16, 32 and 64 times {@code width} channels,
 * the mean over all positions and a linear layer. A block is convolution, normalisation, ReLU, convolution, normalisation,
 * the sum with its input, ReLU. The first block of the second and third group halves both sides, and a convolution of
 * stride 2 with a normalisation brings its input to the new size. Convolutions have no bias where something is normalised.
 *
 * @param image of at least 4 × 4
 * @param width factor on all channels, 1 to 64
 * @param norm after each convolution
 * @param shortcut side of the shortcuts' convolution: 3 as in Git Re-Basin, 1 as in most PyTorch ports
 * @param classes 2 to 100,000
 * @see <a href="https://arxiv.org/abs/1512.03385">He et al. 2015, section 4.2</a>
 */
public record ResNet20(Extent image, int width, Norm norm, int shortcut, int classes) implements Architecture {

    private static final int GROUPS = 3;
    private static final int BLOCKS = 3;

    public ResNet20 {
        Ranges.requireBetween("width", width, 1, 64);
        Ranges.requireBetween("classes", classes, 2, 100_000);
        Ranges.requireBetween("a side of the image", Math.min(image.height(), image.width()), 4, 100_000);
        if (shortcut != 1 && shortcut != 3) {
            throw new IllegalArgumentException("shortcut must be 1 or 3, was " + shortcut);
        }
    }

    @Override
    public Graph graph() {
        Graph.Builder graph = new Graph.Builder(image);
        int last = convolve(graph, "conv1", "norm1", 0, 16 * width, 3, 1);
        last = graph.relu(last);
        for (int group = 0; group < GROUPS; group++) {
            for (int block = 0; block < BLOCKS; block++) {
                int stride = group > 0 && block == 0 ? 2 : 1;
                last = block(graph, "layer%d.%d.".formatted(group + 1, block), last, (16 << group) * width, stride);
            }
        }
        graph.linear("linear", graph.meanPool(last), classes);
        return graph.build();
    }

    private int block(Graph.Builder graph, String name, int from, int channels, int stride) {
        int branch = convolve(graph, name + "conv1", name + "norm1", from, channels, 3, stride);
        branch = graph.relu(branch);
        branch = convolve(graph, name + "conv2", name + "norm2", branch, channels, 3, 1);
        int stream = stride == 1
                ? from
                : convolve(graph, name + "shortcut.0", name + "shortcut.1", from, channels, shortcut, stride);
        return graph.relu(graph.sum(branch, stream));
    }

    private int convolve(
            Graph.Builder graph, String convolution, String normalise, int from, int channels, int kernel, int stride) {
        int to = graph.convolution(convolution, from, channels, kernel, stride, kernel / 2, norm == Norm.NONE);
        return graph.normalise(normalise, to, norm);
    }

    @Override
    public int inputs() {
        return image.size();
    }

    /** {@code resnet20-ln-4}; with the shortcut's side where it is not 3. */
    @Override
    public String label() {
        return Labels.of("resnet20", norm, width) + (shortcut == 3 ? "" : "-s" + shortcut);
    }
}

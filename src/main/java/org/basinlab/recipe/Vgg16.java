package org.basinlab.recipe;

/**
 * VGG16 for small images: 13 convolutions of 3 × 3 in five stages of 1, 2, 4, 8 and 8 times 64·width channels, each with
 * ReLU and, if asked for, a normalisation before it; a maximum over 2 × 2 after every stage; then linear layers.
 *
 * @param image both sides a multiple of 32
 * @param width factor on all channels, 1/64 to 8, so that 64·width is whole
 * @param norm after each convolution
 * @param dense hidden linear layers of 512·width units before the last one: 2 as in Git Re-Basin, 0 as in many PyTorch ports
 * @param classes 2 to 100,000
 * @see <a href="https://arxiv.org/abs/1409.1556">Simonyan and Zisserman 2014, configuration D</a>
 */
public record Vgg16(Extent image, double width, Norm norm, int dense, int classes) implements Architecture {

    private static final int[][] STAGES = {{1, 1}, {2, 2}, {4, 4, 4}, {8, 8, 8}, {8, 8, 8}};
    private static final int SHRINKS = 1 << STAGES.length;

    public Vgg16 {
        Ranges.requireBetween("width", width, 1.0 / 64, 8);
        if (width * 64 != Math.rint(width * 64)) {
            throw new IllegalArgumentException("64 times the width must be whole, was 64 times " + width);
        }
        Ranges.requireBetween("dense", dense, 0, 2);
        Ranges.requireBetween("classes", classes, 2, 100_000);
        if (image.height() % SHRINKS != 0 || image.width() % SHRINKS != 0) {
            throw new IllegalArgumentException(
                    "vgg16 takes images whose sides are multiples of %d, was %s".formatted(SHRINKS, image));
        }
    }

    @Override
    public Graph graph() {
        int unit = (int) (64 * width);
        Graph.Builder graph = new Graph.Builder(image);
        int last = 0;
        int module = 0;
        for (int[] stage : STAGES) {
            for (int times : stage) {
                last = graph.convolution("features." + module, last, times * unit, 3, 1, 1, true);
                last = graph.normalise("features." + (module + 1), last, norm);
                last = graph.relu(last);
                module += norm == Norm.NONE ? 2 : 3;
            }
            last = graph.maxPool(last, 2);
            module++;
        }
        last = graph.flatten(last);
        for (int layer = 0; layer < dense; layer++) {
            last = graph.relu(graph.linear("classifier." + 2 * layer, last, 8 * unit));
        }
        graph.linear("classifier." + 2 * dense, last, classes);
        return graph.build();
    }

    @Override
    public int inputs() {
        return image.size();
    }

    /** {@code vgg16-ln-0.125}; with the number of hidden linear layers where it is not 2. */
    @Override
    public String label() {
        return Labels.of("vgg16", norm, width) + (dense == 2 ? "" : "-d" + dense);
    }
}

package org.basinlab.recipe;

/**
 * A vision transformer: square patches become tokens, a learnt class token goes first, learnt positions are added; blocks of
 * attention and of a perceptron with GELU, each on the layer-normalised stream and added to it; a last LayerNorm, and a linear
 * layer on the class token. ViT-Tiny has width 192, depth 12 and 3 heads.
 *
 * @param image whose sides are multiples of the patch
 * @param patch side of a patch in pixels
 * @param width channels of the stream, a multiple of {@code heads}, at most 4,096
 * @param depth blocks, 1 to 48
 * @param heads 1 to 64
 * @param classes 2 to 100,000
 * @see <a href="https://arxiv.org/abs/2010.11929">Dosovitskiy et al. 2020</a>
 */
public record Vit(Extent image, int patch, int width, int depth, int heads, int classes) implements Architecture {

    /** Hidden units of a block's perceptron for each channel of the stream. */
    private static final int EXPANSION = 4;

    public Vit {
        Ranges.requireBetween("width", width, 1, 4_096);
        Ranges.requireBetween("depth", depth, 1, 48);
        Ranges.requireBetween("heads", heads, 1, 64);
        Ranges.requireBetween("patch", patch, 1, 1_000);
        Ranges.requireBetween("classes", classes, 2, 100_000);
        if (width % heads != 0) {
            throw new IllegalArgumentException(
                    "width must be a multiple of heads, was %d for %d heads".formatted(width, heads));
        }
        if (image.height() % patch != 0 || image.width() % patch != 0) {
            throw new IllegalArgumentException(
                    "the image's sides must be multiples of the patch, was %s for %d".formatted(image, patch));
        }
    }

    @Override
    public Graph graph() {
        Graph.Builder graph = new Graph.Builder(image);
        int stream = graph.tokens(graph.convolution("patch_embed.proj", 0, width, patch, patch, 0, true));
        for (int block = 0; block < depth; block++) {
            String name = "blocks.%d.".formatted(block);
            int branch = graph.normalise(name + "norm1", stream, Norm.LAYER);
            branch = graph.attention(graph.linear(name + "attn.qkv", branch, 3 * width), heads);
            stream = graph.sum(graph.linear(name + "attn.proj", branch, width), stream);
            branch = graph.normalise(name + "norm2", stream, Norm.LAYER);
            branch = graph.gelu(graph.linear(name + "mlp.fc1", branch, EXPANSION * width));
            stream = graph.sum(graph.linear(name + "mlp.fc2", branch, width), stream);
        }
        graph.linear("head", graph.firstToken(graph.normalise("norm", stream, Norm.LAYER)), classes);
        return graph.build();
    }

    @Override
    public int inputs() {
        return image.size();
    }

    /** {@code vit-4-192-12-3}: patch, width, depth and heads. */
    @Override
    public String label() {
        return "vit-%d-%d-%d-%d".formatted(patch, width, depth, heads);
    }
}

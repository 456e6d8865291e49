package org.basinlab.network;

import java.nio.FloatBuffer;
import java.util.List;
import org.basinlab.network.BlasEngine.As;

/** All blocks in one product a layer, each block masked by the activations of the images. */
final class BlasBackward implements Backward {

    private final BlasPerceptron network;
    private final List<Layer> layers;
    private final Rows rows;
    /** Gradients by the inputs, by the outputs of every hidden layer before its rectifier, and by the logits. */
    private final Floats deltas;

    private final int[] offsets;

    BlasBackward(BlasPerceptron network, int mostRows) {
        this.network = network;
        layers = network.layers();
        rows = Rows.forWidest(layers);
        offsets = new int[layers.size() + 1];
        long end = (long) mostRows * layers.get(0).inputs();
        for (int i = 0; i < layers.size(); i++) {
            offsets[i + 1] = (int) Math.min(end, Engine.MOST_FLOATS);
            end += (long) mostRows * layers.get(i).outputs();
        }
        deltas = Floats.allocate(end);
    }

    @Override
    public FloatBuffer logitGradients(int images, int blocks) {
        return deltas.floats(offsets[layers.size()], blocks * images * Layer.outputs(layers));
    }

    @Override
    public void run(int images, int blocks) {
        for (int i = layers.size() - 1; i >= 0; i--) {
            Layer layer = layers.get(i);
            BlasEngine.multiply(
                    layer.inputs(),
                    images * blocks,
                    layer.outputs(),
                    network.weights().at(layer.weightOffset()),
                    As.STORED,
                    deltas.at(offsets[i + 1]),
                    As.STORED,
                    deltas.at(offsets[i]));
            if (i > 0) {
                mask(i, images, blocks);
            }
        }
    }

    private void mask(int index, int images, int blocks) {
        int width = layers.get(index).inputs();
        int values = images * width;
        for (int block = 0; block < blocks; block++) {
            rows.mask(
                    deltas.bits(offsets[index] + block * values, values),
                    network.activations().bits(network.inputsOf(index), values),
                    images,
                    width);
        }
    }

    @Override
    public FloatBuffer inputGradients(int images, int blocks) {
        return deltas.floats(0, blocks * images * layers.get(0).inputs());
    }

    @Override
    public void close() {
        deltas.close();
    }
}

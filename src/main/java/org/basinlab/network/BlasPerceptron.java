package org.basinlab.network;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.basinlab.network.BlasEngine.As;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Penalty;
import org.bytedeco.javacpp.FloatPointer;

/** A perceptron whose weights and activations lie in two pieces of memory. */
final class BlasPerceptron implements LoadedNetwork {

    private final List<Layer> layers;
    private final Rows rows;
    private final Floats weights;
    private final Floats activations;
    /** Where the inputs, every hidden layer and the logits begin in the activations. */
    private final int[] offsets;

    BlasPerceptron(List<Layer> layers, int mostImages) {
        this.layers = layers;
        rows = Rows.forWidest(layers);
        offsets = new int[layers.size() + 1];
        long end = (long) mostImages * layers.get(0).inputs();
        for (int i = 0; i < layers.size(); i++) {
            offsets[i + 1] = (int) Math.min(end, Engine.MOST_FLOATS);
            end += (long) mostImages * layers.get(i).outputs();
        }
        Engine.requireSize(end);
        weights = Floats.allocate(Layer.parameters(layers));
        try {
            activations = Floats.allocate(end);
        } catch (RuntimeException | Error e) {
            weights.close(); // nobody else can: the perceptron was never made
            throw e;
        }
    }

    @Override
    public void load(FloatBuffer values) {
        weights.floats().put(values);
    }

    @Override
    public void read(float[] values) {
        weights.floats().get(values);
    }

    @Override
    public FloatBuffer inputs(int images) {
        return activations.floats(offsets[0], images * layers.get(0).inputs());
    }

    @Override
    public void run(int images) {
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            FloatPointer outputs = activations.at(offsets[i + 1]);
            BlasEngine.multiply(
                    layer.outputs(),
                    images,
                    layer.inputs(),
                    weights.at(layer.weightOffset()),
                    As.TRANSPOSED,
                    activations.at(offsets[i]),
                    As.STORED,
                    outputs);
            FloatBuffer bias = weights.floats(layer.biasOffset(), layer.outputs());
            FloatBuffer rowsOfLayer = activations.floats(offsets[i + 1], images * layer.outputs());
            rows.addBias(rowsOfLayer, images, bias, i + 1 < layers.size());
        }
    }

    @Override
    public FloatBuffer logits(int images) {
        return activations.floats(offsets[layers.size()], images * Layer.outputs(layers));
    }

    @Override
    public Learning learning(int mostImages, Optimiser optimiser, Optional<Penalty> penalty) {
        return new BlasLearning(this, mostImages, UpdateRule.of(optimiser, penalty, Layer.parameters(layers)));
    }

    @Override
    public Backward backward(int mostRows) {
        return new BlasBackward(this, mostRows);
    }

    List<Layer> layers() {
        return layers;
    }

    Floats weights() {
        return weights;
    }

    Floats activations() {
        return activations;
    }

    /** Where in the activations the inputs of a layer begin. */
    int inputsOf(int layer) {
        return offsets[layer];
    }

    @Override
    public void close() {
        activations.close();
        weights.close();
    }
}

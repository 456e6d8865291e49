package org.basinlab.network;

import java.nio.FloatBuffer;
import java.util.List;
import org.basinlab.network.BlasEngine.As;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Backpropagation of the mean cross-entropy, and the update of a layer's weights as soon as its gradient is there: it is
 * still in the CPU's caches then, and memory for the gradient of one layer is enough. The gradient by the inputs is not
 * computed.
 */
final class BlasLearning implements Learning {

    private final BlasPerceptron network;
    private final List<Layer> layers;
    private final Rows rows;
    private final UpdateRule rule;
    /** Of one layer, its weight and then its bias. */
    private final Floats gradient;
    /** Gradients by the outputs of every layer, before the rectifier. */
    private final Floats deltas;

    private final int[] offsets;
    private Tally seen = Tally.NONE;
    private int steps;

    BlasLearning(BlasPerceptron network, int mostImages, UpdateRule rule) {
        this.network = network;
        this.rule = rule;
        layers = network.layers();
        rows = Rows.forWidest(layers);
        offsets = new int[layers.size()];
        long end = 0;
        long largest = 0;
        for (int i = 0; i < layers.size(); i++) {
            offsets[i] = (int) Math.min(end, Engine.MOST_FLOATS);
            end += (long) mostImages * layers.get(i).outputs();
            largest = Math.max(largest, layers.get(i).parameters());
        }
        Engine.requireSize(end);
        gradient = Floats.allocate(largest);
        try {
            deltas = Floats.allocate(end);
        } catch (RuntimeException | Error e) {
            gradient.close(); // nobody else can: this was never made
            throw e;
        }
    }

    @Override
    public void step(int[] labels, int images, double rate) {
        network.run(images);
        int last = layers.size() - 1;
        FloatBuffer delta = delta(last, images);
        Tally batch = CrossEntropy.withGradient(network.logits(images), labels, images, delta);
        steps++;
        if (!Double.isFinite(batch.lossSum())) {
            throw new LossNotFinite(batch.lossSum(), steps);
        }
        seen = seen.plus(batch);
        rule.begin(rate);
        for (int i = last; i >= 0; i--) {
            if (i > 0) {
                backThrough(i, images);
            }
            computeGradient(i, images);
            Layer layer = layers.get(i);
            rule.change(
                    network.weights().floats(layer.weightOffset(), layer.parameters()),
                    gradient.floats(0, layer.parameters()),
                    layer.weightOffset());
        }
    }

    /** The gradient by the outputs of the layer before, from that by the outputs of this one and its weights. */
    private void backThrough(int index, int images) {
        Layer layer = layers.get(index);
        BlasEngine.multiply(
                layer.inputs(),
                images,
                layer.outputs(),
                network.weights().at(layer.weightOffset()),
                As.STORED,
                deltas.at(offsets[index]),
                As.STORED,
                deltas.at(offsets[index - 1]));
        int values = images * layer.inputs();
        rows.mask(
                deltas.bits(offsets[index - 1], values),
                network.activations().bits(network.inputsOf(index), values),
                images,
                layer.inputs());
    }

    private void computeGradient(int index, int images) {
        Layer layer = layers.get(index);
        FloatPointer inputs = network.activations().at(network.inputsOf(index));
        BlasEngine.multiply(
                layer.inputs(),
                layer.outputs(),
                images,
                inputs,
                As.STORED,
                deltas.at(offsets[index]),
                As.TRANSPOSED,
                gradient.at(0));
        int weight = layer.biasOffset() - layer.weightOffset();
        rows.sum(delta(index, images), images, gradient.floats(weight, layer.outputs()));
    }

    private FloatBuffer delta(int layer, int images) {
        return deltas.floats(offsets[layer], images * layers.get(layer).outputs());
    }

    @Override
    public Tally seen() {
        return seen;
    }

    @Override
    public void countFrom(Tally before) {
        seen = before;
        steps = 0;
    }

    @Override
    public int memories() {
        return rule.memory().size();
    }

    @Override
    public List<float[]> memory() {
        return rule.memory().stream().map(float[]::clone).toList();
    }

    @Override
    public int updates() {
        return rule.steps();
    }

    @Override
    public void resume(int updates, List<float[]> memory) {
        rule.resume(updates, memory);
    }

    @Override
    public void close() {
        deltas.close();
        gradient.close();
    }
}

package org.basinlab.network;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinlab.network.Engine.Block;
import org.basinlab.network.Engine.Matrix;
import org.basinlab.network.Engine.Product;

/**
 * The gradient of the mean cross-entropy of a batch by every weight and bias, by backpropagation through a
 * {@link ForwardPass}. The gradient by the inputs is not computed. Memory is taken once and given back by {@link #close}.
 */
public final class BackwardPass implements AutoCloseable {

    private final ForwardPass forward;
    private final int mostImages;
    private final List<Layer> layers;
    private final Rows rows;
    private final Block gradient;
    /** Gradients by the outputs of every layer, before the rectifier. */
    private final Block deltas;

    private final int[] offsets;
    private final Map<Integer, List<Step>> steps = new HashMap<>();

    /** The two products of one layer; the first layer needs only the first. */
    private record Step(Product weightGradient, Optional<Product> inputGradient) {}

    /**
     * With no gradient yet.
     *
     * @param mostImages the largest batch that is trained on, at most that of {@code forward}
     * @throws IllegalArgumentException if the gradients need more than 2 GiB
     */
    public BackwardPass(ForwardPass forward, int mostImages) {
        forward.requireBatch(mostImages);
        this.forward = forward;
        this.mostImages = mostImages;
        layers = forward.layers();
        rows = new Rows(layers.stream().mapToInt(Layer::outputs).max().orElseThrow());
        offsets = new int[layers.size()];
        long end = 0;
        for (int i = 0; i < layers.size(); i++) {
            offsets[i] = (int) Math.min(end, Engine.MOST_FLOATS);
            end += (long) mostImages * layers.get(i).outputs();
        }
        gradient = forward.engine().allocate(forward.architecture().parameterCount());
        deltas = forward.engine().allocateBeside(gradient, end);
    }

    /**
     * Computes loss and gradient of the batch that the forward pass took and ran last.
     *
     * @return loss and hits of the batch
     */
    public Tally run(int images) {
        if (images > mostImages) {
            throw new IllegalArgumentException(
                    "a batch must have 1 to %d images, had %d".formatted(mostImages, images));
        }
        int classes = forward.architecture().classes();
        int last = layers.size() - 1;
        Tally tally = CrossEntropy.withGradient(
                forward.logits(images), forward.labels(), images, deltas.floats(offsets[last], images * classes));
        List<Step> batch = steps.computeIfAbsent(images, this::steps);
        for (int i = last; i >= 0; i--) {
            Layer layer = layers.get(i);
            Step step = batch.get(i);
            step.weightGradient.run();
            FloatBuffer delta = deltas.floats(offsets[i], images * layer.outputs());
            rows.sum(delta, images, gradient.floats(layer.biasOffset(), layer.outputs()));
            if (step.inputGradient.isPresent()) {
                step.inputGradient.get().run();
                maskInputsOf(i, images);
            }
        }
        return tally;
    }

    /** The gradient of the last {@link #run}, laid out as the weights; not to be used after {@link #close}. */
    public FloatBuffer gradient() {
        return gradient.floats();
    }

    /** Gives the memory back; a second call does nothing. The forward pass stays open. */
    @Override
    public void close() {
        steps.clear();
        deltas.close();
        gradient.close();
    }

    private void maskInputsOf(int layer, int images) {
        int width = layers.get(layer).inputs();
        Matrix hidden = forward.output(layer, images);
        IntBuffer activations = hidden.block().bits(hidden.offset(), images * width);
        rows.mask(deltas.bits(offsets[layer - 1], images * width), activations, images, width);
    }

    private List<Step> steps(int images) {
        Engine engine = forward.engine();
        List<Step> batch = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            Matrix delta = delta(i, images);
            Product weightGradient =
                    engine.product(forward.output(i, images), delta.transpose(), ForwardPass.weight(gradient, layer));
            Optional<Product> inputGradient = i == 0
                    ? Optional.empty()
                    : Optional.of(
                            engine.product(ForwardPass.weight(forward.weights(), layer), delta, delta(i - 1, images)));
            batch.add(new Step(weightGradient, inputGradient));
        }
        return batch;
    }

    private Matrix delta(int layer, int images) {
        return Matrix.of(deltas, offsets[layer], layers.get(layer).outputs(), images);
    }
}

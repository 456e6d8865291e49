package org.basinlab.network;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.basinlab.network.Engine.Block;
import org.basinlab.network.Engine.Matrix;
import org.basinlab.network.Engine.Product;
import org.basinlab.recipe.Architecture;

/**
 * A perceptron set up to compute: memory for its weights and for a batch, taken once and given back by {@link #close}.
 * For one thread at a time; several of them may run in several threads. Equal weights, inputs and number of images give
 * equal bits on one BLAS kernel.
 */
public final class ForwardPass implements AutoCloseable {

    private final Architecture architecture;
    private final int mostImages;
    private final Engine engine;
    private final List<Layer> layers;
    private final Rows rows;
    private final Block weights;
    private final Block activations;
    /** Where the inputs, every hidden layer and the logits begin in the activations. */
    private final int[] offsets;

    private final int[] labels;
    /** A batch size needs its own views; few sizes occur, a full batch and the rest of an epoch or of a data set. */
    private final Map<Integer, List<Product>> products = new HashMap<>();

    /**
     * With all weights zero.
     *
     * @param mostImages the largest batch, at least 1
     * @throws IllegalArgumentException if the weights or the batch need more than 2 GiB
     * @throws NumericsUnavailable if this machine has no usable native libraries
     */
    public ForwardPass(Architecture architecture, int mostImages) {
        if (mostImages < 1) {
            throw new IllegalArgumentException("the largest batch must be at least 1, was " + mostImages);
        }
        this.architecture = architecture;
        this.mostImages = mostImages;
        engine = Numerics.engine();
        layers = Layer.of(architecture);
        rows = new Rows(layers.stream().mapToInt(Layer::outputs).max().orElseThrow());
        labels = new int[mostImages];
        offsets = new int[layers.size() + 1];
        long end = (long) mostImages * architecture.inputs();
        for (int i = 0; i < layers.size(); i++) {
            offsets[i + 1] = (int) Math.min(end, Engine.MOST_FLOATS);
            end += (long) mostImages * layers.get(i).outputs();
        }
        weights = engine.allocate(architecture.parameterCount());
        activations = engine.allocateBeside(weights, end);
    }

    /** A network with these weights. */
    public static ForwardPass of(Weights weights, int mostImages) {
        ForwardPass pass = new ForwardPass(weights.architecture(), mostImages);
        pass.load(weights);
        return pass;
    }

    public Architecture architecture() {
        return architecture;
    }

    /** Takes other weights of the same architecture. */
    public void load(Weights other) {
        if (!other.architecture().equals(architecture)) {
            throw new IllegalArgumentException("weights must be those of %s, were those of %s"
                    .formatted(architecture.label(), other.architecture().label()));
        }
        weights.floats().put(other.flat());
    }

    /** The weights as they are now. */
    public Weights snapshot() {
        float[] values = new float[architecture.parameterCount()];
        weights.floats().get(values);
        return Weights.owning(architecture, values);
    }

    /** The weights themselves, in the order of the architecture, to be changed in place; not to be used after {@link #close}. */
    public FloatBuffer parameters() {
        return weights.floats();
    }

    /** Where the caller writes a batch, {@code [images][inputs]} row-major; not to be used after {@link #close}. */
    public FloatBuffer inputs(int images) {
        requireBatch(images);
        return activations.floats(offsets[0], images * architecture.inputs());
    }

    /**
     * Takes the examples {@code order[from]} … {@code order[from + images − 1]} as the batch.
     *
     * @throws IllegalArgumentException if they have another number of inputs than the network, or too high a label
     */
    public void take(Examples examples, int[] order, int from, int images) {
        if (examples.inputs() != architecture.inputs()) {
            throw new IllegalArgumentException("%s takes %d inputs, the examples have %d"
                    .formatted(architecture.label(), architecture.inputs(), examples.inputs()));
        }
        examples.fill(order, from, images, inputs(images));
        for (int i = 0; i < images; i++) {
            int label = examples.label(order[from + i]);
            if (label < 0 || label >= architecture.classes()) {
                throw new IllegalArgumentException("the label of example %d must lie in [0, %d], was %d"
                        .formatted(order[from + i], architecture.classes() - 1, label));
            }
            labels[i] = label;
        }
    }

    /** Computes the logits of the first {@code images} inputs. */
    public void run(int images) {
        requireBatch(images);
        List<Product> steps = products.computeIfAbsent(images, this::forwardProducts);
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            FloatBuffer outputs = activations.floats(offsets[i + 1], images * layer.outputs());
            FloatBuffer bias = weights.floats(layer.biasOffset(), layer.outputs());
            steps.get(i).run();
            rows.addBias(outputs, images, bias, i + 1 < layers.size());
        }
    }

    /** The logits of the last {@link #run}, {@code [images][classes]} row-major. */
    public FloatBuffer logits(int images) {
        requireBatch(images);
        return activations
                .floats(offsets[layers.size()], images * architecture.classes())
                .asReadOnlyBuffer();
    }

    /** Loss and hits of the last {@link #take} and {@link #run}. */
    public Tally tally(int images) {
        return CrossEntropy.of(logits(images), labels, images);
    }

    /** Gives the memory back; a second call does nothing. */
    @Override
    public void close() {
        products.clear();
        activations.close();
        weights.close();
    }

    private List<Product> forwardProducts(int images) {
        List<Product> steps = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            steps.add(engine.product(
                    weight(weights, layers.get(i)).transpose(), output(i, images), output(i + 1, images)));
        }
        return steps;
    }

    /** The weight of a layer in a block that is laid out as the weights are: one column an output. */
    static Matrix weight(Block flat, Layer layer) {
        return Matrix.of(flat, layer.weightOffset(), layer.inputs(), layer.outputs());
    }

    /** What layer {@code index} takes in, or for the last index the logits: one column an image. */
    Matrix output(int index, int images) {
        int width = index == 0 ? architecture.inputs() : layers.get(index - 1).outputs();
        return Matrix.of(activations, offsets[index], width, images);
    }

    Engine engine() {
        return engine;
    }

    List<Layer> layers() {
        return layers;
    }

    Block weights() {
        return weights;
    }

    int[] labels() {
        return labels;
    }

    void requireBatch(int images) {
        if (images < 1 || images > mostImages) {
            throw new IllegalArgumentException(
                    "a batch must have 1 to %d images, had %d".formatted(mostImages, images));
        }
    }
}

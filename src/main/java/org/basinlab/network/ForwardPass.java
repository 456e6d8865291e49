package org.basinlab.network;

import java.nio.FloatBuffer;
import org.basinlab.recipe.Architecture;

/**
 * A network set up to compute: memory for its weights and for a batch, taken once and given back by {@link #close}.
 * For one thread at a time; several of them may run in several threads. Equal weights, inputs and number of images give
 * equal bits on one engine and BLAS kernel.
 */
public final class ForwardPass implements AutoCloseable {

    private final Architecture architecture;
    private final int mostImages;
    private final EngineDescription engine;
    private final LoadedNetwork network;
    private final int[] labels;

    /**
     * With all weights zero.
     *
     * @param mostImages the largest batch, at least 1
     * @throws IllegalArgumentException if the weights, the batch or the outputs of one operation need more than 2 GiB, or the
     *     engine of this process computes no networks of this kind
     * @throws NumericsUnavailable if this machine has no usable native libraries
     */
    public ForwardPass(Architecture architecture, int mostImages) {
        this(Numerics.engine(), architecture, mostImages);
    }

    ForwardPass(Engine engine, Architecture architecture, int mostImages) {
        if (mostImages < 1) {
            throw new IllegalArgumentException("the largest batch must be at least 1, was " + mostImages);
        }
        this.architecture = architecture;
        this.mostImages = mostImages;
        boolean layered = architecture instanceof Architecture.Mlp;
        this.engine = layered ? engine.description() : engine.describeNetworks();
        network = layered
                ? engine.perceptron(Layer.of(architecture), mostImages)
                : engine.network(architecture.graph(), mostImages);
        labels = new int[mostImages];
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
        network.load(other.flat());
    }

    /** The weights as they are now. */
    public Weights snapshot() {
        float[] values = new float[architecture.parameterCount()];
        network.read(values);
        return Weights.owning(architecture, values);
    }

    /** What computes it. */
    public EngineDescription engine() {
        return engine;
    }

    /** Where the caller writes a batch, {@code [images][inputs]} row-major; to be asked for anew before every batch. */
    public FloatBuffer inputs(int images) {
        requireBatch(images);
        return network.inputs(images);
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

    /** Computes the logits of the first {@code images} inputs, which stay: other weights may be loaded and run on them. */
    public void run(int images) {
        requireBatch(images);
        network.run(images);
    }

    /** The logits of the last {@link #run}, {@code [images][classes]} row-major. */
    public FloatBuffer logits(int images) {
        requireBatch(images);
        return network.logits(images).asReadOnlyBuffer();
    }

    /** Loss and hits of the last {@link #take} and {@link #run}. */
    public Tally tally(int images) {
        return CrossEntropy.of(logits(images), labels, images);
    }

    /** Gives the memory back; a second call does nothing. */
    @Override
    public void close() {
        network.close();
    }

    LoadedNetwork network() {
        return network;
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

package org.basinlab.network;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * Neighbouring layers of a network as a function of their own: linear maps with a rectifier between two, none before the
 * first or after the last. Memory is taken once and given back by {@link #close}. For one thread at a time. Equal weights,
 * inputs and number of rows give equal bits on one engine and BLAS kernel.
 */
public final class Segment implements AutoCloseable {

    private final List<Layer> layers;
    private final int mostRows;
    private final LoadedNetwork perceptron;

    private Segment(Engine engine, List<Layer> layers, FloatBuffer weights, int mostRows) {
        if (mostRows < 1) {
            throw new IllegalArgumentException("the largest batch must be at least 1, was " + mostRows);
        }
        this.layers = layers;
        this.mostRows = mostRows;
        perceptron = engine.perceptron(layers, mostRows);
        perceptron.load(weights);
    }

    /** The first layer, from the inputs to what its rectifier takes. */
    public static Segment first(Weights weights, int mostRows) {
        return first(Numerics.engine(), weights, mostRows);
    }

    /** What comes after the first layer's rectifier, to the logits. */
    public static Segment afterFirst(Weights weights, int mostRows) {
        return afterFirst(Numerics.engine(), weights, mostRows);
    }

    /**
     * The linear map x → Ax without a bias.
     *
     * @param matrix A, {@code [outputs][inputs]} row-major; copied
     */
    public static Segment linear(float[] matrix, int inputs, int outputs, int mostRows) {
        return linear(Numerics.engine(), matrix, inputs, outputs, mostRows);
    }

    static Segment first(Engine engine, Weights weights, int mostRows) {
        return between(engine, weights, 0, 1, mostRows);
    }

    static Segment afterFirst(Engine engine, Weights weights, int mostRows) {
        return between(engine, weights, 1, Layer.of(weights.architecture()).size(), mostRows);
    }

    static Segment linear(Engine engine, float[] matrix, int inputs, int outputs, int mostRows) {
        if (matrix.length != Math.multiplyExact(inputs, outputs)) {
            throw new IllegalArgumentException("a matrix of %d rows and %d columns has %d values, was given %d"
                    .formatted(outputs, inputs, inputs * outputs, matrix.length));
        }
        FloatBuffer values = FloatBuffer.allocate(matrix.length + outputs).put(0, matrix);
        return new Segment(engine, List.of(new Layer(inputs, outputs, 0, matrix.length)), values, mostRows);
    }

    private static Segment between(Engine engine, Weights weights, int from, int to, int mostRows) {
        List<Layer> all = Layer.of(weights.architecture());
        List<Layer> layers = Layer.between(all, from, to);
        FloatBuffer values = weights.flat().slice(all.get(from).weightOffset(), Layer.parameters(layers));
        return new Segment(engine, layers, values, mostRows);
    }

    /** Values of a row that goes in. */
    public int inputs() {
        return layers.get(0).inputs();
    }

    /** Values of a row that comes out. */
    public int outputs() {
        return Layer.outputs(layers);
    }

    /** Where the caller writes a batch, {@code [rows][inputs]} row-major; to be asked for anew before every batch. */
    public FloatBuffer inputs(int rows) {
        requireBatch(rows);
        return perceptron.inputs(rows);
    }

    /** Computes the outputs of the first so many rows. */
    public void run(int rows) {
        requireBatch(rows);
        perceptron.run(rows);
    }

    /** The outputs of the last {@link #run}, {@code [rows][outputs]} row-major. */
    public FloatBuffer outputs(int rows) {
        requireBatch(rows);
        return perceptron.logits(rows).asReadOnlyBuffer();
    }

    /** Gives the memory back; a second call does nothing. */
    @Override
    public void close() {
        perceptron.close();
    }

    LoadedNetwork perceptron() {
        return perceptron;
    }

    private void requireBatch(int rows) {
        if (rows < 1 || rows > mostRows) {
            throw new IllegalArgumentException("a batch must have 1 to %d rows, had %d".formatted(mostRows, rows));
        }
    }
}

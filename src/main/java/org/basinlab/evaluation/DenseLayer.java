package org.basinlab.evaluation;

import java.util.ArrayList;
import java.util.List;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.TensorShape;

/** One linear layer in float64: {@code weight [outputs][inputs]} row-major, {@code bias [outputs]}. Its arrays are only read. */
final class DenseLayer {

    final int outputs;
    final int inputs;
    final double[] weight;
    final double[] bias;

    private DenseLayer(int outputs, int inputs, double[] weight, double[] bias) {
        this.outputs = outputs;
        this.inputs = inputs;
        this.weight = weight;
        this.bias = bias;
    }

    /**
     * The layers of a perceptron from the inputs to the logits.
     *
     * @throws IllegalArgumentException if the network is no perceptron, or holds a NaN or an infinity
     */
    static List<DenseLayer> of(Weights weights) {
        if (!(weights.architecture() instanceof Architecture.Mlp)) {
            throw new IllegalArgumentException("Lipschitz bounds are known of perceptrons only, was "
                    + weights.architecture().label());
        }
        if (!weights.isFinite()) {
            throw new IllegalArgumentException(
                    "weights must be finite to have a Lipschitz bound, held a NaN or an infinity");
        }
        List<TensorShape> tensors = weights.architecture().tensors();
        List<DenseLayer> layers = new ArrayList<>();
        for (int i = 0; i < tensors.size(); i += 2) { // a weight, then its bias
            TensorShape weight = tensors.get(i);
            layers.add(new DenseLayer(
                    weight.axes().get(0),
                    weight.axes().get(1),
                    values(weights, weight),
                    values(weights, tensors.get(i + 1))));
        }
        return layers;
    }

    private static double[] values(Weights weights, TensorShape shape) {
        double[] values = new double[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = weights.at(shape.offset() + i);
        }
        return values;
    }

    /**
     * W·z + b of a batch.
     *
     * @param z {@code [count][inputs]}
     * @return {@code [count][outputs]}
     */
    double[] apply(double[] z, int count) {
        double[] y = Products.timesTransposed(count, outputs, inputs, z, weight);
        for (int i = 0; i < y.length; i++) {
            y[i] += bias[i % outputs];
        }
        return y;
    }

    /** Puts 0 in place of what is negative. */
    static double[] rectified(double[] y) {
        double[] z = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            z[i] = Math.max(y[i], 0);
        }
        return z;
    }
}

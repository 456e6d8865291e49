package org.basinlab.evaluation;

import java.util.List;

/**
 * Largest singular values of the Jacobians J = W_L·D·…·D·W₀ of one network at many points, where D keeps the units that are
 * switched on. With V the product without W₀, J·Jᵀ = V·(W₀·W₀ᵀ)·Vᵀ, and W₀·W₀ᵀ is the same everywhere: so no step but the
 * way forward depends on the number of inputs.
 */
final class Jacobians {

    private final List<DenseLayer> layers;
    private final int classes;
    /** W₀·W₀ᵀ, both halves. */
    private final double[] gramOfFirst;

    Jacobians(List<DenseLayer> layers) {
        this.layers = layers;
        classes = layers.get(layers.size() - 1).outputs;
        DenseLayer first = layers.get(0);
        gramOfFirst = Products.timesTransposed(first.outputs, first.outputs, first.inputs, first.weight, first.weight);
    }

    /** How many points may be asked for at once, so that no more than so many bytes are taken; at least one. */
    int mostPoints(long bytes) {
        long values = layers.get(0).inputs;
        long widest = 0;
        for (DenseLayer layer : layers) {
            values += 2L * layer.outputs; // before its rectifier and after
            widest = Math.max(widest, layer.outputs);
        }
        values += 2L * classes * widest; // V and what it is multiplied to
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, bytes / (Double.BYTES * values)));
    }

    /**
     * One for each point.
     *
     * @param points {@code [count][inputs]}
     */
    double[] largestSingularValues(double[] points, int count) {
        double[] v = backToFirst(preactivations(points, count), count);
        int width = layers.get(0).outputs;
        int rows = count * classes;
        double[] vGram = Products.times(rows, width, width, v, gramOfFirst);
        double[] values = new double[count];
        for (int p = 0; p < count; p++) {
            values[p] = Math.sqrt(Products.largestEigenvalue(classes, products(vGram, v, p, width)));
        }
        return values;
    }

    /** V·G·Vᵀ of one point, upper half. */
    private double[] products(double[] vGram, double[] v, int point, int width) {
        double[] products = new double[classes * classes];
        for (int i = 0; i < classes; i++) {
            for (int j = i; j < classes; j++) {
                int left = (point * classes + i) * width;
                int right = (point * classes + j) * width;
                double sum = 0;
                for (int k = 0; k < width; k++) {
                    sum += vGram[left + k] * v[right + k];
                }
                products[i * classes + j] = sum;
            }
        }
        return products;
    }

    /** What every hidden layer gives before its rectifier, {@code [count][outputs]} each. */
    private double[][] preactivations(double[] points, int count) {
        double[][] found = new double[layers.size() - 1][];
        double[] z = points;
        for (int l = 0; l < found.length; l++) {
            found[l] = layers.get(l).apply(z, count);
            z = DenseLayer.rectified(found[l]);
        }
        return found;
    }

    /** V of every point, {@code [count · classes][outputs of the first layer]}. */
    private double[] backToFirst(double[][] preactivations, int count) {
        if (layers.size() == 1) {
            return unitsOfClasses(count);
        }
        DenseLayer last = layers.get(layers.size() - 1);
        double[] v = new double[count * last.weight.length];
        for (int p = 0; p < count; p++) {
            System.arraycopy(last.weight, 0, v, p * last.weight.length, last.weight.length);
        }
        for (int l = layers.size() - 2; l >= 0; l--) {
            DenseLayer layer = layers.get(l);
            keepSwitchedOn(v, preactivations[l], count, layer.outputs);
            if (l > 0) {
                v = Products.times(count * classes, layer.inputs, layer.outputs, v, layer.weight);
            }
        }
        return v;
    }

    /** Of a network whose first layer gives the logits. */
    private double[] unitsOfClasses(int count) {
        double[] v = new double[count * classes * classes];
        for (int row = 0; row < count * classes; row++) {
            v[row * classes + row % classes] = 1;
        }
        return v;
    }

    private void keepSwitchedOn(double[] v, double[] y, int count, int width) {
        for (int p = 0; p < count; p++) {
            for (int row = p * classes; row < (p + 1) * classes; row++) {
                for (int k = 0; k < width; k++) {
                    if (!(y[p * width + k] > 0)) {
                        v[row * width + k] = 0;
                    }
                }
            }
        }
    }
}

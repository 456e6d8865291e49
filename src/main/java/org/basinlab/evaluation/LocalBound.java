package org.basinlab.evaluation;

import java.util.Arrays;
import java.util.List;

/**
 * The bound of {@link Lipschitz#local} of one network, layer by layer. With z₀ what a layer takes in at the example, ε how
 * far that may move, and D the units before it that may be switched on at all: a row of the layer lies at y₀ = W·z₀ + b and
 * reaches at most ȳ = y₀ + ε‖(W·D)ᵢ‖. It moves its unit by r times its own way, where r is 1 for y₀ ≥ 0, 0 for ȳ ≤ 0, and
 * ȳ/(ȳ−y₀) between. So the layer stretches by no more than K = ‖diag(r)·W·D‖₂; Kε is the next ε. The bound is the product
 * of all K, the last one without r.
 */
final class LocalBound {

    private final List<DenseLayer> layers;
    /** Of the first layer, which takes all its inputs whatever the example: W·Wᵀ, upper half. */
    private final double[] gramOfFirst;

    LocalBound(List<DenseLayer> layers) {
        this.layers = layers;
        DenseLayer first = layers.get(0);
        gramOfFirst = Products.gramOfRows(first.outputs, first.inputs, first.weight);
    }

    /** The bound in the ball around {@code centre}. */
    double around(double[] centre, double radius) {
        double[] z = centre;
        int[] inputs = upTo(centre.length);
        double reach = radius;
        double bound = 1;
        for (int l = 0; l < layers.size(); l++) {
            DenseLayer layer = layers.get(l);
            boolean last = l + 1 == layers.size();
            double[] y = layer.apply(z, 1);
            double[] top = new double[y.length];
            double[] share = new double[y.length];
            for (int i = 0; i < y.length; i++) {
                top[i] = y[i] + reach * lengthOfRow(l, i, inputs);
                share[i] = last ? 1 : share(y[i], top[i]);
            }
            double stretch = stretch(l, share, inputs);
            bound *= stretch;
            reach *= stretch;
            inputs = positive(top);
            z = DenseLayer.rectified(y);
        }
        return bound;
    }

    /** How far a unit moves at most for each step of its row. */
    private static double share(double y, double top) {
        if (y >= 0) {
            return 1;
        }
        return top <= 0 ? 0 : top / (top - y);
    }

    private double lengthOfRow(int l, int row, int[] inputs) {
        DenseLayer layer = layers.get(l);
        if (l == 0) {
            return Math.sqrt(gramOfFirst[row * layer.outputs + row]);
        }
        double squares = 0;
        for (int j : inputs) {
            double value = layer.weight[row * layer.inputs + j];
            squares += value * value;
        }
        return Math.sqrt(squares);
    }

    /** ‖diag(share)·W·D‖₂, without the rows and columns that are zero. */
    private double stretch(int l, double[] share, int[] inputs) {
        DenseLayer layer = layers.get(l);
        int[] rows = positive(share);
        if (rows.length == 0 || inputs.length == 0) {
            return 0;
        }
        if (l == 0 && rows.length <= inputs.length) {
            return Math.sqrt(Products.largestEigenvalue(rows.length, scaledGram(rows, share)));
        }
        double[] compact = new double[rows.length * inputs.length];
        for (int i = 0; i < rows.length; i++) {
            int from = rows[i] * layer.inputs;
            for (int j = 0; j < inputs.length; j++) {
                compact[i * inputs.length + j] = share[rows[i]] * layer.weight[from + inputs[j]];
            }
        }
        return Products.largestSingularValue(rows.length, inputs.length, compact);
    }

    private double[] scaledGram(int[] rows, double[] share) {
        int outputs = layers.get(0).outputs;
        double[] scaled = new double[rows.length * rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = i; j < rows.length; j++) {
                scaled[i * rows.length + j] =
                        share[rows[i]] * share[rows[j]] * gramOfFirst[rows[i] * outputs + rows[j]];
            }
        }
        return scaled;
    }

    private static int[] positive(double[] values) {
        int[] places = new int[values.length];
        int found = 0;
        for (int i = 0; i < values.length; i++) {
            if (values[i] > 0) {
                places[found++] = i;
            }
        }
        return Arrays.copyOf(places, found);
    }

    private static int[] upTo(int n) {
        int[] places = new int[n];
        Arrays.setAll(places, i -> i);
        return places;
    }
}

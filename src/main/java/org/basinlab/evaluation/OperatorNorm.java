package org.basinlab.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.basinlab.recipe.Seeds;

/**
 * The norm of a convolution, L2 to L2: how far it stretches at most. Where the matrix of the map is small it is made, and its
 * largest singular value is known but for rounding. Elsewhere two bounds enclose it: from above {@link Symbol}, which looks
 * away from the edges and is off by what they take, about 1 % for maps of 32 × 32; from below ‖A·x‖/‖x‖ of a vector x that
 * {@value #STEPS} steps of Lanczos' iteration with A and Aᵀ lead to. Equal weights give equal bits on one BLAS kernel.
 */
final class OperatorNorm {

    /** The smaller side of a matrix that is made: its eigenvalues take about a second. */
    private static final int SMALL = 1_024;

    private static final int MOST_VALUES = 1 << 24;
    private static final int STEPS = 30;
    private static final long START = 20_260_101;

    private OperatorNorm() {}

    /** @param weight {@code [out][in][kernel][kernel]}, finite */
    static Enclosure of(double[] weight, Window window) {
        ConvolutionMap map = new ConvolutionMap(weight, window);
        boolean small =
                Math.min(map.inputs(), map.outputs()) <= SMALL && (long) map.inputs() * map.outputs() <= MOST_VALUES;
        return small ? exact(map) : enclosed(weight, window);
    }

    private static Enclosure exact(ConvolutionMap map) {
        return Enclosure.around(Products.largestSingularValue(map.outputs(), map.inputs(), map.matrix()));
    }

    /** The two bounds, however small the matrix. */
    static Enclosure enclosed(double[] weight, Window window) {
        double below =
                Enclosure.around(below(new ConvolutionMap(weight, window))).lower();
        double above = Enclosure.around(Symbol.bound(weight, window)).upper();
        return new Enclosure(below, above);
    }

    /** The largest Ritz value of AᵀA in the space of the first steps, taken anew from its vector. */
    private static double below(ConvolutionMap map) {
        List<double[]> basis = new ArrayList<>();
        double[] diagonal = new double[STEPS];
        double[] beside = new double[STEPS];
        double[] next = start(map.inputs());
        int steps = 0;
        double length = length(next);
        while (steps < Math.min(STEPS, map.inputs()) && length > 0) {
            double[] unit = scaled(next, 1 / length);
            basis.add(unit);
            next = map.transposed(map.apply(unit));
            double before = length(next);
            diagonal[steps] = inner(next, unit);
            for (int twice = 0; twice < 2; twice++) { // once leaves what rounding left
                for (double[] other : basis) {
                    add(-inner(next, other), other, next);
                }
            }
            length = length(next);
            beside[steps++] = length;
            if (length <= 1e-12 * before) { // the space is mapped into itself
                break;
            }
        }
        double[] shares = Products.topOfTridiagonal(steps, diagonal, beside);
        double[] x = new double[map.inputs()];
        for (int i = 0; i < steps; i++) {
            add(shares[i], basis.get(i), x);
        }
        return length(x) == 0 ? 0 : length(map.apply(x)) / length(x);
    }

    private static double[] start(int size) {
        RandomGenerator random = Seeds.generator(START);
        double[] vector = new double[size];
        for (int i = 0; i < size; i++) {
            vector[i] = random.nextGaussian();
        }
        return vector;
    }

    private static double inner(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double length(double[] vector) {
        return Math.sqrt(inner(vector, vector));
    }

    private static double[] scaled(double[] vector, double factor) {
        double[] scaled = new double[vector.length];
        add(factor, vector, scaled);
        return scaled;
    }

    private static void add(double factor, double[] from, double[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * from[i];
        }
    }
}

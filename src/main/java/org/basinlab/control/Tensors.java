package org.basinlab.control;

import org.basinlab.network.Weights;
import org.basinlab.recipe.TensorShape;

/** Lengths and angles of single tensors, in float64. */
final class Tensors {

    private Tensors() {}

    static double norm(Weights weights, TensorShape shape) {
        return Math.sqrt(inner(weights, weights, shape));
    }

    /** Sum over all values of the products of the two networks'. */
    static double inner(Weights a, Weights b, TensorShape shape) {
        double sum = 0;
        for (int i = shape.offset(); i < shape.offset() + shape.size(); i++) {
            sum += (double) a.at(i) * b.at(i);
        }
        return sum;
    }
}

package org.basinlab.evaluation;

import java.nio.FloatBuffer;
import org.basinlab.network.Examples;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Progress;

/**
 * How far the logits of a perceptron can move when its input moves: bounds from above and from below, L2 to L2. Inputs are
 * those that the network takes, after normalisation; logits are those before the softmax. In float64.
 */
public final class Lipschitz {

    /** Bytes that the points of a ball may take at once, however many there are. */
    private static final long MEMORY = 64L << 20;

    private Lipschitz() {}

    /**
     * The product of the layers' largest singular values, an upper bound of the Lipschitz constant everywhere: rectifiers
     * move nothing further apart, and biases move nothing. Exact to about 10⁻¹²; an iteration by powers would come from
     * below and be no bound.
     *
     * @throws IllegalArgumentException if the network is no perceptron, or holds a NaN or an infinity
     */
    public static double spectral(Weights weights) {
        double product = 1;
        for (DenseLayer layer : DenseLayer.of(weights)) {
            product *= Products.largestSingularValue(layer.outputs, layer.inputs, layer.weight);
        }
        return product;
    }

    /**
     * For each example x₀ an upper bound of ‖f(x) − f(x₀)‖ / ‖x − x₀‖ over all x within a ball around it. Units that stay
     * switched off anywhere in the ball are left out, and those that may switch on count only in part. It bounds how far
     * the logits get from those of the example, not how far apart those of two other points of the ball may lie, which
     * only {@link #spectral} bounds. It never exceeds that one, and comes to it as the ball grows.
     *
     * @param radius of the ball, L2, at least 0
     * @return as many as there are examples
     * @throws IllegalArgumentException if the network is no perceptron, holds a NaN or an infinity, or takes other inputs
     * @see <a href="https://arxiv.org/abs/2104.14672">Avant and Morgansen 2021, whose idea of compositions of an affine
     *     function and a rectifier this follows; the formula is ours</a>
     */
    public static double[] local(Weights weights, Examples examples, double radius, Progress progress) {
        requireInputs(weights, examples);
        LocalBound bound = new LocalBound(DenseLayer.of(weights));
        double[] bounds = new double[examples.count()];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = bound.around(inputs(examples, i), radius);
            progress.at((i + 1.0) / bounds.length);
        }
        return bounds;
    }

    /**
     * For each example the largest singular value of the Jacobian at it and at points drawn uniformly from a ball around
     * it: a lower bound of the Lipschitz constant within the ball. The points of an example depend on the seed and on its
     * place, not on the network, so that networks are compared at the same points. The first sample is the example
     * itself; there the value never exceeds {@link #local}, elsewhere it never exceeds {@link #spectral}.
     *
     * @param radius of the ball, L2, at least 0
     * @param samples points of each example, itself with them; at least 1
     * @return as many as there are examples
     * @throws IllegalArgumentException if the network is no perceptron, holds a NaN or an infinity, or takes other inputs
     */
    public static double[] sampled(
            Weights weights, Examples examples, double radius, int samples, long seed, Progress progress) {
        requireInputs(weights, examples);
        Jacobians jacobians = new Jacobians(DenseLayer.of(weights));
        double[] largest = new double[examples.count()];
        for (int i = 0; i < largest.length; i++) {
            BallPoints points = new BallPoints(inputs(examples, i), radius, seed, i);
            largest[i] = largest(jacobians, points, samples, jacobians.mostPoints(MEMORY));
            progress.at((i + 1.0) / largest.length);
        }
        return largest;
    }

    /** @param atOnce how many are computed side by side */
    static double largest(Jacobians jacobians, BallPoints points, int samples, int atOnce) {
        double largest = 0;
        for (int done = 0; done < samples; done += atOnce) {
            int count = Math.min(atOnce, samples - done);
            for (double value : jacobians.largestSingularValues(points.next(count), count)) {
                largest = Math.max(largest, value);
            }
        }
        return largest;
    }

    private static void requireInputs(Weights weights, Examples examples) {
        int inputs = weights.architecture().inputs();
        if (examples.inputs() != inputs) {
            throw new IllegalArgumentException("%s takes %d inputs, the examples have %d"
                    .formatted(weights.architecture().label(), inputs, examples.inputs()));
        }
    }

    private static double[] inputs(Examples examples, int index) {
        float[] row = new float[examples.inputs()];
        examples.fill(new int[] {index}, 0, 1, FloatBuffer.wrap(row));
        double[] values = new double[row.length];
        for (int j = 0; j < row.length; j++) {
            values[j] = row[j];
        }
        return values;
    }
}

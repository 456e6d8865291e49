package org.basinlab.evaluation;

import java.util.List;
import org.basinlab.network.Weights;
import org.basinlab.recipe.TensorShape;

/**
 * N(Θ) = Σ over layers of ‖W‖_F + ‖b‖₂, not squared, in float64. Of a network that is no perceptron every module with trained
 * tensors is a layer, normalisations, class token and positions too: the sum of the lengths of its tensors. Running means and
 * variances have no part in it.
 *
 * @see <a href="https://arxiv.org/abs/2510.09174">Hierarchical Re-Basin</a>
 */
public final class WeightNorm {

    private WeightNorm() {}

    /** The norm of a whole network. */
    public static double of(Weights weights) {
        return byLayer(weights).stream().mapToDouble(Double::doubleValue).sum();
    }

    /** ‖W‖_F + ‖b‖₂ of each layer in turn: their sum is the norm. */
    public static List<Double> byLayer(Weights weights) {
        return weights.architecture().modules().stream()
                .map(tensors -> tensors.stream()
                        .mapToDouble(tensor -> length(weights, tensor))
                        .reduce(0, Double::sum))
                .toList();
    }

    private static double length(Weights weights, TensorShape tensor) {
        double squares = 0;
        for (float value : weights.tensor(tensor)) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }
}

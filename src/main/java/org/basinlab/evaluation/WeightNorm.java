package org.basinlab.evaluation;

import java.util.ArrayList;
import java.util.List;
import org.basinlab.network.Weights;
import org.basinlab.recipe.TensorShape;

/**
 * N(Θ) = Σ over layers of ‖W‖_F + ‖b‖₂, not squared, in float64.
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
        List<Double> norms = new ArrayList<>();
        List<TensorShape> tensors = weights.architecture().tensors();
        for (int i = 0; i < tensors.size(); i += 2) { // a weight, then its bias
            norms.add(length(weights, tensors.get(i)) + length(weights, tensors.get(i + 1)));
        }
        return List.copyOf(norms);
    }

    private static double length(Weights weights, TensorShape tensor) {
        double squares = 0;
        for (float value : weights.tensor(tensor)) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }
}

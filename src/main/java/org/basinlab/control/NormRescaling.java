package org.basinlab.control;

import java.util.List;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.TensorShape;

/**
 * Scales every weight matrix of a leaf by c_l > 0 to the Frobenius norm of the target's, and the bias of layer l by
 * c_0·…·c_l. Rectifiers let factors through, so all logits are scaled by the product of all c: classes and L2 distances to
 * another class stay as they were.
 */
final class NormRescaling {

    private NormRescaling() {}

    /** @throws IllegalArgumentException if they are no perceptrons: nothing else lets factors through in this way */
    static Weights of(Weights leaf, Weights target) {
        if (!(leaf.architecture() instanceof Architecture.Mlp)) {
            throw new IllegalArgumentException("only perceptrons can be rescaled to a norm, was "
                    + leaf.architecture().label());
        }
        float[] values = leaf.copy();
        List<TensorShape> tensors = leaf.architecture().tensors();
        double product = 1;
        for (int i = 0; i < tensors.size(); i += 2) { // a weight, then its bias
            double factor = factor(leaf, target, tensors.get(i));
            product *= factor;
            scale(values, tensors.get(i), factor);
            scale(values, tensors.get(i + 1), product);
        }
        return Weights.owning(leaf.architecture(), values);
    }

    private static double factor(Weights leaf, Weights target, TensorShape shape) {
        double wanted = Tensors.norm(target, shape);
        double own = Tensors.norm(leaf, shape);
        if (!(wanted > 0 && own > 0)) {
            throw new IllegalArgumentException(
                    "%s must have a norm above 0 in both networks to be rescaled, was %s in the leaf and %s in the target"
                            .formatted(shape.name(), own, wanted));
        }
        return wanted / own;
    }

    private static void scale(float[] values, TensorShape shape, double factor) {
        for (int i = shape.offset(); i < shape.offset() + shape.size(); i++) {
            values[i] = (float) (factor * values[i]);
        }
    }
}

package org.basinlab.network;

import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Operation;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.TensorShape;

/** The weights that a network starts its training from. */
public final class Initialisation {

    private Initialisation() {}

    private static final double SPREAD_OF_TOKENS = 0.02;

    /**
     * PyTorch's defaults: every weight and bias of a linear layer or a convolution uniform in ±1/√fan-in (Kaiming's uniform
     * rule with a = √5), where fan-in counts the inputs of one output; scales of normalisations 1, shifts 0, running means 0 and
     * variances 1; class token and positions Gaussian with standard deviation 0.02. Drawn in the order of the flat
     * weights; one seed gives the same bits on every machine, though not PyTorch's own bits.
     */
    public static Weights pytorch(Architecture architecture, long seed) {
        RandomGenerator random = Seeds.generator(seed);
        float[] values = new float[architecture.parameterCount()];
        for (Graph.Node node : architecture.graph().nodes()) {
            Operation operation = node.operation();
            if (operation instanceof Operation.Normalise normalise) {
                fill(values, normalise.scale(), () -> 1);
                normalise.running().ifPresent(running -> fill(values, running.variance(), () -> 1));
            } else if (operation instanceof Operation.Tokens tokens) {
                tokens.tensors()
                        .forEach(tensor -> fill(values, tensor, () -> SPREAD_OF_TOKENS * random.nextGaussian()));
            } else if (!operation.tensors().isEmpty()) {
                TensorShape weight = operation.tensors().get(0);
                double bound =
                        1 / Math.sqrt((double) weight.size() / weight.axes().get(0));
                operation
                        .tensors()
                        .forEach(tensor -> fill(values, tensor, () -> (2 * random.nextDouble() - 1) * bound));
            }
        }
        return Weights.owning(architecture, values);
    }

    private static void fill(float[] values, TensorShape tensor, DoubleSupplier source) {
        for (int i = tensor.offset(); i < tensor.offset() + tensor.size(); i++) {
            values[i] = (float) source.getAsDouble();
        }
    }
}

package org.basinlab.network;

import java.util.random.RandomGenerator;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.TensorShape;

/** Weights in which no two values of a tensor are equal, so that a unit in a wrong place shows. */
public final class GraphWeights {

    private GraphWeights() {}

    /** Weights as a training leaves them: every tensor random, variances positive. */
    public static Weights random(Architecture architecture, long seed) {
        RandomGenerator random = Seeds.generator(seed);
        float[] values = Initialisation.pytorch(architecture, seed).copy();
        for (TensorShape tensor : architecture.tensors()) {
            if (tensor.axes().size() == 1) {
                for (int i = tensor.offset(); i < tensor.offset() + tensor.size(); i++) {
                    values[i] = tensor.name().endsWith("running_var")
                                    || tensor.name().endsWith("weight")
                            ? (float) random.nextDouble(0.5, 1.5)
                            : (float) random.nextDouble(-0.3, 0.3);
                }
            }
        }
        return Weights.owning(architecture, values);
    }
}

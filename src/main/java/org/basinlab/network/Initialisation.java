package org.basinlab.network;

import java.util.random.RandomGenerator;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Seeds;

/** The weights that a network starts its training from. */
public final class Initialisation {

    private Initialisation() {}

    /**
     * PyTorch's default for {@code nn.Linear}: every weight and bias of a layer uniform in ±1/√inputs of that layer
     * (Kaiming's uniform rule with a = √5). Drawn in the order of the flat weights; one seed gives the same bits on every
     * machine, though not PyTorch's own bits.
     */
    public static Weights pytorchLinear(Architecture.Mlp architecture, long seed) {
        RandomGenerator random = Seeds.generator(seed);
        float[] values = new float[architecture.parameterCount()];
        for (Layer layer : Layer.of(architecture)) {
            double bound = 1 / Math.sqrt(layer.inputs());
            for (int i = layer.weightOffset(); i < layer.biasOffset() + layer.outputs(); i++) {
                values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
            }
        }
        return Weights.owning(architecture, values);
    }
}

package org.basinlab.network;

import java.util.ArrayList;
import java.util.List;
import org.basinlab.recipe.Architecture;

/**
 * One linear layer of a perceptron, and where its tensors lie among the flat weights.
 *
 * @param inputs width of the layer before it
 * @param outputs its own width
 * @param weightOffset index of the first element of its weight, {@code [outputs][inputs]}
 * @param biasOffset index of the first element of its bias, which follows the weight
 */
record Layer(int inputs, int outputs, int weightOffset, int biasOffset) {

    /** Weights and biases together; they lie side by side. */
    int parameters() {
        return biasOffset - weightOffset + outputs;
    }

    /** The layers from the inputs to the logits. */
    static List<Layer> of(Architecture architecture) {
        if (!(architecture instanceof Architecture.Mlp mlp)) {
            throw new IllegalArgumentException(
                    "only perceptrons have linear layers throughout, was " + architecture.label());
        }
        List<Integer> widths = mlp.widths();
        List<Layer> layers = new ArrayList<>();
        int offset = 0;
        for (int i = 0; i + 1 < widths.size(); i++) {
            int inputs = widths.get(i);
            int outputs = widths.get(i + 1);
            int biasOffset = Math.addExact(offset, Math.multiplyExact(inputs, outputs));
            layers.add(new Layer(inputs, outputs, offset, biasOffset));
            offset = Math.addExact(biasOffset, outputs);
        }
        return List.copyOf(layers);
    }
}

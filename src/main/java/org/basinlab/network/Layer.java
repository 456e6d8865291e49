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

    /** The weights and biases of these layers, which lie side by side from index 0 on. */
    static int parameters(List<Layer> layers) {
        Layer last = layers.get(layers.size() - 1);
        return last.biasOffset + last.outputs;
    }

    /** The width that comes out of the last of these layers. */
    static int outputs(List<Layer> layers) {
        return layers.get(layers.size() - 1).outputs;
    }

    /** The layers {@code from} … {@code to − 1}, their weights moved to the beginning. */
    static List<Layer> between(List<Layer> layers, int from, int to) {
        int begin = layers.get(from).weightOffset;
        return layers.subList(from, to).stream()
                .map(layer ->
                        new Layer(layer.inputs, layer.outputs, layer.weightOffset - begin, layer.biasOffset - begin))
                .toList();
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

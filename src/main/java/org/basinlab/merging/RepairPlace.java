package org.basinlab.merging;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Operation;
import org.basinlab.recipe.Repair;
import org.basinlab.recipe.TensorShape;

/**
 * Where the units of one layer are measured and corrected: what a linear layer or convolution gives, by its weights and
 * biases; where a normalisation takes that, what the normalisation gives, by its scale and shift.
 *
 * @param node whose outputs are measured
 * @param scaled tensor whose first axis are the units
 * @param shifted {@code [units]}; empty where the layer has no bias
 * @param depth the most layers that are corrected before it on a way from the image: those of one depth are corrected together
 */
record RepairPlace(int node, TensorShape scaled, Optional<TensorShape> shifted, int depth) {

    /** All but that of the last layer, in the order of the nodes. */
    static List<RepairPlace> of(Graph graph) {
        List<RepairPlace> places = new ArrayList<>();
        int[] depth = new int[graph.size()];
        for (int index = 1; index < graph.size(); index++) {
            depth[index] = graph.node(index).inputs().stream()
                    .mapToInt(input -> depth[input])
                    .max()
                    .orElse(0);
            Operation operation = graph.node(index).operation();
            boolean layer = operation instanceof Operation.Linear || operation instanceof Operation.Convolution;
            if (layer && index != graph.logits()) {
                places.add(place(graph, index, depth[index]));
                depth[index]++;
            }
        }
        return places;
    }

    private static RepairPlace place(Graph graph, int index, int depth) {
        List<Integer> takers = graph.takers(index);
        if (takers.size() == 1 && graph.node(takers.get(0)).operation() instanceof Operation.Normalise normalise) {
            return new RepairPlace(takers.get(0), normalise.scale(), Optional.of(normalise.shift()), depth);
        }
        Operation operation = graph.node(index).operation();
        if (operation instanceof Operation.Convolution convolution) {
            return new RepairPlace(index, convolution.weight(), convolution.bias(), depth);
        }
        Operation.Linear linear = (Operation.Linear) operation;
        return new RepairPlace(index, linear.weight(), Optional.of(linear.bias()), depth);
    }

    int units() {
        return scaled.axes().get(0);
    }

    /** The layer's name, {@code layers.0}. */
    String name() {
        return scaled.name().substring(0, Math.max(0, scaled.name().lastIndexOf('.')));
    }

    /**
     * Passes where the units can be corrected so.
     *
     * @throws IllegalArgumentException if their means should move and the layer cannot move them
     */
    void require(Repair repair) {
        if (repair == Repair.REPAIR && shifted.isEmpty()) {
            throw new IllegalArgumentException(
                    "REPAIR moves the mean of every unit, for which a layer needs a bias or a normalisation after it:"
                            + " %s has neither (RESCALE needs none)".formatted(name()));
        }
    }
}

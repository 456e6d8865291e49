package org.basinlab.merging;

import java.util.List;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.TensorShape;

/** What networks must be to be merged. */
final class Inputs {

    private Inputs() {}

    /** @throws IllegalArgumentException if they are not two or more finite networks of one architecture */
    static void requireMergeable(List<Weights> inputs) {
        if (inputs.size() < 2) {
            throw new IllegalArgumentException("a merge takes at least 2 networks, was given " + inputs.size());
        }
        Architecture first = inputs.get(0).architecture();
        for (int k = 0; k < inputs.size(); k++) {
            Architecture other = inputs.get(k).architecture();
            if (!other.equals(first)) {
                throw new IllegalArgumentException(
                        "networks must have one architecture to be merged: network 1 is %s, network %d is %s"
                                .formatted(first.label(), k + 1, other.label()));
            }
            requireFinite(inputs.get(k), k + 1, inputs.size());
        }
    }

    private static void requireFinite(Weights network, int place, int count) {
        if (network.isFinite()) {
            return;
        }
        for (TensorShape shape : network.architecture().tensors()) {
            for (float value : network.tensor(shape)) {
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException(
                            "weights must be finite to be merged, but network %d of %d holds %s in %s"
                                    .formatted(
                                            place, count, Float.isNaN(value) ? "a NaN" : "an infinity", shape.name()));
                }
            }
        }
    }
}

package org.basinlab.merging;

import java.util.Optional;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.PermutationSpec.PermutedTensor;
import org.basinlab.network.Weights;

/**
 * The fault of a public port of Git Re-Basin, for those who want to know what it did: tensors that no permutation moves are
 * handed on without a copy when a network is permuted, and then overwritten by those of the network that it was aligned with.
 */
public final class Aliasing {

    private Aliasing() {}

    /**
     * The second network with the first's values in every tensor that has no permuted axis; of a perceptron that is the
     * output bias. Neither is changed.
     */
    public static Weights ofUnmoved(Weights first, Weights second) {
        float[] values = second.copy();
        float[] others = first.copy();
        for (PermutedTensor tensor : PermutationSpec.of(second.architecture()).tensors()) {
            int at = tensor.shape().offset();
            if (tensor.axes().stream().allMatch(Optional::isEmpty)) {
                System.arraycopy(others, at, values, at, tensor.shape().size());
            }
        }
        return Weights.owning(second.architecture(), values);
    }
}

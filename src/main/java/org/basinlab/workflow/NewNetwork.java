package org.basinlab.workflow;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinlab.recipe.Architecture;

/**
 * A network that a task made.
 *
 * @param checkpoint the bytes of a safetensors file, handed over: nobody writes to them afterwards
 * @param parents one for each input of the task, in order; empty for a trained network
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, not shared: a copy of 9 MB would serve nobody
public record NewNetwork(Architecture architecture, byte[] checkpoint, List<Parent> parents) {

    public NewNetwork {
        parents = List.copyOf(parents);
    }

    /**
     * What became of one input.
     *
     * @param share its weight in the result, in [0, 1]
     * @param permutation by name, element i is the unit of the input put in place i; empty where nothing was permuted
     */
    public record Parent(double share, Optional<Map<String, int[]>> permutation) {}
}

package org.basinlab.merging;

import java.util.List;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;

/**
 * One network made of several.
 *
 * @param permutationOfInput what was applied to each input before it was averaged, in their order; the identity where
 *     nothing was
 */
public record Merged(Weights weights, List<Permutations> permutationOfInput, MergeReport report) {

    public Merged {
        permutationOfInput = List.copyOf(permutationOfInput);
    }
}

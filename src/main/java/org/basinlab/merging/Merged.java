package org.basinlab.merging;

import java.util.List;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;

/**
 * One network made of several.
 *
 * @param permutationOfInput what was applied to each input before it was averaged, in their order; the identity where
 *     nothing was
 * @param shareOfInput the weight of each in the mean, in their order; 0 of one that was left out
 */
public record Merged(
        Weights weights, List<Permutations> permutationOfInput, List<Double> shareOfInput, MergeReport report) {

    public Merged {
        permutationOfInput = List.copyOf(permutationOfInput);
        shareOfInput = List.copyOf(shareOfInput);
    }

    /** How many inputs are in the mean. */
    public int members() {
        return (int) shareOfInput.stream().filter(share -> share > 0).count();
    }
}

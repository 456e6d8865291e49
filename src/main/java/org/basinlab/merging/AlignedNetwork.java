package org.basinlab.merging;

import java.util.Optional;
import org.basinlab.matching.Alignment;
import org.basinlab.matching.Alignments;
import org.basinlab.network.Examples;
import org.basinlab.network.FunctionCheck;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.Progress;

/** One input of a merge with all that was done to it so far; after every change it must still compute what it did at first. */
final class AlignedNetwork {

    private final FunctionCheck check;
    private final Weights original;
    private Weights current;
    private Permutations permutations;
    private int matchings;
    private int sweeps;

    /** @param seed of the inputs on which a permuted network is compared with the original */
    AlignedNetwork(Weights original, long seed) {
        check = FunctionCheck.of(original, seed);
        this.original = original;
        current = original;
        permutations = Permutations.identity(PermutationSpec.of(original.architecture()));
    }

    /**
     * Permutes this network towards another.
     *
     * @param images that the matching looks at, where it looks at any
     * @throws org.basinlab.network.FunctionChangedException if the permuted network answers differently
     */
    void alignWith(Weights other, Matching matching, Optional<Examples> images, long seed, Progress progress) {
        Alignment found = Alignments.align(matching, other, current, images, seed, progress);
        take(permutations.then(found.permutations()), 1, found.sweeps());
    }

    /**
     * Permutes this network.
     *
     * @param whole of the original, all that was applied before included
     * @param newMatchings that led to it
     * @param newSweeps of those
     * @throws org.basinlab.network.FunctionChangedException if the permuted network answers differently
     */
    void take(Permutations whole, int newMatchings, int newSweeps) {
        matchings += newMatchings;
        sweeps += newSweeps;
        if (!whole.equals(permutations)) {
            permutations = whole;
            current = whole.apply(original);
            check.requireSame(current);
        }
    }

    /** The values of the original in their present order. */
    Weights current() {
        return current;
    }

    /** All that was applied so far, composed. */
    Permutations permutations() {
        return permutations;
    }

    int matchings() {
        return matchings;
    }

    int sweeps() {
        return sweeps;
    }
}

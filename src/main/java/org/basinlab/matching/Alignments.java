package org.basinlab.matching;

import java.util.Optional;
import org.basinlab.network.Examples;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.Progress;

/** Aligns one network with another by any matching. */
public final class Alignments {

    private Alignments() {}

    /**
     * Aligns {@code b} with {@code a}.
     *
     * @param images that the matching looks at, where it looks at any
     * @throws IllegalArgumentException if the architectures differ or a weight is not finite
     */
    public static Alignment align(
            Matching matching, Weights a, Weights b, Optional<Examples> images, long seed, Progress progress) {
        if (matching instanceof Matching.Weight) {
            return WeightMatching.align(a, b, seed, progress);
        }
        throw new IllegalArgumentException("nothing is aligned by the matching " + matching.label());
    }
}

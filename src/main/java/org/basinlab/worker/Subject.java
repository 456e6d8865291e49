package org.basinlab.worker;

import java.util.List;
import java.util.Optional;
import org.basinlab.evaluation.Ensemble;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Split;

/**
 * What a metric is taken of.
 *
 * @param networks the one that is measured first; then what it was made of, where the metric looks at that. Several that
 *     are measured as one where {@code together}
 * @param images absent where the metric looks at none
 * @param split of the images
 * @param moved for the line between the two networks that a merge was made of: of each of them, the permutation by which
 *     the merge moved it, the identity where it did not
 * @param together how all networks answer as one; empty where one is measured
 * @param training images by which networks that the metric makes are finished as merges are; absent where they need none
 */
public record Subject(
        List<Weights> networks,
        Optional<NormalisedImages> images,
        Split split,
        List<Permutations> moved,
        Optional<Ensemble.How> together,
        Optional<NormalisedImages> training) {

    public Subject {
        networks = List.copyOf(networks);
        moved = List.copyOf(moved);
    }

    /** Of which no networks are made that need images. */
    public Subject(
            List<Weights> networks,
            Optional<NormalisedImages> images,
            Split split,
            List<Permutations> moved,
            Optional<Ensemble.How> together) {
        this(networks, images, split, moved, together, Optional.empty());
    }

    /** One network. */
    public static Subject of(Weights weights, Optional<NormalisedImages> images, Split split) {
        return new Subject(List.of(weights), images, split, List.of(), Optional.empty());
    }

    Weights network() {
        return networks.get(0);
    }

    NormalisedImages inputs() {
        return images.orElseThrow();
    }
}

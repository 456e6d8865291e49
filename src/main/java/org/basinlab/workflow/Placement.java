package org.basinlab.workflow;

import java.util.OptionalInt;
import java.util.OptionalLong;
import org.basinlab.study.Arm;

/**
 * Where a network stands in its study: what a table of results groups by. A metric has the placement of its network.
 *
 * @param arm name of the population, {@code main} for the study's own
 * @param scheme {@code trained}, {@code hierarchical}, {@code merge-many}, {@code reference}, {@code naive}, the name of a
 *     control, {@code l2-path} or {@code logit-ensemble}; {@code judge} for a task that decides claims,
 *     {@code probe} for one that computes nothing
 * @param stage log₂ of the group size where that is whole; 0 for trained networks
 * @param groupSize how many trained networks it is made of, 1 for a trained one
 * @param groupId which block of that size in the arm's order, from 0; a control has those of the merge that it is set against,
 *     a network of an L2 path the number of its tree
 * @param matching {@code weight}, or {@code none} where nothing is aligned
 * @param variant what tells apart two settings of one scheme; empty where nothing does
 * @param seed the leaf's seed as the specification names it; empty for merged networks and ensembles
 */
public record Placement(
        String arm,
        String scheme,
        OptionalInt stage,
        int groupSize,
        int groupId,
        String matching,
        String variant,
        OptionalLong seed) {

    /** Of a task that decides claims, which is about no network: in the study's own arm. */
    static Placement ofJudge() {
        return new Placement(Arm.MAIN, "judge", OptionalInt.empty(), 1, 0, "none", "", OptionalLong.empty());
    }
}

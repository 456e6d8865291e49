package org.basinlab.ledger;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A network with what it was made of.
 *
 * @param places where it stands in each study that has it, the oldest study first; at least one
 * @param parents of a merged network, in the order of the merge, or of a control; none of a trained one
 */
public record NetworkDetail(List<NetworkView> places, List<Parent> parents) {

    public NetworkDetail {
        places = List.copyOf(places);
        parents = List.copyOf(parents);
    }

    /**
     * What became of one network in a merge.
     *
     * @param share of this network in the mean, in [0, 1]; 0 where a control was only set against it
     * @param permutations JSON by name; element i is the unit of this network put in place i; empty where nothing moved
     */
    public record Parent(int position, UUID networkId, String sha256, double share, Optional<String> permutations) {}
}

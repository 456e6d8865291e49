package org.basinlab.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.ledger.NetworkDetail;
import org.basinlab.ledger.NetworkView;

/**
 * A network with what it was made of and every place that it has in a study.
 *
 * @param parents of a merged network, in the order of the merge, or of a control; none of a trained one
 */
record NetworkBody(
        UUID id,
        String origin,
        String architecture,
        long parameters,
        String sha256,
        long bytes,
        boolean stored,
        Instant createdAt,
        List<Parent> parents,
        List<NetworkView> places) {

    /**
     * What became of one network in a merge.
     *
     * @param share of this network in the mean, in [0, 1]; 0 where a control was only set against it
     * @param permutations by name; element i is the unit of this network put in place i; empty where nothing moved
     */
    record Parent(
            int position,
            UUID networkId,
            String sha256,
            double share,
            Optional<Map<String, List<Integer>>> permutations) {}

    static NetworkBody of(NetworkDetail detail, ObjectMapper json) {
        NetworkView network = detail.places().get(0);
        return new NetworkBody(
                network.id(),
                network.origin(),
                network.architecture(),
                network.parameters(),
                network.sha256(),
                network.bytes(),
                network.stored(),
                network.createdAt(),
                detail.parents().stream()
                        .map(parent -> new Parent(
                                parent.position(),
                                parent.networkId(),
                                parent.sha256(),
                                parent.share(),
                                parent.permutations().map(text -> permutations(text, json))))
                        .toList(),
                detail.places());
    }

    private static Map<String, List<Integer>> permutations(String text, ObjectMapper json) {
        try {
            return json.readValue(text, new TypeReference<Map<String, List<Integer>>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the store holds permutations that are none: " + e.getMessage(), e);
        }
    }
}

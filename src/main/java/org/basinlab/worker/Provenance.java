package org.basinlab.worker;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_ABSENT;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.basinlab.network.Weights;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.Normalisation;
import org.basinlab.workflow.TaskSpec;

/**
 * What a checkpoint says of itself in its metadata. It depends on nothing but the task and its inputs: equal work gives
 * equal bytes.
 */
final class Provenance {

    static final String NORMALISATION = "normalisation";

    private Provenance() {}

    static Map<String, String> ofTrained(
            Weights weights, TaskSpec.Train spec, Normalisation.Constants constants, String data) {
        return metadata(weights, CanonicalJson.write(constants), new Text(spec, List.of(), data, OptionalLong.empty()));
    }

    /** @param step of the training, from 1, after which the network was so */
    static Map<String, String> ofSnapshot(
            Weights weights, TaskSpec.Train spec, Normalisation.Constants constants, String data, long step) {
        return metadata(
                weights, CanonicalJson.write(constants), new Text(spec, List.of(), data, OptionalLong.of(step)));
    }

    /**
     * The normalisation of a network that was made of others is that of its first input.
     *
     * @param inputs SHA-256 of each
     * @param data digest of the data that was looked at, where any was
     * @param first metadata of the first input
     */
    static Map<String, String> ofMade(
            Weights weights, TaskSpec spec, List<String> inputs, Optional<String> data, Map<String, String> first) {
        return metadata(
                weights,
                first.getOrDefault(NORMALISATION, ""),
                new Text(spec, inputs, data.orElse(""), OptionalLong.empty()));
    }

    private static Map<String, String> metadata(Weights weights, String normalisation, Text provenance) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("architecture", CanonicalJson.write(weights.architecture()));
        if (!normalisation.isEmpty()) {
            metadata.put(NORMALISATION, normalisation);
        }
        metadata.put("provenance", CanonicalJson.write(provenance));
        return metadata;
    }

    /**
     * @param inputs SHA-256 of the input checkpoints, in order
     * @param data digest of the data set, empty where none is read
     * @param step of a network along its training; absent for one that is finished
     */
    private record Text(
            TaskSpec task,
            List<String> inputs,
            String data,
            @JsonInclude(NON_ABSENT) OptionalLong step) {}
}

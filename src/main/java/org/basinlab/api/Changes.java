package org.basinlab.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.basinlab.ledger.StudyControl;
import org.basinlab.study.SeedRange;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a request wants to be otherwise in a study, read strictly.
 *
 * @param priority in [-100, 100]
 * @param limit absent where it stays as it is
 */
record Changes(Optional<Integer> priority, Optional<StudyControl.Limit> limit) {

    private static final int HIGHEST_PRIORITY = 100;

    private static final Set<String> SETTINGS = Set.of("priority", "maxRunning");

    /** How a change of settings is written, for the description of the interface. */
    record Settings(
            @Schema(minimum = "-100", maximum = "100", description = "Studies of higher ones go first") @Nullable
            Integer priority,

            @Schema(minimum = "1", nullable = true, description = "How many of its tasks run at a time; null: no bound")
            @Nullable
            Integer maxRunning) {}

    /** How an extension is written, for the description of the interface. */
    record Extension(@Schema(required = true) SeedRange seeds) {}

    static Changes of(@Nullable JsonNode body) {
        JsonNode settings = object(body, "a change", SETTINGS);
        if (settings.isEmpty()) {
            throw new IllegalArgumentException("a change must name priority or maxRunning, was {}");
        }
        Optional<Integer> priority = settings.has("priority")
                ? Optional.of(whole(settings.get("priority"), "priority", -HIGHEST_PRIORITY, HIGHEST_PRIORITY))
                : Optional.empty();
        Optional<StudyControl.Limit> limit = Optional.empty();
        if (settings.has("maxRunning")) {
            JsonNode most = settings.get("maxRunning");
            limit = Optional.of(new StudyControl.Limit(
                    most.isNull() ? Optional.empty() : Optional.of(whole(most, "maxRunning", 1, Integer.MAX_VALUE))));
        }
        return new Changes(priority, limit);
    }

    /** The seeds that an extension names. */
    static SeedRange seeds(@Nullable JsonNode body) {
        JsonNode extension = object(body, "an extension", Set.of("seeds"));
        JsonNode seeds = object(extension.get("seeds"), "seeds", Set.of("from", "count"));
        JsonNode from = seeds.get("from");
        if (from == null || !from.isIntegralNumber() || !from.canConvertToLong()) {
            throw new IllegalArgumentException("seeds.from must be a whole number, was " + from);
        }
        return new SeedRange(from.longValue(), whole(seeds.get("count"), "seeds.count", 1, SeedRange.MOST));
    }

    private static JsonNode object(@Nullable JsonNode node, String what, Set<String> keys) {
        if (node == null || !node.isObject()) {
            throw new IllegalArgumentException("%s must be a JSON object, was %s".formatted(what, node));
        }
        List<String> unknown = new ArrayList<>();
        node.fieldNames().forEachRemaining(key -> {
            if (!keys.contains(key)) {
                unknown.add(key);
            }
        });
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("%s may have the keys %s only, had '%s'"
                    .formatted(what, String.join(", ", keys.stream().sorted().toList()), unknown.get(0)));
        }
        return node;
    }

    private static int whole(@Nullable JsonNode node, String name, int least, int most) {
        if (node == null
                || !node.isIntegralNumber()
                || !node.canConvertToInt()
                || node.intValue() < least
                || node.intValue() > most) {
            throw new IllegalArgumentException(
                    "%s must be a whole number in [%d, %d], was %s".formatted(name, least, most, node));
        }
        return node.intValue();
    }
}

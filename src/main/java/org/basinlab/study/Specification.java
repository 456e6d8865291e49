package org.basinlab.study;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_ABSENT;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One way to measure a claim: the primary one, or one that differs from it in one assumption.
 *
 * @param name {@code rounds-1}
 * @param assumption which assumption it varies; absent for the primary one
 * @param value what is assumed instead
 * @param control whether it answers a confound instead: its reading is shown beside the others, and agrees with nothing
 * @param groupSize how many leaves a unit has; planned units are the arm's networks divided by it
 * @param arm whose units they are
 * @param needs what must be measured for it
 * @param queries by part, SQL that gives the units: columns {@code unit text}, {@code value double precision}, for a variance
 *     {@code other double precision} as well, and {@code status text}, which is {@code ok} or why the unit does not count.
 *     {@code {study}} stands for the study's id
 * @param images by part, SQL that gives what stands behind the units image by image; absent where a number is of no images. Only
 *     the primary specification has them
 */
public record Specification(
        String name,
        @JsonInclude(NON_ABSENT) Optional<String> assumption,
        @JsonInclude(NON_ABSENT) Optional<String> value,
        boolean control,
        int groupSize,
        String arm,
        List<Need> needs,
        Map<String, String> queries,
        Map<String, String> images) {

    public Specification {
        needs = List.copyOf(needs);
        queries = Map.copyOf(queries);
        images = Map.copyOf(images);
    }

    /** One that varies an assumption, or none. */
    public Specification(
            String name,
            Optional<String> assumption,
            Optional<String> value,
            int groupSize,
            String arm,
            List<Need> needs,
            Map<String, String> queries,
            Map<String, String> images) {
        this(name, assumption, value, false, groupSize, arm, needs, queries, images);
    }

    /**
     * Metrics that must come out of a study, named as in {@code results.metrics}.
     *
     * @param arm name of the population
     * @param scheme {@code trained}, {@code hierarchical}, …
     * @param groupSize how many leaves the networks have
     * @param variant that of scheme and metric; any where absent
     * @param metric {@code accuracy}
     * @param space {@code pixel}; any where absent
     * @param at the point, a decimal; any where absent
     * @param split {@code test}; any where absent
     */
    public record Need(
            String arm,
            String scheme,
            int groupSize,
            @JsonInclude(NON_ABSENT) Optional<String> variant,
            String metric,
            @JsonInclude(NON_ABSENT) Optional<String> space,
            @JsonInclude(NON_ABSENT) Optional<String> at,
            @JsonInclude(NON_ABSENT) Optional<String> split) {}
}

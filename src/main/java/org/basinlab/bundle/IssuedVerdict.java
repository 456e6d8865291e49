package org.basinlab.bundle;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.Optional;

/**
 * What is read of a verdict in a bundle. Bundles outlive the program that wrote them: what this one does not know is passed over.
 *
 * @param version of the study's plan
 * @param exploratory why it is; empty where it is not
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record IssuedVerdict(int version, Optional<String> exploratory, Claimed claim, Concluded conclusion) {

    /** The claim, as {@link org.basinlab.study.Claim} has it. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Claimed(String id, Paper paper, String wording, String reported, String unit, Optional<Rule> decision) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Paper(String id) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Rule(List<Scale> parts) {}

    /** @param scale what the part's number is measured in */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Scale(String name, String scale) {}

    /** As {@link org.basinlab.workflow.Conclusion} has it. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Concluded(String outcome, Optional<String> assumption, List<Part> parts) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Part(
            String name,
            Optional<Double> estimate,
            Optional<Double> low,
            Optional<Double> high,
            int n,
            String sql,
            String digest) {}
}

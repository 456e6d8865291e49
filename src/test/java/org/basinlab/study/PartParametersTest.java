package org.basinlab.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One text of a query for several parts that differ in a value. */
class PartParametersTest {

    private static final String CLAIM = """
            paper: { id: "arXiv:1", version: v1, title: A paper, authors: Somebody }
            claims:
              X1:
                source: paper
                place: abstract
                wording: More is more.
                estimand: a difference
                unit: a group
                reported: not reported
                confounds: [ "chance" ]
                controls: []
                decision:
                  parts:
                    low: { type: equivalence, margin: 0.01, scale: accuracy, parameters: { at: 0.004 } }
                    high: { type: equivalence, margin: 0.01, scale: accuracy, parameters: { %s: 0.016 } }
                groupSize: 2
                parameters: { arm: main, space: pixel }
                needs: [ { scheme: hierarchical, groupSize: 2, metric: accuracy } ]
                queries:
                  low: &text SELECT {space} WHERE id = {study} AND at = {at} AND arm = {arm}
                  high: *text
                specifications:
                  normalised: { assumption: space, value: normalised, parameters: { space: normalised } }
            """;

    private static List<Map<String, String>> queries(String name) {
        return ClaimRegister.read(Map.of("x.yaml", CLAIM.formatted(name))).get("X1").specifications().stream()
                .map(Specification::queries)
                .toList();
    }

    @Test
    void a_part_fills_its_own_values_into_a_shared_query_in_every_specification() {
        List<Map<String, String>> queries = queries("at");

        assertThat(queries.get(0))
                .containsEntry("low", "SELECT 'pixel' WHERE id = {study} AND at = 0.004 AND arm = 'main'")
                .containsEntry("high", "SELECT 'pixel' WHERE id = {study} AND at = 0.016 AND arm = 'main'");
        assertThat(queries.get(1))
                .containsEntry("high", "SELECT 'normalised' WHERE id = {study} AND at = 0.016 AND arm = 'main'");
    }

    @Test
    void a_value_of_a_part_must_be_new_and_used() {
        assertThatThrownBy(() -> queries("space"))
                .hasMessageContaining("parts.high.parameters.space must not stand among the parameters of the claim");
        assertThatThrownBy(() -> queries("other")).hasMessageContaining("{at}, which must be a parameter");
        assertThatThrownBy(() -> ClaimRegister.read(Map.of(
                        "x.yaml", CLAIM.formatted("at").replace("at: 0.016", "at: 0.016, more: 1"))))
                .hasMessageContaining("must be used: no query, need or group size has {more} in it");
    }
}

package org.basinlab.verdict;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.basinlab.ledger.ClaimQueryException;
import org.basinlab.ledger.UnitTable;
import org.basinlab.study.Specification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndependenceTest {

    /** Two trees of two leaves, what they are made of, and an arm that trained leaf a once more. */
    private static final Independence INDEPENDENCE = new Independence(Map.of(
            "main/1/0", Set.of("a"),
            "main/1/1", Set.of("b"),
            "main/2/0", Set.of("a", "b"),
            "main/2/1", Set.of("c", "d"),
            "twin/1/0", Set.of("a")));

    private static final Specification PAIRS =
            new Specification("primary", Optional.empty(), Optional.empty(), 2, "main", List.of(), Map.of(), Map.of());

    private static UnitTable.Unit unit(String name, String status) {
        return new UnitTable.Unit(name, OptionalDouble.of(1), OptionalDouble.empty(), status);
    }

    private static void require(UnitTable.Unit... units) {
        INDEPENDENCE.require("claim X1", PAIRS, new UnitTable(List.of(units), "SELECT 1", "digest"));
    }

    private static void require(String... names) {
        require(Arrays.stream(names).map(name -> unit(name, "ok")).toArray(UnitTable.Unit[]::new));
    }

    @Test
    void disjoint_groups_are_units_whether_anything_of_them_came_out_or_not() {
        assertThatCode(() -> require(
                        unit("main/2/0", "ok"),
                        unit("main/2/1", "ok"),
                        unit("main/2/2", "failed"),
                        unit("main/2/3", "check-failed")))
                .doesNotThrowAnyException();
        assertThatCode(() -> require(unit("0", "ok"), unit("1", "ok"), unit("2", "failed")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "main/2/2", "main/8/1", "twin/2/1"})
    void a_group_of_which_nothing_is_known_is_no_unit_that_counts(String name) {
        assertThatExceptionOfType(ClaimQueryException.class)
                .isThrownBy(() -> require("main/2/0", name))
                .withMessage("claim X1: a unit must be a group of networks of this study, '%s' is none".formatted(name))
                .extracting(ClaimQueryException::fault)
                .isEqualTo(ClaimQueryException.Fault.ROWS);
    }

    @Test
    void a_tree_that_was_not_merged_to_its_end_is_made_of_the_merges_that_it_has() {
        assertThatCode(() -> require("main/4/0")).doesNotThrowAnyException();
        assertThatExceptionOfType(ClaimQueryException.class)
                .isThrownBy(() -> require("main/4/0", "main/2/1"))
                .withMessageContaining("main/4/0 and main/2/1 share the trained network");
    }

    @Test
    void a_network_and_the_merge_that_it_is_part_of_are_not_two_units() {
        assertThatExceptionOfType(ClaimQueryException.class)
                .isThrownBy(() -> require("main/1/0", "main/2/0"))
                .withMessage(
                        "claim X1: units must be disjoint groups of networks, main/1/0 and main/2/0 share the trained network a");
    }

    @Test
    void one_network_in_two_arms_is_not_two_units() {
        assertThatExceptionOfType(ClaimQueryException.class)
                .isThrownBy(() -> require("main/1/0", "twin/1/0"))
                .withMessageContaining("share the trained network a");
    }

    @Test
    void a_unit_that_is_named_by_a_number_is_a_group_of_the_specification() {
        assertThatExceptionOfType(ClaimQueryException.class)
                .isThrownBy(() -> require("0", "main/1/1"))
                .withMessageContaining("0 and main/1/1 share the trained network b");
    }

    @Test
    void a_unit_comes_once() {
        assertThatExceptionOfType(ClaimQueryException.class)
                .isThrownBy(() -> require("main/2/1", "main/2/1"))
                .withMessage("claim X1: every unit must come once, main/2/1 comes twice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "main", "main/2", "main/2/x", "a/b/2/3", "-1", "00", "main/2/01", "main/02/1", "main/0/1"})
    void what_names_no_group_is_no_unit(String name) {
        assertThatExceptionOfType(ClaimQueryException.class)
                .isThrownBy(() -> require(name))
                .withMessage("claim X1: a unit must be named arm/size/group, or by a number, was '%s'".formatted(name));
    }
}

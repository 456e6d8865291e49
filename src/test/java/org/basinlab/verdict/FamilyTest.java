package org.basinlab.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.basinlab.verdict.ClaimsForTests.claim;
import static org.basinlab.verdict.ClaimsForTests.direction;
import static org.basinlab.verdict.ClaimsForTests.measured;
import static org.basinlab.verdict.ClaimsForTests.one;
import static org.basinlab.verdict.ClaimsForTests.part;
import static org.basinlab.verdict.ClaimsForTests.specification;
import static org.basinlab.verdict.ClaimsForTests.table;
import static org.basinlab.verdict.ClaimsForTests.unit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinlab.ledger.ImageTerm;
import org.basinlab.ledger.UnitTable;
import org.basinlab.study.Claim;
import org.basinlab.study.Decision;
import org.basinlab.study.Decision.Sign;
import org.basinlab.study.Decision.Together;
import org.basinlab.study.Specification;
import org.basinlab.workflow.Conclusion;
import org.basinlab.workflow.Conclusion.Outcome;
import org.basinlab.workflow.Conclusion.Side;
import org.junit.jupiter.api.Test;

class FamilyTest {

    private static final double[] PATTERN = {-3, 2, -1, 3, 0, -2, 1, 2, -1, -1, 1, -1};

    private static final Claim LARGER = claim("H1", 12, one(direction(0.5)));

    /** Twelve units around a mean. */
    private static double[] around(double mean, double spread) {
        return Arrays.stream(PATTERN).map(v -> mean + spread * v).toArray();
    }

    private static UnitTable units(double mean, double spread) {
        return table(around(mean, spread));
    }

    private static Conclusion conclude(MeasuredClaim claim) {
        return Family.conclude(List.of(claim), Standing.JUDGED, 1).get(0);
    }

    private static Outcome outcome(Claim claim, UnitTable... tables) {
        return conclude(measured(claim, 12, tables)).outcome();
    }

    @Test
    void a_difference_beyond_the_margin_is_reproduced() {
        Conclusion conclusion = conclude(measured(LARGER, 12, units(1, 0.1)));

        assertThat(conclusion.outcome()).isEqualTo(Outcome.REPRODUCED);
        assertThat(conclusion.reason())
                .startsWith("gap +1.00 nats [+0.89")
                .endsWith(
                        "over 12 of 12 units, 12 on the claim's side; adjusted p 0.0005; 1 of 1 specifications agree");
        Conclusion.Part part = conclusion.parts().get(0);
        assertThat(part.estimate().orElseThrow()).isCloseTo(1, within(1e-12));
        assertThat(part.p()).contains(2 / 4096.0);
        assertThat(part.adjusted()).contains(2 / 4096.0);
        assertThat(part.againstAdjusted()).contains(1.0);
        assertThat(part.level()).isEqualTo(0.95);
        assertThat(part.exact()).isTrue();
        assertThat(conclusion.specifications())
                .singleElement()
                .extracting(Conclusion.Reading::side)
                .isEqualTo(Side.FOR);
    }

    @Test
    void a_difference_on_the_claims_side_may_be_smaller_than_the_margin() {
        Conclusion conclusion = conclude(measured(LARGER, 12, units(0.3, 0.05)));

        assertThat(conclusion.outcome()).isEqualTo(Outcome.SMALLER);
        assertThat(conclusion.reason()).contains("smaller than the margin of +0.500 nats");
    }

    @Test
    void a_difference_on_the_other_side_contradicts_whatever_its_size() {
        Conclusion conclusion = conclude(measured(LARGER, 12, units(-0.2, 0.05)));

        assertThat(conclusion.outcome()).isEqualTo(Outcome.CONTRADICTED);
        assertThat(conclusion.parts().get(0).adjusted()).contains(1.0);
        assertThat(conclusion.parts().get(0).againstAdjusted()).contains(2 / 4096.0);
    }

    @Test
    void a_claim_of_less_is_the_mirror_image() {
        Claim smaller = claim("H1", 12, one(part("gap", Decision.Type.DIRECTION, Sign.NEGATIVE, 0.5)));

        assertThat(outcome(smaller, units(-1, 0.1))).isEqualTo(Outcome.REPRODUCED);
        assertThat(outcome(smaller, units(1, 0.1))).isEqualTo(Outcome.CONTRADICTED);
    }

    @Test
    void noise_is_inconclusive_and_says_what_could_have_been_found() {
        Conclusion conclusion = conclude(measured(LARGER, 12, units(0.2, 0.5)));

        Conclusion.Part part = conclusion.parts().get(0);
        // sd of the pattern √(36/11); t of 11 degrees of freedom at 0.975 and 0.8.
        double expected = (2.20099 + 0.87553) * 0.5 * Math.sqrt(36 / 11.0) / Math.sqrt(12);
        assertThat(conclusion.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(part.detectable().orElseThrow()).isCloseTo(expected, within(1e-4));
        assertThat(conclusion.reason())
                .contains("; the smallest effect that would have been found (power 0.8) is +0.80");
    }

    @Test
    void equivalence_needs_the_interval_within_the_margin() {
        Claim equal = claim("H6", 12, one(part("gap", Decision.Type.EQUIVALENCE, Sign.NONE, 0.5)));

        assertThat(outcome(equal, units(0.1, 0.05))).isEqualTo(Outcome.REPRODUCED);
        assertThat(outcome(equal, units(-1, 0.1))).isEqualTo(Outcome.CONTRADICTED);
        assertThat(outcome(equal, units(0.4, 0.5))).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(outcome(equal, units(0, 2))).isEqualTo(Outcome.INCONCLUSIVE);
    }

    @Test
    void what_an_equivalence_could_have_found_is_the_far_end_of_its_interval() {
        Claim equal = claim("H6", 12, one(part("gap", Decision.Type.EQUIVALENCE, Sign.NONE, 0.5)));

        Conclusion.Part part =
                conclude(measured(equal, 12, units(-0.4, 0.5))).parts().get(0);

        assertThat(part.level()).isEqualTo(0.95);
        assertThat(part.detectable().orElseThrow()).isEqualTo(-part.low().orElseThrow());
        assertThat(conclude(measured(equal, 12, units(-0.4, 0.5))).reason())
                .contains("; the smallest margin that the interval fits in is +0.")
                .doesNotContain("effect");
    }

    @Test
    void where_one_side_of_an_equivalence_counts_an_interval_on_the_other_fits_in_no_margin_at_all() {
        Claim atMost = claim("H13", 12, one(part("gap", Decision.Type.EQUIVALENCE, Sign.NEGATIVE, 0.5)));

        Conclusion below = conclude(measured(atMost, 12, units(-3, 0.1)));
        Conclusion above = conclude(measured(atMost, 12, units(0.4, 0.5)));

        assertThat(below.parts().get(0).detectable().orElseThrow()).isZero();
        assertThat(above.parts().get(0).detectable())
                .isEqualTo(above.parts().get(0).high());
    }

    @Test
    void of_a_barrier_it_is_a_distance_from_the_margin() {
        Claim barrier = claim("H5", 12, one(part("gap", Decision.Type.BARRIER, Sign.POSITIVE, 0.5)));

        assertThat(conclude(measured(barrier, 12, units(0.5, 0.1))).reason())
                .contains("; the smallest distance from the margin that would have been found (power 0.8) is +0.16");
    }

    @Test
    void of_many_parts_the_least_and_the_largest_are_said() {
        List<Decision.Part> parts = new ArrayList<>();
        Map<String, UnitTable> tables = new HashMap<>();
        for (int i = 1; i <= 6; i++) {
            Decision.Type type = i == 6 ? Decision.Type.EQUIVALENCE : Decision.Type.DIRECTION;
            parts.add(part("part-" + i, type, i == 6 ? Sign.NONE : Sign.POSITIVE, 0.5));
            tables.put("part-" + i, units(0, i));
        }

        Conclusion conclusion = conclude(measured(claim("H14", 12, new Decision(Together.ALL, parts)), 12, tables));

        assertThat(conclusion.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(conclusion.reason())
                .contains(
                        "; the smallest effect that would have been found (power 0.8) is between +1.61 nats and +8.03 nats")
                .containsPattern("; the smallest margin that the interval fits in is \\+[0-9.]+ nats$");
    }

    @Test
    void a_barrier_is_held_against_its_margin() {
        Claim barrier = claim("H5", 12, one(part("gap", Decision.Type.BARRIER, Sign.POSITIVE, 0.5)));

        assertThat(outcome(barrier, units(1, 0.1))).isEqualTo(Outcome.REPRODUCED);
        assertThat(outcome(barrier, units(0.3, 0.05))).isEqualTo(Outcome.CONTRADICTED);
        assertThat(outcome(barrier, units(0.5, 0.1))).isEqualTo(Outcome.INCONCLUSIVE);
    }

    @Test
    void a_variance_is_decided_by_the_ratio_of_two_series() {
        Claim varies = claim("H3", 12, one(part("gap", Decision.Type.VARIANCE, Sign.NEGATIVE, Math.log(1.1))));
        double[] narrow = around(3, 0.1);
        double[] wide = around(5, 1);

        Conclusion conclusion = conclude(measured(varies, 12, ClaimsForTests.pairs(narrow, wide)));

        assertThat(conclusion.outcome()).isEqualTo(Outcome.REPRODUCED);
        assertThat(conclusion.parts().get(0).estimate().orElseThrow()).isCloseTo(-2 * Math.log(10), within(1e-9));
        assertThat(outcome(varies, ClaimsForTests.pairs(wide, narrow))).isEqualTo(Outcome.CONTRADICTED);
        assertThat(outcome(varies, ClaimsForTests.pairs(wide, wide))).isEqualTo(Outcome.INCONCLUSIVE);
    }

    private static Decision two(Together together) {
        return new Decision(
                together,
                List.of(
                        part("low", Decision.Type.DIRECTION, Sign.NEGATIVE, 0),
                        part("high", Decision.Type.DIRECTION, Sign.POSITIVE, 0)));
    }

    private static Outcome outcome(Together together, double low, double high) {
        Claim claim = claim("H7", 12, two(together));
        return conclude(measured(claim, 12, Map.of("low", units(low, 0.1), "high", units(high, 0.1))))
                .outcome();
    }

    @Test
    void all_parts_must_hold_and_all_must_fail() {
        assertThat(outcome(Together.ALL, -1, 1)).isEqualTo(Outcome.REPRODUCED);
        assertThat(outcome(Together.ALL, 1, 1)).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(outcome(Together.ALL, 1, -1)).isEqualTo(Outcome.CONTRADICTED);
        assertThat(outcome(Together.ALL, -1, 0)).isEqualTo(Outcome.INCONCLUSIVE);
    }

    @Test
    void where_one_part_is_enough_one_that_fails_contradicts() {
        assertThat(outcome(Together.ANY_AGAINST, -1, 1)).isEqualTo(Outcome.REPRODUCED);
        assertThat(outcome(Together.ANY_AGAINST, 1, 1)).isEqualTo(Outcome.CONTRADICTED);
        assertThat(outcome(Together.ANY_AGAINST, -1, 0)).isEqualTo(Outcome.INCONCLUSIVE);
    }

    @Test
    void a_part_far_on_the_claims_side_does_not_lend_its_p_to_one_that_fails() {
        double[] barely = around(-0.38, 0.3);
        Claim claim = claim(
                "H14",
                12,
                new Decision(
                        Together.ANY_AGAINST,
                        List.of(
                                part("sure", Decision.Type.DIRECTION, Sign.POSITIVE, 0),
                                part("unsure", Decision.Type.DIRECTION, Sign.POSITIVE, 0))));

        Conclusion conclusion = conclude(measured(claim, 12, Map.of("sure", units(1, 0.01), "unsure", table(barely))));

        Conclusion.Part unsure = conclusion.parts().get(1);
        assertThat(unsure.high().orElseThrow()).isNegative();
        assertThat(unsure.against().orElseThrow()).isBetween(0.025, 0.05);
        assertThat(unsure.againstAdjusted().orElseThrow())
                .isBetween(
                        1.9 * unsure.against().orElseThrow(),
                        2.2 * unsure.against().orElseThrow());
        assertThat(conclusion.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    }

    @Test
    void one_of_many_parts_can_contradict_in_a_large_family_of_twelve_units() {
        List<Decision.Part> parts = new ArrayList<>();
        Map<String, UnitTable> tables = new HashMap<>();
        for (int i = 0; i < 18; i++) {
            parts.add(part("part-" + i, Decision.Type.DIRECTION, Sign.POSITIVE, 0));
            tables.put("part-" + i, units(i < 6 ? -1 : 1, 0.1));
        }
        List<MeasuredClaim> family = new ArrayList<>();
        family.add(measured(claim("H14", 12, new Decision(Together.ANY_AGAINST, parts)), 12, tables));
        for (int i = 0; i < 17; i++) {
            Decision other =
                    new Decision(Together.ALL, List.of(part("only", Decision.Type.DIRECTION, Sign.POSITIVE, 0)));
            family.add(measured(claim("X" + i, 12, other), 12, Map.of("only", units(1, 0.1))));
        }

        List<Conclusion> conclusions = Family.conclude(family, Standing.JUDGED, 1);

        assertThat(conclusions.get(0).outcome()).isEqualTo(Outcome.CONTRADICTED);
    }

    @Test
    void an_equivalence_with_a_side_is_broken_on_that_side_alone() {
        Decision atMost =
                new Decision(Together.ALL, List.of(part("only", Decision.Type.EQUIVALENCE, Sign.NEGATIVE, 0.5)));
        Claim claim = claim("H13", 12, atMost);

        assertThat(conclude(measured(claim, 12, Map.of("only", units(0, 0.1)))).outcome())
                .isEqualTo(Outcome.REPRODUCED);
        assertThat(conclude(measured(claim, 12, Map.of("only", units(-3, 0.1)))).outcome())
                .isEqualTo(Outcome.REPRODUCED);
        assertThat(conclude(measured(claim, 12, Map.of("only", units(3, 0.1)))).outcome())
                .isEqualTo(Outcome.CONTRADICTED);
    }

    @Test
    void a_crossing_holds_where_both_directions_do() {
        Claim claim = claim("H7", 12, two(Together.CROSSING));

        Conclusion conclusion = conclude(measured(claim, 12, Map.of("low", units(-1, 0.1), "high", units(1, 0.1))));

        assertThat(conclusion.outcome()).isEqualTo(Outcome.REPRODUCED);
        assertThat(conclusion.parts().get(0).p()).contains(2 / 4096.0);
        assertThat(outcome(Together.CROSSING, 1, -1)).isEqualTo(Outcome.CONTRADICTED);
        assertThat(outcome(Together.CROSSING, 1, 1)).isEqualTo(Outcome.INCONCLUSIVE);
    }

    @Test
    void p_is_adjusted_over_all_claims_that_are_listed_with_or_without_p() {
        Claim other = claim("H2", 24, one(direction(0.5)));
        MeasuredClaim first = measured(LARGER, 12, units(1, 0.1));
        MeasuredClaim small = measured(other, 12, units(1, 0.1));

        List<Conclusion> conclusions = Family.conclude(List.of(first, small), Standing.JUDGED, 1);

        assertThat(conclusions.get(0).parts().get(0).p()).contains(2 / 4096.0);
        assertThat(conclusions.get(0).parts().get(0).adjusted()).contains(4 / 4096.0);
        assertThat(conclusions.get(0).family()).isEqualTo(2);
        assertThat(conclusions.get(1).outcome()).isEqualTo(Outcome.PROVISIONAL);
    }

    @Test
    void a_listed_claim_can_take_a_verdict_from_another() {
        // Between 0.025 and 0.05 alone, twice that beside another claim.
        MeasuredClaim barely = measured(claim("H1", 12, one(direction(0))), 12, units(0.38, 0.3));
        MeasuredClaim none = measured(claim("H2", 12, one(direction(0))), 12, units(0, 1));

        assertThat(conclude(barely).outcome()).isEqualTo(Outcome.REPRODUCED);
        assertThat(Family.conclude(List.of(barely, none), Standing.JUDGED, 1)
                        .get(0)
                        .outcome())
                .isEqualTo(Outcome.INCONCLUSIVE);
    }

    @Test
    void the_order_of_claims_and_rows_changes_nothing() {
        List<UnitTable.Unit> reversed = new ArrayList<>(units(0.4, 0.3).units());
        java.util.Collections.reverse(reversed);
        MeasuredClaim first = measured(LARGER, 12, units(0.4, 0.3));
        MeasuredClaim turned = measured(LARGER, 12, table(reversed));
        MeasuredClaim second = measured(claim("H2", 12, one(direction(0))), 12, units(0.1, 0.2));

        List<Conclusion> one = Family.conclude(List.of(first, second), Standing.JUDGED, 1);
        List<Conclusion> other = Family.conclude(List.of(second, turned), Standing.JUDGED, 1);

        assertThat(other).containsExactly(one.get(1), one.get(0));
    }

    @Test
    void before_the_end_there_is_an_estimate_and_no_p() {
        MeasuredClaim claim = measured(LARGER, 12, table(1, 1.1, 0.9, 1));

        Conclusion conclusion =
                Family.conclude(List.of(claim), Standing.RUNNING, 1).get(0);

        Conclusion.Part part = conclusion.parts().get(0);
        assertThat(conclusion.outcome()).isEqualTo(Outcome.PROVISIONAL);
        assertThat(conclusion.reason()).startsWith("the study has not ended: gap +1.00 nats");
        assertThat(part.n()).isEqualTo(4);
        assertThat(part.excluded()).isEmpty();
        assertThat(part.low()).isPresent();
        assertThat(List.of(part.p(), part.adjusted(), part.against(), part.againstAdjusted(), part.detectable()))
                .containsOnly(Optional.empty());
    }

    @Test
    void of_a_study_that_is_over_missing_units_have_failed_and_nothing_is_tested() {
        MeasuredClaim claim = measured(LARGER, 12, table(1, 1.1, 0.9, 1));

        Conclusion conclusion = Family.conclude(
                        List.of(claim), new Standing(false, true, "the study was cancelled: "), 1)
                .get(0);

        assertThat(conclusion.outcome()).isEqualTo(Outcome.PROVISIONAL);
        assertThat(conclusion.reason())
                .startsWith("the study was cancelled: gap +1.00 nats")
                .contains("over 4 of 12 units (8 failed)");
        assertThat(conclusion.parts().get(0).excluded()).isEqualTo(Map.of("failed", 8));
        assertThat(conclusion.parts().get(0).p()).isEmpty();
    }

    @Test
    void groups_that_only_one_of_two_unequal_arms_has_are_no_units_that_failed() {
        List<UnitTable.Unit> units = new ArrayList<>(units(1, 0.1).units());
        for (int i = 12; i < 100; i++) {
            units.add(unit(i, 0, "failed"));
        }
        List<UnitTable.Unit> lessOne = new ArrayList<>(units);
        lessOne.set(3, unit(3, 1, "check-failed"));
        Claim ten = claim("H1", 10, one(direction(0.5)));

        Conclusion whole = conclude(measured(LARGER, 12, table(units)));
        Conclusion less = conclude(measured(ten, 12, table(lessOne)));

        assertThat(whole.outcome()).isEqualTo(Outcome.REPRODUCED);
        assertThat(whole.parts().get(0).excluded()).isEmpty();
        assertThat(whole.parts().get(0).n()).isEqualTo(12);
        assertThat(less.outcome()).isEqualTo(Outcome.REPRODUCED);
        assertThat(less.parts().get(0).excluded()).isEqualTo(Map.of("check-failed", 1));
    }

    private static MeasuredClaim failing(Claim claim, int planned) {
        List<MeasuredClaim.Measured> measured = new ArrayList<>();
        measured.add(MeasuredClaim.Measured.without(claim.primary().orElseThrow(), Optional.of("bit index 2 is bad")));
        return new MeasuredClaim(claim, planned, measured);
    }

    @Test
    void a_claim_that_cannot_be_computed_is_inconclusive_and_the_others_are_decided_beside_it() {
        MeasuredClaim other = measured(claim("H2", 12, one(direction(0.5))), 12, units(1, 0.1));

        List<Conclusion> conclusions = Family.conclude(List.of(failing(LARGER, 12), other), Standing.JUDGED, 1);

        assertThat(conclusions.get(0).outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(conclusions.get(0).reason())
                .isEqualTo("its numbers cannot be computed from what was measured: bit index 2 is bad");
        assertThat(conclusions.get(0).parts()).isEmpty();
        assertThat(conclusions.get(0).specifications().get(0).fault()).contains("bit index 2 is bad");
        assertThat(conclusions.get(1).outcome()).isEqualTo(Outcome.REPRODUCED);
        assertThat(conclusions.get(1).parts().get(0).adjusted()).contains(4 / 4096.0);
    }

    @Test
    void a_claim_that_cannot_be_computed_stays_provisional_where_nobody_judges_or_units_are_too_few() {
        Conclusion before = Family.conclude(List.of(failing(LARGER, 12)), Standing.RUNNING, 1)
                .get(0);

        assertThat(before.outcome()).isEqualTo(Outcome.PROVISIONAL);
        assertThat(before.reason()).startsWith("the study has not ended: its numbers cannot be computed");
        assertThat(conclude(failing(LARGER, 4)).outcome()).isEqualTo(Outcome.PROVISIONAL);
    }

    @Test
    void an_interval_over_images_that_says_something_else_is_left_out() {
        UnitTable units = units(1, 0.1);
        BitSet none = new BitSet();
        List<ImageTerm> images = units.units().stream()
                .map(unit ->
                        new ImageTerm(unit.name(), false, 1, false, 1, 1, 10, none, Optional.empty(), Optional.empty()))
                .toList();
        MeasuredClaim.Measured primary =
                new MeasuredClaim.Measured(LARGER.primary().orElseThrow(), Map.of("gap", units), Map.of("gap", images));

        Conclusion conclusion = conclude(new MeasuredClaim(LARGER, 12, List.of(primary)));

        assertThat(conclusion).isEqualTo(conclude(measured(LARGER, 12, units)));
    }

    @Test
    void a_study_that_is_planned_too_small_stays_provisional_for_ever() {
        Conclusion conclusion = conclude(measured(LARGER, 4, table(1, 1.1, 0.9, 1)));

        assertThat(conclusion.outcome()).isEqualTo(Outcome.PROVISIONAL);
        assertThat(conclusion.reason()).startsWith("needs 12 units, this study has 4: gap +1.00 nats");
        assertThat(conclusion.parts().get(0).p()).isEmpty();
    }

    @Test
    void units_that_do_not_count_are_counted_by_reason() {
        List<UnitTable.Unit> units = new ArrayList<>(table(around(1, 0.1)).units());
        units.add(unit(12, 1, "check-failed"));
        units.add(unit(13, Double.NaN, "ok"));
        units.add(unit(14, 9, "check-failed"));

        Conclusion conclusion = conclude(measured(LARGER, 16, table(units)));

        assertThat(conclusion.outcome()).isEqualTo(Outcome.REPRODUCED);
        assertThat(conclusion.parts().get(0).n()).isEqualTo(12);
        assertThat(conclusion.parts().get(0).excluded()).isEqualTo(Map.of("check-failed", 2, "nan", 1, "failed", 1));
        assertThat(conclusion.reason()).contains("over 12 of 16 units (2 check-failed, 1 failed, 1 nan)");
    }

    @Test
    void too_few_units_that_count_decide_nothing() {
        Conclusion conclusion = conclude(measured(LARGER, 12, table(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)));

        assertThat(conclusion.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(conclusion.reason())
                .startsWith("only 11 of 12 planned units count where at least 12 are needed")
                .endsWith("; the smallest effect that would have been found (power 0.8) is +0.00 nats");
        assertThat(conclusion.parts().get(0).p()).isEmpty();
        assertThat(conclusion.parts().get(0).detectable()).hasValue(0.0);
    }

    @Test
    void a_study_in_which_every_unit_failed_decides_nothing() {
        Conclusion conclusion = conclude(measured(LARGER, 12, table()));

        assertThat(conclusion.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(conclusion.parts().get(0).excluded()).isEqualTo(Map.of("failed", 12));
        assertThat(conclusion.parts().get(0).estimate()).isEmpty();
    }

    @Test
    void a_variance_of_nothing_has_no_ratio_and_decides_nothing() {
        Claim varies = claim("H3", 12, one(part("gap", Decision.Type.VARIANCE, Sign.NEGATIVE, 0)));

        Conclusion conclusion = conclude(measured(varies, 12, ClaimsForTests.pairs(new double[12], around(0, 1))));

        assertThat(conclusion.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(conclusion.reason()).contains("no finite estimate");
    }

    @Test
    void what_is_not_measured_awaits_something_or_cannot_be_tested_says_so() {
        List<Specification> primary = List.of(specification("primary", ""));
        Claim awaits = claim("G6", 12, Optional.empty(), List.of(), Optional.of("ImageNet"));
        Claim vague = claim("G0", 12, Optional.empty(), primary, Optional.empty());

        Conclusion waiting = conclude(new MeasuredClaim(awaits, 0, List.of()));

        assertThat(waiting.outcome()).isEqualTo(Outcome.NOT_RUN);
        assertThat(waiting.reason()).isEqualTo("ImageNet");
        assertThat(conclude(new MeasuredClaim(vague, 12, List.of())).outcome()).isEqualTo(Outcome.NOT_TESTABLE);
        assertThat(conclude(new MeasuredClaim(LARGER, 12, List.of())).outcome()).isEqualTo(Outcome.NOT_RUN);
    }

    private static Claim varied(String... assumptions) {
        Specification[] varied = new Specification[assumptions.length];
        for (int i = 0; i < varied.length; i++) {
            varied[i] = specification("s" + i, assumptions[i]);
        }
        return claim("H1", 12, one(direction(0.5)), varied);
    }

    @Test
    void four_of_five_specifications_carry_a_verdict_and_three_do_not() {
        Claim claim = varied("rounds", "rounds", "optimiser", "width");
        UnitTable with = units(1, 0.1);
        UnitTable against = units(-1, 0.1);

        assertThat(outcome(claim, with, with, with, with, against)).isEqualTo(Outcome.REPRODUCED);
        assertThat(outcome(claim, with, with, with, against, against)).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(outcome(claim, against, against, against, against, with)).isEqualTo(Outcome.CONTRADICTED);
    }

    @Test
    void one_assumption_that_explains_all_dissent_is_named() {
        Claim claim = varied("rounds", "rounds", "optimiser", "width");
        UnitTable with = units(1, 0.1);
        UnitTable between = units(0.2, 0.1);

        Conclusion conclusion = conclude(measured(claim, 12, with, between, units(-1, 0.1), with, with));

        assertThat(conclusion.outcome()).isEqualTo(Outcome.DEPENDS);
        assertThat(conclusion.assumption()).contains("rounds");
        assertThat(conclusion.reason())
                .startsWith(
                        "it holds by the primary specification, but only 3 of 5 specifications agree, and what differs"
                                + " varies rounds: gap");
        assertThat(conclusion.specifications())
                .extracting(Conclusion.Reading::side)
                .containsExactly(Side.FOR, Side.BETWEEN, Side.AGAINST, Side.FOR, Side.FOR);
    }

    @Test
    void a_contradiction_depends_in_the_same_way() {
        Claim claim = varied("rounds", "rounds", "optimiser", "width");
        UnitTable with = units(1, 0.1);
        UnitTable against = units(-1, 0.1);

        assertThat(outcome(claim, against, with, with, against, against)).isEqualTo(Outcome.DEPENDS);
    }

    @Test
    void specifications_that_are_not_measured_do_not_agree_and_explain_nothing() {
        Claim claim = varied("rounds", "rounds", "optimiser", "width");
        UnitTable with = units(1, 0.1);

        Conclusion conclusion = conclude(measured(claim, 12, with, with, with));

        assertThat(conclusion.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(conclusion.reason())
                .contains("only 3 of 5 specifications agree (2 not measured)")
                .contains("; the smallest effect that would have been found (power 0.8) is +0.16");
        assertThat(conclusion.specifications().get(4).side()).isEqualTo(Side.NOT_MEASURED);
        assertThat(outcome(claim, with, with, with, with)).isEqualTo(Outcome.REPRODUCED);
    }

    @Test
    void beside_unmeasured_ones_a_single_dissenter_names_its_assumption() {
        Claim claim = varied("rounds", "rounds", "optimiser", "width");
        UnitTable with = units(1, 0.1);

        assertThat(outcome(claim, with, with, units(-1, 0.1), with)).isEqualTo(Outcome.DEPENDS);
    }

    @Test
    void smaller_than_the_margin_is_agreed_with_by_any_size_on_the_claims_side() {
        Claim claim = varied("rounds", "optimiser");
        UnitTable small = units(0.3, 0.05);

        assertThat(outcome(claim, small, units(1, 0.1), units(0.1, 0.1))).isEqualTo(Outcome.SMALLER);
        assertThat(outcome(claim, small, small, units(-0.1, 0.1))).isEqualTo(Outcome.DEPENDS);
    }

    @Test
    void an_open_primary_specification_is_inconclusive_whatever_the_others_say() {
        Claim claim = varied("rounds", "optimiser", "width", "depth");
        UnitTable with = units(1, 0.1);

        assertThat(outcome(claim, units(0.2, 1), with, with, with, with)).isEqualTo(Outcome.INCONCLUSIVE);
    }

    @Test
    void two_units_of_one_name_are_refused() {
        MeasuredClaim claim = measured(LARGER, 12, table(List.of(unit(3, 1, "ok"), unit(3, 2, "ok"))));

        assertThatIllegalStateException()
                .isThrownBy(() -> conclude(claim))
                .withMessage("a unit must stand in a table once, main/4/003 stands there twice");
    }

    @Test
    void more_units_than_were_registered_are_refused() {
        MeasuredClaim claim = measured(LARGER, 12, table(new double[13]));

        assertThatIllegalStateException()
                .isThrownBy(() -> conclude(claim))
                .withMessage("claim H1 must have at most the 12 units that it registered, has 13");
    }

    @Test
    void nothing_of_nothing_is_concluded() {
        assertThat(Family.conclude(List.of(), Standing.JUDGED, 1)).isEmpty();
    }
}

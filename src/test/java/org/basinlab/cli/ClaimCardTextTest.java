package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.study.Claim;
import org.basinlab.study.Decision;
import org.basinlab.study.NormClaims;
import org.basinlab.verdict.ClaimCard;
import org.basinlab.verdict.ClaimLine;
import org.basinlab.workflow.Conclusion;
import org.basinlab.workflow.Conclusion.Estimate;
import org.basinlab.workflow.Conclusion.Reading;
import org.basinlab.workflow.Conclusion.Side;
import org.junit.jupiter.api.Test;

class ClaimCardTextTest {

    private static final Claim CLAIM = NormClaims.norms("T1", 12, Decision.Sign.NEGATIVE);
    private static final UUID STUDY = new UUID(0x5f3a12bc00000000L, 1);

    private static Conclusion conclusion(Conclusion.Outcome outcome, Optional<Double> p) {
        Conclusion.Part part = new Conclusion.Part(
                "norm",
                Optional.of(-0.25),
                Optional.of(-0.5),
                Optional.of(-0.125),
                0.95,
                Optional.of(-0.625),
                Optional.of(0.0625),
                10,
                Map.of("nan", 1, "failed", 1),
                p,
                p.map(one -> 3 * one),
                p.map(one -> 1.0),
                p.map(one -> 1.0),
                true,
                p.map(one -> 0.03),
                "SELECT unit\n  FROM somewhere",
                "ab".repeat(32));
        Optional<Estimate> estimate = Optional.of(new Estimate(-0.25, Optional.of(-0.5), Optional.of(-0.125)));
        return new Conclusion(
                "T1",
                outcome,
                Optional.empty(),
                "twelve words that nobody reads",
                List.of(part),
                3,
                List.of(
                        reading("primary", Optional.empty(), estimate, Side.FOR),
                        reading("unaligned", Optional.of("alignment"), estimate, Side.AGAINST),
                        reading("late", Optional.of("training"), Optional.empty(), Side.NOT_MEASURED)));
    }

    private static Reading reading(String name, Optional<String> assumption, Optional<Estimate> estimate, Side side) {
        Map<String, Estimate> estimates =
                estimate.map(one -> Map.of("norm", one)).orElse(Map.of());
        return new Reading(name, assumption, assumption.map(any -> "none"), estimates, 10, side);
    }

    private static ClaimCard card(Conclusion conclusion, List<String> errors, Optional<String> exploratory) {
        return new ClaimCard(
                CLAIM,
                CLAIM.digest(),
                true,
                List.of("holds when it does"),
                conclusion.outcome().label(),
                conclusion,
                Optional.of(new ClaimCard.MeasuredBy(
                        STUDY, "judged", "SUCCEEDED", 1, 12, exploratory, Optional.of(Instant.EPOCH))),
                errors,
                List.of());
    }

    private static String printed(ClaimCard card) {
        StringWriter text = new StringWriter();
        new ClaimCardText(card).print(new PrintWriter(text, true));
        return text.toString();
    }

    private static String table(boolean withStudy, ClaimLine... lines) {
        StringWriter text = new StringWriter();
        new ClaimTable(List.of(lines), withStudy).print(new PrintWriter(text, true));
        return text.toString();
    }

    private static ClaimLine line(Optional<String> exploratory, List<ClaimLine.Part> parts) {
        return new ClaimLine(
                "T1",
                "test:norms",
                "a very long wording of which nobody sees the end ".repeat(4),
                "a reported value that is long as well",
                "depends on optimiser",
                exploratory,
                "so it is",
                Optional.of(-0.25),
                Optional.of(-0.5),
                Optional.of(-0.125),
                11,
                Optional.of(0.01),
                12,
                parts,
                Optional.of(STUDY),
                Optional.of("judged"),
                Optional.empty());
    }

    private static ClaimLine.Part part(String name, double value) {
        return new ClaimLine.Part(
                name, "nats", Optional.of(value), Optional.of(-0.5), Optional.of(-0.125), 0.95, 11, Optional.empty());
    }

    @Test
    void a_card_shows_what_the_register_holds_and_what_came_out_in_a_hundred_columns() {
        String text = printed(
                card(conclusion(Conclusion.Outcome.REPRODUCED, Optional.of(0.0005)), List.of(), Optional.empty()));

        assertThat(text.lines())
                .allSatisfy(line -> assertThat(line.codePointCount(0, line.length()))
                        .as(line)
                        .isLessThanOrEqualTo(100));
        assertThat(text).startsWith("T1  REPRODUCED\n").contains("  SELECT unit\n    FROM somewhere");
        assertThat(text.replaceAll("\\s+", " "))
                .contains(
                        "−0.2500, 95 % interval over units [−0.5000, −0.1250]",
                        "drawn again as well [−0.6250, +0.0625]",
                        "10 units; excluded 1 (failed), 1 (nan)",
                        "for it 0.0005, adjusted 0.0015; against it 1.0000, adjusted 1.0000; Holm over 3 claims",
                        "0.0300 is the smallest effect",
                        "Specifications: 1 of 3 on the claim's side",
                        "an earlier, independent pilot",
                        "averaging alone makes norms smaller",
                        "what the study registered is shown",
                        "a replication");
        assertThat(text.lines().filter(line -> line.startsWith("+  primary"))).hasSize(1);
        assertThat(text.lines().filter(line -> line.startsWith("−  unaligned"))).hasSize(1);
        assertThat(text).doesNotContain("ERROR", "exploratory");
    }

    @Test
    void a_provisional_card_shows_no_p() {
        String text = printed(
                card(conclusion(Conclusion.Outcome.PROVISIONAL, Optional.empty()), List.of(), Optional.empty()));

        assertThat(text).startsWith("T1  PROVISIONAL\n").doesNotContain("adjusted 0", "for it", "smallest effect");
    }

    @Test
    void numbers_that_do_not_come_out_again_are_said_first() {
        String text = printed(card(
                conclusion(Conclusion.Outcome.REPRODUCED, Optional.of(0.5)),
                List.of("claim T1, part norm: other rows"),
                Optional.of("the specification says so")));

        assertThat(text.lines().skip(1).findFirst()).hasValue("ERROR       claim T1, part norm: other rows");
        assertThat(text).contains("exploratory the specification says so; it confirms nothing");
    }

    @Test
    void a_table_has_a_line_for_each_number_of_a_claim_and_fits_a_terminal() {
        String text = table(
                true,
                line(Optional.of("it was extended"), List.of(part("accuracy", -0.25), part("loss", 12345.678))),
                line(Optional.empty(), List.of()));

        assertThat(text.lines())
                .allSatisfy(line -> assertThat(line.codePointCount(0, line.length()))
                        .as(line)
                        .isLessThanOrEqualTo(120));
        assertThat(text)
                .startsWith("test:norms\n")
                .contains(
                        "accuracy −0.2500 [−0.5000, −0.1250]",
                        "loss +1.23e+04",
                        "11/12",
                        "depends on optimiser *",
                        "by 5f3a12bc  judged");
        assertThat(table(false, line(Optional.empty(), List.of()))).doesNotContain("5f3a12bc");
    }
}

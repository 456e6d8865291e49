package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
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
                        reading("late", Optional.of("training"), Optional.empty(), Side.NOT_MEASURED),
                        new Reading(
                                "naive",
                                Optional.of("before drawing again"),
                                Optional.of("at first, and after every epoch of the training that came before it"),
                                true,
                                Map.of("norm", estimate.orElseThrow()),
                                10,
                                Side.AGAINST,
                                Optional.empty())));
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
                List.of(),
                List.of());
    }

    private static String printed(ClaimCard card) {
        StringWriter text = new StringWriter();
        new ClaimCardText(card, false).print(new PrintWriter(text, true));
        return text.toString();
    }

    private static String table(boolean withStudy, ClaimLine... lines) {
        StringWriter text = new StringWriter();
        new ClaimTable(List.of(lines), withStudy).print(new PrintWriter(text, true));
        return text.toString();
    }

    @Test
    void what_cannot_be_read_is_an_error_in_its_line_and_below_the_table() {
        ClaimLine sound = line(Optional.empty(), List.of());
        ClaimLine faulty = new ClaimLine(
                "T2",
                sound.paper(),
                "(cannot be read)",
                "",
                "provisional",
                Optional.empty(),
                "no JSON",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                12,
                List.of(),
                sound.studyId(),
                sound.study(),
                Optional.empty(),
                Optional.of("the definition of claim T2 cannot be read: no JSON"),
                false);

        String text = table(false, sound, faulty);

        assertThat(text.lines()).anyMatch(line -> line.startsWith("T2") && line.contains("ERROR"));
        assertThat(text)
                .contains("ERROR  the definition of claim T2 cannot be read: no JSON")
                .contains("depends on optimiser");
    }

    @Test
    void a_card_whose_evidence_is_damaged_says_how_it_is_restored() {
        ClaimCard sound = manyParts(Map.of());
        List<String> damaged = List.of("ab".repeat(32), "cd".repeat(32), "ef".repeat(32), "01".repeat(32));
        ClaimCard stale = new ClaimCard(
                sound.claim(),
                sound.digest(),
                false,
                sound.rule(),
                sound.verdict(),
                sound.conclusion(),
                sound.study(),
                List.of(),
                damaged,
                List.of());

        String text = printed(stale);

        assertThat(text)
                .contains("STALE       a network of its evidence is damaged: checkpoint")
                .contains("basinlab checkpoint restore " + "ab".repeat(8))
                .contains("and 1 more: basinlab checkpoint verify --study " + STUDY)
                .doesNotContain("01".repeat(8));
        assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(ClaimCardText.WIDTH));
        assertThat(printed(sound)).doesNotContain("STALE");
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
                Optional.empty(),
                Optional.empty(),
                false);
    }

    private static ClaimLine.Part part(String name, double value) {
        return new ClaimLine.Part(
                name,
                "nats",
                Optional.of(value),
                Optional.of(-0.5),
                Optional.of(-0.125),
                0.95,
                Optional.empty(),
                Optional.empty(),
                11,
                Map.of(),
                Optional.empty());
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
                        "10 of 12 planned units; excluded 1 (failed), 1 (nan)",
                        "for the claim 0.0005, against it 1.0000, all sign-flips counted; adjusted: 0.0015 for,"
                                + " 1.0000 against, by Holm over the 3 claims",
                        "Part norm, in log ratio (0.0488 is 5 % more",
                        "0.0300 is the smallest effect",
                        "Specifications: 1 of 3 on the claim's side",
                        "before drawing again: at −0.2500 [−0.5000, −0.1250] 10 (control) first, and after every",
                        "(control): it answers a confound",
                        "an earlier, independent pilot",
                        "averaging alone makes norms smaller",
                        "what the study registered is shown",
                        "a replication");
        assertThat(text.lines().filter(line -> line.startsWith("+  primary"))).hasSize(1);
        assertThat(text.lines().filter(line -> line.startsWith("−  unaligned"))).hasSize(1);
        assertThat(text.lines().filter(line -> line.startsWith("   naive")))
                .singleElement()
                .satisfies(line -> assertThat(line).endsWith("(control)"));
        assertThat(text).doesNotContain("ERROR", "exploratory");
    }

    private static Conclusion.Part drawn(Conclusion.Part part) {
        return new Conclusion.Part(
                part.name(),
                part.estimate(),
                part.low(),
                part.high(),
                part.level(),
                part.imageLow(),
                part.imageHigh(),
                part.n(),
                part.excluded(),
                part.p(),
                part.adjusted(),
                part.against(),
                part.againstAdjusted(),
                false,
                part.detectable(),
                part.sql(),
                part.digest());
    }

    private static String words(Conclusion.Part... parts) {
        Conclusion one = conclusion(Conclusion.Outcome.REPRODUCED, Optional.of(0.0005));
        Conclusion conclusion = new Conclusion(
                one.claim(), one.outcome(), one.assumption(), one.reason(), List.of(parts), 3, one.specifications());
        return printed(card(conclusion, List.of(), Optional.empty())).replaceAll("\\s+", " ");
    }

    @Test
    void a_card_says_whether_all_sign_flips_were_counted() {
        Conclusion.Part exact = conclusion(Conclusion.Outcome.REPRODUCED, Optional.of(0.0005))
                .parts()
                .get(0);

        assertThat(words(exact)).contains("p of exact two-sided sign-flips over units; adjusted by Holm");
        assertThat(words(drawn(exact)))
                .contains("p of two-sided sign-flips over units, a million drawn by seed since all are too many")
                .doesNotContain("exact two-sided");
        assertThat(words(exact, drawn(exact)))
                .contains("all of them or, where they are too many to count, a million drawn by seed; adjusted");
    }

    @Test
    void a_specification_that_could_not_be_computed_says_why() {
        Conclusion one = conclusion(Conclusion.Outcome.REPRODUCED, Optional.of(0.0005));
        Reading failed = new Reading(
                "late",
                Optional.of("training"),
                Optional.of("late"),
                false,
                Map.of(),
                0,
                Side.NOT_MEASURED,
                Optional.of("bit index 2 out of valid range"));
        Conclusion conclusion = new Conclusion(
                one.claim(), one.outcome(), one.assumption(), one.reason(), one.parts(), 3, List.of(failed));

        assertThat(printed(card(conclusion, List.of(), Optional.empty())))
                .contains("\nNot computed: bit index 2 out of valid range\n");
    }

    @Test
    void a_provisional_card_shows_no_p() {
        String text = printed(
                card(conclusion(Conclusion.Outcome.PROVISIONAL, Optional.empty()), List.of(), Optional.empty()));

        assertThat(text)
                .startsWith("T1  PROVISIONAL\n")
                .doesNotContain("adjusted", "p           for the claim", "smallest effect");
    }

    @Test
    void numbers_that_do_not_come_out_again_are_said_first() {
        String text = printed(card(
                conclusion(Conclusion.Outcome.REPRODUCED, Optional.of(0.5)),
                List.of("claim T1, part norm: other rows"),
                Optional.of("the specification says so")));

        assertThat(text).startsWith("T1  REPRODUCED (exploratory)\n");
        assertThat(text.lines().skip(1).findFirst()).hasValue("ERROR       claim T1, part norm: other rows");
        assertThat(text).contains("exploratory the specification says so; it confirms nothing");
    }

    private static ClaimCard manyParts(Map<String, Integer> excludedOfTheFirst) {
        List<Decision.Part> decided = new ArrayList<>();
        List<Conclusion.Part> parts = new ArrayList<>();
        for (String name : List.of("fgsm", "pgd", "gaussian", "uniform", "deepfool")) {
            String scale = name.equals("deepfool") ? "log ratio of distances" : "accuracy";
            String full = name + "-weight-noise-normalised";
            decided.add(
                    name.equals("deepfool")
                            ? new Decision.Part(full, Decision.Type.EQUIVALENCE, Decision.Sign.NONE, 0.01, scale)
                            : new Decision.Part(full, Decision.Type.DIRECTION, Decision.Sign.POSITIVE, 0.01, scale));
            parts.add(new Conclusion.Part(
                    full,
                    Optional.of(-1234.5),
                    Optional.of(-2345.6),
                    Optional.of(0.000123),
                    0.95,
                    Optional.of(-3456.7),
                    Optional.of(0.000234),
                    11,
                    name.equals("fgsm") ? excludedOfTheFirst : Map.of(),
                    Optional.of(0.00001),
                    Optional.of(0.25),
                    Optional.of(0.00002),
                    Optional.of(0.5),
                    true,
                    Optional.of(0.03),
                    "SELECT everything",
                    "ab".repeat(32)));
        }
        Claim one = CLAIM;
        Claim claim = new Claim(
                one.id(),
                one.paper(),
                one.source(),
                one.place(),
                one.wording(),
                one.estimand(),
                one.unit(),
                one.reported(),
                one.minimum(),
                one.pilot(),
                one.confounds(),
                one.controls(),
                one.assumptions(),
                Optional.of(new Decision(Decision.Together.ALL, decided)),
                List.of(),
                Optional.empty());
        Map<String, Estimate> estimates = parts.stream()
                .collect(Collectors.toMap(
                        Conclusion.Part::name,
                        part -> new Estimate(
                                part.name().startsWith("f") ? 1 : -1, Optional.empty(), Optional.empty())));
        Conclusion conclusion = new Conclusion(
                "T1",
                Conclusion.Outcome.INCONCLUSIVE,
                Optional.empty(),
                "neither holds",
                parts,
                3,
                List.of(new Reading("primary", Optional.empty(), Optional.empty(), estimates, 11, Side.BETWEEN)));
        return new ClaimCard(
                claim,
                claim.digest(),
                false,
                List.of(),
                "inconclusive",
                conclusion,
                Optional.of(new ClaimCard.MeasuredBy(
                        STUDY, "judged", "SUCCEEDED", 1, 12, Optional.empty(), Optional.of(Instant.EPOCH))),
                List.of(),
                List.of(),
                List.of());
    }

    @Test
    void many_parts_are_tables_of_a_hundred_columns_and_their_sql_is_only_named() {
        String text = printed(manyParts(Map.of("failed", 1)));

        assertThat(text.lines())
                .allSatisfy(line -> assertThat(line.codePointCount(0, line.length()))
                        .as(line)
                        .isLessThanOrEqualTo(100));
        assertThat(text)
                .contains(
                        "4 parts, measured in accuracy (0.01 is one percentage point)",
                        "1 part, measured in log ratio of distances",
                        "Of each part, the smallest effect that would have been found (power 0.8): 0.0300.",
                        "Of each part, the smallest margin that the interval fits in: 0.0300.",
                        "excluded    1 (failed) in fgsm-weight-noise-normalised",
                        "1 of 5 parts above 0",
                        "SQL of 5 parts: claims T1 --sql")
                .doesNotContain("SELECT everything", "Part fgsm");
        assertThat(text.lines().filter(line -> line.startsWith("fgsm-")))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("−1.23e+03", "−2.35e+03, +1.23e-04", "−3.46e+03, +2.34e-04", " 11 ", "< 0.0001"));
        assertThat(text.lines().filter(line -> line.startsWith("pgd-"))).hasSize(1);
        assertThat(printed(manyParts(Map.of()))).contains("units that count, of 12 planned units; none excluded");
    }

    @Test
    void the_sql_of_many_parts_is_printed_where_it_is_asked_for() {
        StringWriter text = new StringWriter();

        new ClaimCardText(manyParts(Map.of()), true).print(new PrintWriter(text, true));

        assertThat(text.toString().lines().filter(line -> line.equals("  SELECT everything")))
                .hasSize(5);
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

    @Test
    void a_claim_of_many_numbers_is_one_line_that_says_where_they_are() {
        List<ClaimLine.Part> parts = List.of(
                part("fgsm-a", 0.1), part("fgsm-b", 0.1), part("fgsm-c", 0.1), part("pgd-a", 0.1), part("pgd-b", 0.1));

        String text = table(true, line(Optional.of("it was extended"), parts));

        assertThat(text.lines().filter(line -> line.startsWith("T1")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("5 numbers: claims T1", "11/12", "optimiser *"));
        assertThat(text).doesNotContain("fgsm").contains("* exploratory: ", "confirms nothing");
        assertThat(table(true, line(Optional.empty(), parts))).doesNotContain("* exploratory");
    }
}

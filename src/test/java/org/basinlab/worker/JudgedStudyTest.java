package org.basinlab.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.basinlab.StoreForTests;
import org.basinlab.ledger.ClaimQueryException;
import org.basinlab.ledger.ClaimReading;
import org.basinlab.ledger.Completions;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.ledger.Submissions;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Progress;
import org.basinlab.study.ClaimRegister;
import org.basinlab.study.NormClaims;
import org.basinlab.study.Specification;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.basinlab.verdict.ClaimCard;
import org.basinlab.verdict.ClaimLine;
import org.basinlab.verdict.Judging;
import org.basinlab.verdict.Verdicts;
import org.basinlab.workflow.Conclusion;
import org.basinlab.workflow.Planner;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A study of a dozen pairs that was really run, from its networks to its verdicts, and what people see of it. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JudgedStudyTest {

    private static final String SPECIFICATION = """
            study: judged
            seed: 1701
            dataset: { name: synthetic-shapes }
            network: { mlp: { hidden: [4] } }
            training:
              seeds: { from: 0, count: 24 }
              epochs: 1
              batch: 1000
              optimiser: { adam: { learningRate: 0.001 } }
            merge:
              - { scheme: hierarchical, stages: 1 }
              - { scheme: naive, groups: [2] }
            evaluate: { weight-norm: {} }
            claims: [T1, T2, T3]
            """;

    private static final TaskSpec.Judge MOODY = new TaskSpec.Judge(NormClaims.PAPER, List.of("T1", "T7"));

    @Inject
    LedgerFixture ledger;

    @Inject
    LocalRunner runner;

    @Inject
    Submissions submissions;

    @Inject
    Completions completions;

    @Inject
    DataShelf data;

    @Inject
    DataSource database;

    @Inject
    ClaimRegister register;

    private UUID study;
    private Map<String, ClaimLine> before = Map.of();

    @BeforeEach
    void run_the_study_to_its_end() {
        if (study != null) {
            return;
        }
        Study wanted = StudyFile.read(SPECIFICATION, "judged.yaml", register);
        study = submissions
                .submit(
                        wanted,
                        SPECIFICATION,
                        Planner.plan(wanted, register),
                        Map.of(
                                KnownDataset.SYNTHETIC_SHAPES,
                                data.facts(wanted.arms().get(0).dataset())),
                        Optional.empty())
                .id();
        UUID worker = ledger.worker();
        for (List<Lease> one = ledger.claim(worker, study, 1); !one.isEmpty(); one = ledger.claim(worker, study, 1)) {
            if (one.get(0).spec().kind() == TaskSpec.Kind.JUDGE) {
                before = lines();
            }
            TaskOutcome outcome = runner.run(one.get(0), Progress.UNWATCHED);
            completions.finish(one.get(0), outcome);
        }
    }

    private Verdicts verdicts() {
        return new Verdicts(register, Optional.of(database));
    }

    private Map<String, ClaimLine> lines() {
        return verdicts().lines(study).stream().collect(Collectors.toMap(ClaimLine::id, line -> line));
    }

    @Test
    void what_was_measured_decides_the_claims() {
        Map<String, ClaimLine> lines = lines();

        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
        assertThat(lines.keySet()).containsExactlyInAnyOrder("T1", "T2", "T3");
        assertThat(lines.get("T1").verdict()).isEqualTo("reproduced");
        assertThat(lines.get("T1").n()).isEqualTo(12);
        assertThat(lines.get("T1").high().orElseThrow()).isNegative();
        // All twelve lie on one side: 2 / 2^12, times the three claims of the family.
        assertThat(lines.get("T1").p()).hasValue(3 * 2.0 / 4096);
        assertThat(lines.get("T2").verdict()).isEqualTo("contradicted");
        assertThat(lines.get("T2").measured()).isEqualTo(lines.get("T1").measured());
        assertThat(lines.get("T1").exploratory()).isEmpty();
    }

    @Test
    void a_claim_that_needs_more_units_stays_provisional_and_shows_no_p() {
        ClaimLine small = lines().get("T3");

        assertThat(small.verdict()).isEqualTo("provisional");
        assertThat(small.p()).isEmpty();
        assertThat(small.measured()).isPresent();
        assertThat(small.reason()).contains("100").contains("12");
        assertThat(small.issuedAt()).isEmpty();
    }

    @Test
    void before_its_units_are_in_every_claim_is_provisional() {
        assertThat(before).hasSize(3);
        assertThat(before.values()).allSatisfy(line -> {
            assertThat(line.verdict()).isEqualTo("provisional");
            assertThat(line.p()).isEmpty();
        });
    }

    @Test
    void a_card_holds_the_claim_as_it_was_registered_and_its_numbers_come_out_again() {
        ClaimCard card = verdicts().card("T1", Optional.empty()).orElseThrow();

        assertThat(card.errors()).isEmpty();
        assertThat(card.reworded()).isFalse();
        assertThat(card.verdict()).isEqualTo("reproduced");
        assertThat(card.claim()).isEqualTo(register.get("T1"));
        assertThat(card.conclusion().specifications()).hasSize(2);
        assertThat(card.study().orElseThrow().id()).isEqualTo(study);
        assertThat(card.conclusion().parts().get(0).sql())
                .contains("'" + study + "'")
                .doesNotContain("{study}");
    }

    @Test
    void numbers_that_the_sql_does_not_give_any_more_are_an_error_on_the_card() {
        String number =
                "metric = 'weight-norm' AND task_id = (SELECT id FROM ledger.task WHERE study_id = ?1 AND kind = 'evaluate'"
                        + " AND scheme = 'hierarchical' AND group_id = 3)";
        ledger.change("UPDATE ledger.metric SET value = 2 * value WHERE " + number, study);

        List<String> errors =
                verdicts().card("T1", Optional.of(study)).orElseThrow().errors();
        ledger.change("UPDATE ledger.metric SET value = value / 2 WHERE " + number, study);

        assertThat(errors)
                .singleElement()
                .satisfies(error -> assertThat(error)
                        .startsWith("claim T1, part norm: its SQL must give the rows that the verdict was made of")
                        .contains(" then, ", " now"));
        assertThat(verdicts().card("T1", Optional.of(study)).orElseThrow().errors())
                .isEmpty();
    }

    @Test
    void sql_that_was_not_registered_is_an_error_on_the_card_whatever_rows_it_gives() {
        String change =
                "UPDATE ledger.verdict SET conclusion = jsonb_set(conclusion, CAST('{parts,0,sql}' AS text[]), to_jsonb(%s))"
                        + " WHERE study_id = ?1 AND claim = 'T1'";
        String sql = "jsonb_extract_path_text(conclusion, 'parts', '0', 'sql')";
        ledger.change("ALTER TABLE ledger.verdict DISABLE TRIGGER verdict_is_final");
        List<String> errors;
        try {
            ledger.change(change.formatted(sql + " || ' ORDER BY 1'"), study);
            errors = verdicts().card("T1", Optional.of(study)).orElseThrow().errors();
            ledger.change(change.formatted("replace(" + sql + ", ' ORDER BY 1', '')"), study);
        } finally {
            ledger.change("ALTER TABLE ledger.verdict ENABLE TRIGGER verdict_is_final");
        }

        assertThat(errors)
                .containsExactly(
                        "claim T1, part norm: the SQL of the verdict must be the one that the study registered, it is another");
        assertThat(verdicts().card("T1", Optional.of(study)).orElseThrow().errors())
                .isEmpty();
    }

    @Test
    void of_a_finished_study_that_is_too_small_units_that_failed_are_counted() {
        UUID small = ledger.submit(LedgerFixture.claiming(LedgerFixture.study(1706, 24, "all"), List.of("T3")));
        UUID worker = ledger.worker();
        boolean isBroken = false;
        for (List<Lease> one = ledger.claim(worker, small, 1); !one.isEmpty(); one = ledger.claim(worker, small, 1)) {
            Lease lease = one.get(0);
            if (lease.spec().kind() == TaskSpec.Kind.JUDGE) {
                completions.finish(lease, runner.run(lease, Progress.UNWATCHED));
            } else if (lease.spec().kind() == TaskSpec.Kind.MERGE && !isBroken) {
                isBroken = true;
                completions.finish(lease, new TaskOutcome.Rejected("broken"));
            } else {
                ledger.finish(lease);
            }
        }

        ClaimLine line = verdicts().lines(small).get(0);

        assertThat(ledger.state(small)).isEqualTo("FAILED");
        assertThat(line.verdict()).isEqualTo("provisional");
        assertThat(line.n()).isEqualTo(11);
        assertThat(line.parts().get(0).excluded()).isEqualTo(Map.of("failed", 1));
        assertThat(line.p()).isEmpty();
    }

    @Test
    void a_verdict_that_is_not_exploratory_goes_before_a_newer_one_that_is() {
        UUID again = submissions
                .submit(
                        StudyFile.read(SPECIFICATION, "judged.yaml", register),
                        SPECIFICATION,
                        Planner.plan(StudyFile.read(SPECIFICATION, "judged.yaml", register), register),
                        Map.of(
                                KnownDataset.SYNTHETIC_SHAPES,
                                data.facts(StudyFile.read(SPECIFICATION, "judged.yaml", register)
                                        .arms()
                                        .get(0)
                                        .dataset())),
                        Optional.empty())
                .id();
        Lease judge = ledger.claimOne(ledger.worker(), again);
        completions.finish(judge, runner.run(judge, Progress.UNWATCHED));

        ClaimCard card = verdicts().card("T1", Optional.empty()).orElseThrow();

        assertThat(judge.spec()).isEqualTo(new TaskSpec.Judge(NormClaims.PAPER, List.of("T1", "T2", "T3")));
        assertThat(card.study().orElseThrow().id()).isEqualTo(study);
        assertThat(card.others()).anySatisfy(other -> {
            assertThat(other.studyId()).hasValue(again);
            assertThat(other.exploratory()).hasValue("its numbers were there before it was registered");
        });
    }

    @Test
    void a_query_that_cannot_be_run_fails_its_judge_at_once_in_one_sentence() {
        UUID broken = ledger.submit(LedgerFixture.claiming(LedgerFixture.pair(1702), List.of("T1", "T4")));

        TaskOutcome outcome = runToItsEnd(broken);

        String why = "claim T4, specification primary, part norm: the query must give units, PostgreSQL said: relation"
                + " \"results.nowhere\" does not exist";
        assertThat(outcome).isEqualTo(new TaskOutcome.Rejected(why));
        assertThat(ledger.state(broken)).isEqualTo("FAILED");
        assertThat(verdicts().lines(broken)).extracting(ClaimLine::verdict).containsOnly("provisional");
        assertThat(verdicts().lines(broken).get(0).measured()).isPresent();
        assertThat(verdicts().lines(broken).get(1).reason()).isEqualTo(why);
    }

    @Test
    void a_judge_says_how_far_it_is_and_stops_when_it_is_told_to() {
        TaskSpec.Judge judge = new TaskSpec.Judge(NormClaims.PAPER, List.of("T1", "T2", "T3"));
        List<Double> said = new ArrayList<>();

        new Judging(database).conclude(study, judge, said::add);

        assertThat(said).hasSizeGreaterThanOrEqualTo(6).isSorted().allMatch(done -> done >= 0 && done < 1);
        assertThat(new TreeSet<>(said)).hasSizeGreaterThanOrEqualTo(5);
        for (double end : new double[] {0, 0.6}) {
            assertThatExceptionOfType(CancellationException.class)
                    .isThrownBy(() -> new Judging(database).conclude(study, judge, done -> {
                        if (done >= end) {
                            throw new CancellationException("the worker stops");
                        }
                    }));
        }
    }

    @Test
    void networks_that_two_arms_share_are_not_counted_twice() {
        UUID twins = ledger.submit(LedgerFixture.claiming(LedgerFixture.twins(1703), List.of("T6")));
        ledger.runOneByOne(twins);

        assertThatExceptionOfType(ClaimQueryException.class)
                .isThrownBy(() -> new Judging(database)
                        .conclude(twins, new TaskSpec.Judge(NormClaims.PAPER, List.of("T6")), Progress.UNWATCHED))
                .withMessageContaining(
                        "claim T6, specification primary, part norm: units must be disjoint groups of networks")
                .withMessageContaining("share the trained network");
    }

    @Test
    void once_the_program_is_mended_a_study_whose_judge_failed_gets_verdicts_that_are_not_exploratory() {
        Study wanted = LedgerFixture.claiming(LedgerFixture.study(1704, 24, "all"), List.of("T2"));
        UUID broken = ledger.findOrSubmit(wanted);
        ledger.change("ALTER VIEW results.metrics RENAME COLUMN status TO mislaid");
        TaskOutcome outcome;
        try {
            outcome = runToItsEnd(broken);
        } finally {
            ledger.change("ALTER VIEW results.metrics RENAME COLUMN mislaid TO status");
        }
        String failed = ledger.state(broken);
        String reason = verdicts().lines(broken).get(0).reason();

        UUID again = ledger.findOrSubmit(wanted);
        runToItsEnd(again);

        assertThat(outcome).isInstanceOf(TaskOutcome.Rejected.class);
        assertThat(failed).isEqualTo("FAILED");
        assertThat(reason)
                .startsWith("its judge failed: claim T2, specification primary, part norm: the query must give units, ")
                .contains("; run the study again; so far norm ");
        assertThat(again).isEqualTo(broken);
        assertThat(ledger.state(broken)).isEqualTo("SUCCEEDED");
        assertThat(verdicts().lines(broken)).singleElement().satisfies(line -> {
            assertThat(line.verdict()).isEqualTo("inconclusive");
            assertThat(line.exploratory()).isEmpty();
            assertThat(line.issuedAt()).isPresent();
        });
    }

    @Test
    void a_program_with_other_rules_than_were_registered_does_not_judge() {
        Study wanted = LedgerFixture.claiming(LedgerFixture.study(1707, 24, "all"), List.of("T2"));
        UUID later = ledger.findOrSubmit(wanted);
        registeredWithRules(later, "rules + 1");
        TaskOutcome outcome = runToItsEnd(later);
        registeredWithRules(later, "rules - 1");

        runToItsEnd(ledger.findOrSubmit(wanted));

        assertThat(outcome)
                .isEqualTo(new TaskOutcome.Rejected(
                        "study ledger-test was registered with rules 2, this program has 1: judge it with the version that"
                                + " registered it, or run it anew with --new"));
        assertThat(verdicts().lines(later)).singleElement().satisfies(line -> {
            assertThat(line.issuedAt()).isPresent();
            assertThat(line.exploratory()).isEmpty();
        });
    }

    private void registeredWithRules(UUID study, String rules) {
        ledger.change("ALTER TABLE ledger.study_claim DISABLE TRIGGER study_claim_is_final");
        ledger.change("UPDATE ledger.study_claim SET rules = %s WHERE study_id = ?1".formatted(rules), study);
        ledger.change("ALTER TABLE ledger.study_claim ENABLE TRIGGER study_claim_is_final");
    }

    /** Conclusions on T1 and T7 while the queries of T7 that are named so end with an error of this state. */
    private List<Conclusion> moody(UUID study, String query, String state) {
        return inMood(query, state, () -> new Judging(database).conclude(study, MOODY, Progress.UNWATCHED));
    }

    private <T> T inMood(String query, String state, Supplier<T> action) {
        ledger.change("""
                CREATE FUNCTION results.mood(what text) RETURNS double precision LANGUAGE plpgsql AS $$
                BEGIN
                    IF what = '%s' THEN
                        RAISE EXCEPTION 'bit index 2 out of valid range' USING ERRCODE = '%s';
                    END IF;
                    RETURN 0;
                END
                $$
                """.formatted(query, state));
        try {
            return action.get();
        } finally {
            ledger.change("DROP FUNCTION results.mood");
        }
    }

    /** Up to its judge. */
    private Lease runMoody(long seed) {
        UUID moody = ledger.submit(LedgerFixture.claiming(LedgerFixture.study(seed, 24, "all"), List.of("T1", "T7")));
        UUID worker = ledger.worker();
        Lease lease = ledger.claimOne(worker, moody);
        for (; lease.spec().kind() != TaskSpec.Kind.JUDGE; lease = ledger.claimOne(worker, moody)) {
            ledger.finish(lease);
        }
        return lease;
    }

    @Test
    void a_query_that_cannot_compute_takes_no_other_verdict_with_it() {
        UUID moody = runMoody(1708).studyId();

        List<Conclusion> sound = moody(moody, "none", "22003");
        List<Conclusion> primary = moody(moody, "primary", "22003");
        List<Conclusion> other = moody(moody, "again", "22003");
        List<Conclusion> images = moody(moody, "images", "42883");

        String why = "part norm: the query must give units, PostgreSQL said: bit index 2 out of valid range";
        assertThat(sound).extracting(Conclusion::outcome).allMatch(Conclusion.Outcome::isIssued);
        assertThat(primary.get(1).outcome()).isEqualTo(Conclusion.Outcome.INCONCLUSIVE);
        assertThat(primary.get(1).reason()).endsWith("claim T7, specification primary, " + why);
        assertThat(primary.get(1).parts()).isEmpty();
        Conclusion.Part beside = primary.get(0).parts().get(0);
        assertThat(beside.estimate()).isEqualTo(sound.get(0).parts().get(0).estimate());
        assertThat(beside.adjusted().orElseThrow())
                .isEqualTo(Math.min(1, 2 * sound.get(0).parts().get(0).p().orElseThrow()));
        assertThat(other.get(0)).isEqualTo(sound.get(0));
        assertThat(other.get(1).parts()).isEqualTo(sound.get(1).parts());
        assertThat(other.get(1).specifications().get(1).side()).isEqualTo(Conclusion.Side.NOT_MEASURED);
        assertThat(other.get(1).specifications().get(1).fault()).hasValue("claim T7, specification again, " + why);
        assertThat(sound.get(1).specifications().get(1).fault()).isEmpty();
        assertThat(images).isEqualTo(sound);
    }

    @Test
    void what_is_no_fault_of_a_claim_is_tried_again_and_what_is_ours_fails_the_judge() {
        Lease judge = runMoody(1709);
        UUID moody = judge.studyId();

        assertThatExceptionOfType(ClaimQueryException.class)
                .isThrownBy(() -> inMood("again", "57014", () -> runner.run(judge, Progress.UNWATCHED)))
                .withMessage(
                        "claim T7, specification again, part norm: the query must end within 5 minutes, it was stopped")
                .withNoCause();
        assertThatIllegalStateException()
                .isThrownBy(() -> moody(moody, "again", "40001"))
                .isNotInstanceOf(ClaimQueryException.class)
                .withMessageStartingWith("the store cannot be read: ");
        assertThat(inMood("again", "42883", () -> runner.run(judge, Progress.UNWATCHED)))
                .isInstanceOf(TaskOutcome.Rejected.class);
        completions.finish(judge, new TaskOutcome.Rejected("enough"));
    }

    @Test
    void answers_on_fewer_images_than_an_attack_are_not_what_a_specification_needs() {
        UUID few = ledger.submit(LedgerFixture.single(1710));
        ledger.runOneByOne(few);
        List<Specification.Need> needs = List.of(need("accuracy"), need("fgsm-accuracy"));
        String insert =
                "INSERT INTO ledger.metric (id, task_id, network_id, metric, variant, split, images, value, status)"
                        + " SELECT %d, task_id, network_id, '%s', '', 'test', 100, 0.5, 'ok' FROM ledger.metric WHERE metric = 'weight-norm'"
                        + " AND task_id IN (SELECT id FROM ledger.task WHERE study_id = ?1) LIMIT 1";
        ledger.change(insert.formatted(-1, "accuracy"), few);
        ledger.change(insert.formatted(-2, "fgsm-accuracy"), few);

        boolean enough = hasMeasured(few, needs);
        ledger.change("UPDATE ledger.metric SET images = 99 WHERE id = -1");
        boolean tooFew = hasMeasured(few, needs);

        assertThat(enough).isTrue();
        assertThat(tooFew).isFalse();
        assertThat(hasMeasured(few, needs.subList(0, 1))).isTrue();
    }

    private boolean hasMeasured(UUID study, List<Specification.Need> needs) {
        try (ClaimReading reading = ClaimReading.open(database, study)) {
            return reading.hasMeasured(needs);
        }
    }

    private static Specification.Need need(String metric) {
        return new Specification.Need(
                "main",
                "trained",
                1,
                Optional.empty(),
                metric,
                Optional.empty(),
                Optional.empty(),
                Optional.of("test"));
    }

    /** With made-up networks and numbers, and a judge that judges; returns what that says. */
    private TaskOutcome runToItsEnd(UUID study) {
        UUID worker = ledger.worker();
        Lease lease = ledger.claimOne(worker, study);
        for (; lease.spec().kind() != TaskSpec.Kind.JUDGE; lease = ledger.claimOne(worker, study)) {
            ledger.finish(lease);
        }
        TaskOutcome outcome = runner.run(lease, Progress.UNWATCHED);
        completions.finish(lease, outcome);
        return outcome;
    }
}

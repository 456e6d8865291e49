package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.StoreForTests;
import org.basinlab.study.NormClaims;
import org.basinlab.study.Study;
import org.basinlab.workflow.Conclusion;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Judges in the queue of a real PostgreSQL, and what they leave behind. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class JudgeQueueTest {

    @Inject
    LedgerFixture ledger;

    @Inject
    Completions completions;

    @Inject
    Settlement settlement;

    @Inject
    StudyControl control;

    @Inject
    DataSource database;

    private static Study judged(long seed) {
        return LedgerFixture.claiming(LedgerFixture.pair(seed), List.of("T1", "T3"));
    }

    private static Conclusion conclusion(String claim, Conclusion.Outcome outcome) {
        Conclusion.Part part = new Conclusion.Part(
                "norm",
                Optional.of(-0.25),
                Optional.of(-0.5),
                Optional.of(-0.125),
                0.95,
                Optional.empty(),
                Optional.empty(),
                12,
                Map.of("nan", 2, "failed", 1),
                Optional.of(0.01),
                Optional.of(0.02),
                Optional.of(1.0),
                Optional.of(1.0),
                true,
                Optional.of(0.1),
                "SELECT 1",
                "ab".repeat(32));
        return new Conclusion(claim, outcome, Optional.empty(), "so it is", List.of(part), 2, List.of());
    }

    static TaskOutcome concluded(Conclusion.Outcome first) {
        return new TaskOutcome.Concluded(
                List.of(conclusion("T1", first), conclusion("T3", Conclusion.Outcome.PROVISIONAL)));
    }

    /** Runs all but the judge, which is returned. */
    private Lease runToTheJudge(UUID study, UUID worker) {
        for (; ; ) {
            Lease lease = ledger.claimOne(worker, study);
            if (lease.spec().kind() == TaskSpec.Kind.JUDGE) {
                return lease;
            }
            ledger.finish(lease);
        }
    }

    private String outcomes(UUID study) {
        return ledger.ask("""
                SELECT string_agg(claim || ' ' || outcome, ', ' ORDER BY claim)
                  FROM results.verdicts
                 WHERE study_id = ?1
                """, String.class, study);
    }

    @Test
    void a_judge_waits_for_everything_else_of_its_study() {
        UUID study = ledger.submit(judged(2101));
        UUID worker = ledger.worker();
        List<TaskSpec.Kind> order = new java.util.ArrayList<>();

        for (int task = 0; task < 6; task++) {
            List<Lease> ready = ledger.claim(worker, study, 10);
            assertThat(ready).extracting(lease -> lease.spec().kind()).doesNotContain(TaskSpec.Kind.JUDGE);
            ready.forEach(lease -> {
                ledger.finish(lease);
                order.add(lease.spec().kind());
            });
            task += ready.size() - 1;
        }
        Lease judge = ledger.claimOne(worker, study);

        assertThat(order).hasSize(6);
        assertThat(judge.spec()).isEqualTo(new TaskSpec.Judge(NormClaims.PAPER, List.of("T1", "T3")));
        assertThat(ledger.state(study)).isEqualTo("RUNNING");
        assertThat(completions.finish(judge, concluded(Conclusion.Outcome.REPRODUCED)))
                .isTrue();
        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
        assertThat(outcomes(study)).isEqualTo("T1 reproduced, T3 provisional");
    }

    @Test
    void a_failure_elsewhere_releases_the_judge_and_does_not_block_it() {
        UUID study = ledger.submit(judged(2102));
        UUID worker = ledger.worker();
        Lease first = ledger.claimOne(worker, study);
        completions.finish(first, new TaskOutcome.Rejected("it diverged"));

        Lease judge = runToTheJudge(study, worker);
        completions.finish(judge, concluded(Conclusion.Outcome.INCONCLUSIVE));

        assertThat(ledger.state(study)).isEqualTo("FAILED");
        assertThat(ledger.tasks(study, "BLOCKED")).isEqualTo(3);
        assertThat(ledger.ask(
                        "SELECT state FROM results.tasks WHERE study_id = ?1 AND kind = 'judge'", String.class, study))
                .isEqualTo("SUCCEEDED");
        assertThat(outcomes(study)).isEqualTo("T1 inconclusive, T3 provisional");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_retry_withdraws_the_judge_until_what_is_retried_has_ended(boolean judging) {
        UUID study = ledger.submit(judged(judging ? 2115 : 2116));
        UUID worker = ledger.worker();
        completions.finish(ledger.claimOne(worker, study), new TaskOutcome.Rejected("it diverged"));
        Lease judge = runToTheJudge(study, worker);
        if (!judging) {
            completions.release(judge);
        }

        control.retry(study, "test");
        List<Lease> again = ledger.claim(worker, study, 10);
        boolean early = completions.finish(judge, concluded(Conclusion.Outcome.INCONCLUSIVE));
        String before = outcomes(study);
        again.forEach(ledger::finish);
        completions.finish(runToTheJudge(study, worker), concluded(Conclusion.Outcome.REPRODUCED));

        assertThat(again).extracting(lease -> lease.spec().kind()).containsExactly(TaskSpec.Kind.TRAIN);
        assertThat(early).isFalse();
        assertThat(before).isEqualTo("T1 provisional, T3 provisional");
        assertThat(outcomes(study)).isEqualTo("T1 reproduced, T3 provisional");
        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
        assertThat(ledger.ask("SELECT outcome FROM ledger.attempt WHERE token = ?1", String.class, judge.token()))
                .isEqualTo("released");
    }

    @Test
    void a_judge_that_fails_fails_its_study_and_issues_nothing() {
        UUID study = ledger.submit(judged(2103));
        UUID worker = ledger.worker();

        completions.finish(runToTheJudge(study, worker), new TaskOutcome.Rejected("no such view"));

        assertThat(ledger.state(study)).isEqualTo("FAILED");
        assertThat(outcomes(study)).isEqualTo("T1 provisional, T3 provisional");
    }

    @Test
    void a_judge_that_failed_judges_again_when_the_same_study_is_wanted_and_confirms() {
        UUID study = ledger.findOrSubmit(judged(2112));
        UUID worker = ledger.worker();
        completions.finish(runToTheJudge(study, worker), new TaskOutcome.Rejected("no such view"));
        assertThat(ledger.claim(worker, study, 10)).isEmpty();

        UUID again = ledger.findOrSubmit(judged(2112));
        String state = ledger.state(study);
        Lease judge = ledger.claimOne(worker, study);
        completions.finish(judge, concluded(Conclusion.Outcome.REPRODUCED));

        assertThat(again).isEqualTo(study);
        assertThat(state).isEqualTo("RUNNING");
        assertThat(judge.spec().kind()).isEqualTo(TaskSpec.Kind.JUDGE);
        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
        assertThat(outcomes(study)).isEqualTo("T1 reproduced, T3 provisional");
        assertThat(exploratory(study)).isEqualTo("no");
        assertThat(ledger.ask(
                        "SELECT string_agg(outcome, ', ' ORDER BY number) FROM ledger.attempt WHERE task_id = ?1",
                        String.class,
                        judge.taskId()))
                .isEqualTo("failed, succeeded");
    }

    @Test
    void what_else_failed_stays_as_it_is_when_a_judge_judges_again() {
        UUID study = ledger.findOrSubmit(judged(2113));
        UUID worker = ledger.worker();
        completions.finish(ledger.claimOne(worker, study), new TaskOutcome.Rejected("it diverged"));
        completions.finish(runToTheJudge(study, worker), new TaskOutcome.Rejected("no such view"));

        ledger.findOrSubmit(judged(2113));

        assertThat(ledger.tasks(study, "READY")).isEqualTo(1);
        assertThat(ledger.tasks(study, "FAILED")).isEqualTo(1);
        assertThat(ledger.tasks(study, "BLOCKED")).isEqualTo(3);
        completions.finish(ledger.claimOne(worker, study), concluded(Conclusion.Outcome.INCONCLUSIVE));
        assertThat(ledger.state(study)).isEqualTo("FAILED");
        assertThat(outcomes(study)).isEqualTo("T1 inconclusive, T3 provisional");
    }

    @Test
    void a_study_that_has_its_verdicts_is_not_judged_again() {
        UUID study = ledger.findOrSubmit(judged(2114));
        UUID worker = ledger.worker();
        completions.finish(ledger.claimOne(worker, study), new TaskOutcome.Rejected("it diverged"));
        Lease judge = runToTheJudge(study, worker);
        completions.finish(judge, concluded(Conclusion.Outcome.INCONCLUSIVE));
        // No program of ours leaves a failed judge beside its verdicts.
        ledger.change("UPDATE ledger.task SET outcome = 'FAILED' WHERE id = ?1", judge.taskId());

        UUID again = ledger.findOrSubmit(judged(2114));

        assertThat(again).isEqualTo(study);
        assertThat(ledger.state(study)).isEqualTo("FAILED");
        assertThat(ledger.claim(worker, study, 10)).isEmpty();
        assertThat(outcomes(study)).isEqualTo("T1 inconclusive, T3 provisional");
    }

    @Test
    void a_study_whose_work_was_done_before_goes_straight_to_its_judge_which_is_not_reused() {
        UUID earlier = ledger.submit(judged(2104));
        UUID worker = ledger.worker();
        completions.finish(runToTheJudge(earlier, worker), concluded(Conclusion.Outcome.REPRODUCED));

        UUID study = ledger.submit(judged(2104));
        Lease judge = ledger.claimOne(worker, study);
        completions.finish(judge, concluded(Conclusion.Outcome.REPRODUCED));

        assertThat(judge.spec().kind()).isEqualTo(TaskSpec.Kind.JUDGE);
        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
        assertThat(exploratory(earlier)).isEqualTo("no");
        assertThat(exploratory(study)).isEqualTo("its numbers were there before it was registered");
    }

    @Test
    void a_study_that_says_that_it_looks_around_decides_nothing() {
        Study confirming = judged(2105);
        Study looking = new Study(
                confirming.name(),
                confirming.paper(),
                confirming.seed(),
                true,
                confirming.arms(),
                confirming.keep(),
                confirming.claims());
        UUID study = ledger.submit(looking);

        completions.finish(runToTheJudge(study, ledger.worker()), concluded(Conclusion.Outcome.REPRODUCED));

        assertThat(exploratory(study)).isEqualTo("the specification says so");
    }

    private String exploratory(UUID study) {
        return ledger.ask(
                "SELECT coalesce(max(exploratory), 'no') FROM results.verdicts WHERE study_id = ?1 AND claim = 'T1'",
                String.class,
                study);
    }

    @Test
    void a_study_that_was_left_behind_gets_its_judge() {
        UUID study = ledger.submit(judged(2106));
        UUID worker = ledger.worker();
        runToTheJudge(study, worker);
        ledger.change("""
                UPDATE ledger.task_queue
                   SET state = 'WAITING', missing = 1, worker_id = NULL, lease_until = NULL
                 WHERE study_id = ?1
                """, study);
        assertThat(ledger.claim(worker, study, 10)).isEmpty();

        settlement.settleStranded();

        assertThat(ledger.claimOne(worker, study).spec().kind()).isEqualTo(TaskSpec.Kind.JUDGE);
    }

    @Test
    void what_a_second_judge_says_changes_nothing() {
        UUID study = ledger.submit(judged(2107));
        UUID worker = ledger.worker();
        Lease judge = runToTheJudge(study, worker);
        completions.finish(judge, concluded(Conclusion.Outcome.REPRODUCED));
        ledger.change("""
                INSERT INTO ledger.task_queue (task_id, study_id, state, missing, queued_at, ordinal, run_at)
                VALUES (?1, ?2, 'READY', 0, now(), 0, now())
                """, judge.taskId(), study);
        ledger.change("UPDATE ledger.task SET outcome = NULL, finished_at = NULL WHERE id = ?1", judge.taskId());
        ledger.change("UPDATE ledger.study SET state = 'RUNNING' WHERE id = ?1", study);

        boolean accepted =
                completions.finish(ledger.claimOne(worker, study), concluded(Conclusion.Outcome.CONTRADICTED));

        assertThat(accepted).isTrue();
        assertThat(outcomes(study)).isEqualTo("T1 reproduced, T3 provisional");
    }

    @Test
    void a_verdict_is_one_row_a_number_with_everything_that_led_to_it() {
        UUID study = ledger.submit(judged(2108));

        completions.finish(runToTheJudge(study, ledger.worker()), concluded(Conclusion.Outcome.REPRODUCED));

        assertThat(ledger.ask("""
                SELECT concat_ws(' ', paper, part, estimate, low, high, n, planned, excluded, p, p_adjusted, sql, version, digest = (
                           SELECT digest FROM results.claims WHERE id = 'T1'))
                  FROM results.verdicts
                 WHERE study_id = ?1 AND claim = 'T1'
                """, String.class, study))
                .isEqualTo("test:norms norm -0.25 -0.5 -0.125 12 1 3 0.01 0.02 SELECT 1 1 t");
        assertThat(ledger.ask("""
                SELECT issued_at IS NULL AND part IS NULL AND p IS NULL AND planned = 1
                  FROM results.verdicts
                 WHERE study_id = ?1 AND claim = 'T3'
                """, Boolean.class, study)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE ledger.verdict SET outcome = 'reproduced'",
                "DELETE FROM ledger.verdict",
                "TRUNCATE ledger.verdict",
                "UPDATE ledger.claim SET definition = '{}'",
                "DELETE FROM ledger.claim",
                "TRUNCATE ledger.claim CASCADE",
                "UPDATE ledger.study_claim SET planned = 1",
                "DELETE FROM ledger.study_claim",
                "TRUNCATE ledger.study_claim CASCADE"
            })
    void what_was_registered_or_issued_cannot_be_changed_even_by_the_owner(String change) {
        assertThatThrownBy(() -> ledger.change(change)).hasStackTraceContaining("are never changed");
    }

    @Test
    void a_distance_that_is_null_is_refused_in_one_sentence() {
        String sql = """
                SELECT 'main/2/0' AS unit, false AS other, 0 AS term, false AS absolute, 1.0 AS sign, 1.0 AS weight,
                       2 AS images, B'10' AS correct, NULL::bit varying AS of, ARRAY[0.5, NULL]::real[] AS distances
                """;

        try (ClaimReading reading = ClaimReading.open(database, UUID.randomUUID())) {
            assertThatThrownBy(() -> reading.images("claim H8, its images", sql))
                    .isInstanceOf(ClaimQueryException.class)
                    .hasMessage("claim H8, its images: the query must give units, 2 images must each have a distance,"
                            + " that of image 1 is NULL (NaN says unknown)");
        }
    }
}

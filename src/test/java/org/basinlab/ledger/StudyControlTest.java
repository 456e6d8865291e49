package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.basinlab.StoreForTests;
import org.basinlab.ledger.ControlRefusedException.Why;
import org.basinlab.workflow.StudyState;
import org.basinlab.workflow.TaskOutcome;
import org.junit.jupiter.api.Test;

/** Steering studies in a real PostgreSQL. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class StudyControlTest {

    @Inject
    LedgerFixture ledger;

    @Inject
    StudyControl control;

    @Inject
    Completions completions;

    @Inject
    Claims claims;

    @Inject
    Workers workers;

    @Inject
    Statements statements;

    @Inject
    Signals signals;

    @Inject
    Fitness fitness;

    private String audit(UUID study) {
        return ledger.ask(
                "SELECT string_agg(action || ' by ' || actor, ', ' ORDER BY id) FROM ledger.audit WHERE study_id = ?1",
                String.class,
                study);
    }

    private long inQueue(UUID study) {
        return ledger.ask("SELECT count(*) FROM ledger.task_queue WHERE study_id = ?1", Long.class, study);
    }

    @Test
    void of_a_paused_study_nothing_starts_and_what_runs_ends() {
        UUID study = ledger.submit(LedgerFixture.pair(5001));
        UUID worker = ledger.worker();
        Lease running = ledger.claimOne(worker, study);

        Controlled paused = control.pause(study, "test");
        List<Lease> none = ledger.claim(worker, study, 10);
        boolean counts = ledger.finish(running);
        Controlled resumed = control.resume(study, "test");
        ledger.runAll(study);

        assertThat(paused).isEqualTo(new Controlled(study, StudyState.RUNNING, StudyState.PAUSED, 5));
        assertThat(none).isEmpty();
        assertThat(counts).isTrue();
        assertThat(resumed.after()).isEqualTo(StudyState.RUNNING);
        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
        assertThat(audit(study)).isEqualTo("study-paused by test, study-resumed by test");
    }

    @Test
    void a_study_that_was_paused_before_it_began_is_queued_again() {
        UUID study = ledger.submit(LedgerFixture.single(5002));

        control.pause(study, "test");
        Controlled resumed = control.resume(study, "test");

        assertThat(resumed).isEqualTo(new Controlled(study, StudyState.PAUSED, StudyState.QUEUED, 2));
    }

    @Test
    void what_changes_nothing_leaves_no_act() {
        UUID study = ledger.submit(LedgerFixture.single(5040));

        Controlled resumed = control.resume(study, "test");
        control.pause(study, "test");
        Controlled paused = control.pause(study, "test");

        assertThat(resumed).isEqualTo(new Controlled(study, StudyState.QUEUED, StudyState.QUEUED, 0));
        assertThat(paused).isEqualTo(new Controlled(study, StudyState.PAUSED, StudyState.PAUSED, 0));
        assertThat(audit(study)).isEqualTo("study-paused by test");
    }

    @Test
    void a_bound_that_is_taken_away_stands_in_the_audit_as_none() {
        UUID study = ledger.submit(LedgerFixture.single(5041));

        control.change(study, Optional.empty(), Optional.of(new StudyControl.Limit(Optional.of(3))), "test");
        control.change(study, Optional.empty(), Optional.of(new StudyControl.Limit(Optional.empty())), "test");

        assertThat(ledger.ask(
                        "SELECT string_agg((detail -> 'maxRunning')::text, ' ' ORDER BY id) FROM ledger.audit WHERE study_id = ?1",
                        String.class,
                        study))
                .isEqualTo("3 null");
    }

    @Test
    void a_paused_study_whose_last_task_ends_is_at_its_end() {
        UUID study = ledger.submit(LedgerFixture.single(5003));
        UUID worker = ledger.worker();
        ledger.finish(ledger.claimOne(worker, study));
        Lease last = ledger.claimOne(worker, study);

        control.pause(study, "test");
        ledger.finish(last);

        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
    }

    @Test
    void a_cancelled_study_leaves_the_queue_at_once_and_its_workers_learn_of_it() {
        UUID study = ledger.submit(LedgerFixture.pair(5004));
        UUID worker = ledger.worker();
        Lease running = ledger.claimOne(worker, study);

        Controlled cancelled = control.cancel(study, "test");
        Set<Long> alive = ledger.beat(worker, running, LedgerFixture.LEASE);
        boolean counts = ledger.finish(running);

        assertThat(cancelled).isEqualTo(new Controlled(study, StudyState.RUNNING, StudyState.CANCELLED, 6));
        assertThat(alive).isEmpty();
        assertThat(counts).isFalse();
        assertThat(inQueue(study)).isZero();
        assertThat(ledger.tasks(study, "CANCELLED")).isEqualTo(6);
        assertThat(ledger.ask("SELECT outcome FROM ledger.attempt WHERE token = ?1", String.class, running.token()))
                .isEqualTo("cancelled");
        assertThat(audit(study)).isEqualTo("study-cancelled by test, result-refused by engine");
    }

    @Test
    void cancelling_twice_changes_nothing() {
        UUID study = ledger.submit(LedgerFixture.single(5005));
        control.cancel(study, "test");

        Controlled again = control.cancel(study, "test");

        assertThat(again).isEqualTo(new Controlled(study, StudyState.CANCELLED, StudyState.CANCELLED, 0));
    }

    @Test
    void a_study_that_has_ended_cannot_be_steered() {
        UUID study = ledger.submit(LedgerFixture.single(5006));
        ledger.runAll(study);
        String ended = "a study that has ended cannot be %s, study " + study + " is SUCCEEDED";

        assertThatThrownBy(() -> control.cancel(study, "test")).hasMessage(ended, "cancelled");
        assertThatThrownBy(() -> control.pause(study, "test")).hasMessage(ended, "paused");
        assertThatThrownBy(() -> control.resume(study, "test")).hasMessage(ended, "resumed");
        assertThatThrownBy(() -> control.retry(study, "test"))
                .hasMessage("a study can be retried when something in it failed, in " + study + " nothing did")
                .isInstanceOfSatisfying(
                        ControlRefusedException.class, e -> assertThat(e.why()).isEqualTo(Why.STATE));
        assertThat(audit(study)).isNull();
    }

    @Test
    void what_is_not_there_cannot_be_steered() {
        UUID unknown = UUID.randomUUID();

        assertThatThrownBy(() -> control.cancel(unknown, "test"))
                .hasMessage("no study has the id " + unknown)
                .isInstanceOfSatisfying(
                        ControlRefusedException.class, e -> assertThat(e.why()).isEqualTo(Why.UNKNOWN));
        assertThatThrownBy(() -> control.retry(unknown, "test"))
                .hasMessage("no study and no task has the id " + unknown);
    }

    @Test
    void a_retry_runs_what_failed_and_what_that_blocked_with_attempts_that_go_on() {
        UUID study = ledger.submit(LedgerFixture.study(5007, 4, "all"));
        Lease bad = ledger.claimOne(ledger.worker(), study);
        completions.finish(bad, new TaskOutcome.Rejected("it diverged"));
        ledger.runAll(study);
        assertThat(ledger.state(study)).isEqualTo("FAILED");

        Controlled retried = control.retry(study, "test");
        List<Lease> again = ledger.runAll(study);

        assertThat(retried).isEqualTo(new Controlled(study, StudyState.FAILED, StudyState.RUNNING, 4));
        assertThat(again).hasSize(4);
        assertThat(again.get(0))
                .matches(lease -> lease.taskId().equals(bad.taskId()) && lease.attempt() == 2 && lease.failures() == 0);
        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
        assertThat(ledger.tasks(study, "SUCCEEDED")).isEqualTo(12);
        assertThat(ledger.ask("SELECT max(generation) FROM ledger.task WHERE study_id = ?1", Integer.class, study))
                .isEqualTo(2);
    }

    @Test
    void of_two_failed_tasks_one_can_be_retried_and_what_both_blocked_stays() {
        UUID study = ledger.submit(LedgerFixture.pair(5008));
        UUID worker = ledger.worker();
        List<Lease> leaves = ledger.claim(worker, study, 2);
        leaves.forEach(leaf -> completions.finish(leaf, new TaskOutcome.Rejected("it diverged")));

        Controlled retried = control.retry(leaves.get(0).taskId(), "test");
        ledger.runAll(study);

        assertThat(retried.tasks()).isEqualTo(2);
        assertThat(ledger.tasks(study, "SUCCEEDED")).isEqualTo(2);
        assertThat(ledger.tasks(study, "BLOCKED")).isEqualTo(3);
        assertThat(ledger.state(study)).isEqualTo("FAILED");
        assertThatThrownBy(() -> control.retry(leaves.get(0).taskId(), "test"))
                .hasMessageStartingWith("only a task that failed can be retried, task ")
                .hasMessageEndingWith(" is SUCCEEDED");
    }

    @Test
    void a_cancelled_study_is_not_retried() {
        UUID study = ledger.submit(LedgerFixture.single(5009));
        control.cancel(study, "test");

        assertThatThrownBy(() -> control.retry(study, "test"))
                .hasMessage("a cancelled study cannot be retried: run %s anew, finished work is used", study);
    }

    @Test
    void a_retry_is_refused_where_what_it_needs_was_given_up() {
        UUID study = ledger.submit(LedgerFixture.study(5010, 2, "leaves"));
        UUID worker = ledger.worker();
        for (List<Lease> some = ledger.claim(worker, study, 1);
                !some.isEmpty();
                some = ledger.claim(worker, study, 1)) {
            boolean ofTheMerge = some.get(0).attempt() == 1
                    && ledger.ask(
                                    "SELECT scheme || kind FROM ledger.task WHERE id = ?1",
                                    String.class,
                                    some.get(0).taskId())
                            .equals("hierarchicalevaluate");
            completions.finish(
                    some.get(0),
                    ofTheMerge ? new TaskOutcome.Rejected("it diverged") : LedgerFixture.success(some.get(0)));
        }

        assertThatThrownBy(() -> control.retry(study, "test"))
                .hasMessageContaining("was given up when its study ended (keep: leaves)");
        assertThat(ledger.state(study)).isEqualTo("FAILED");
        assertThat(ledger.tasks(study, "FAILED")).isEqualTo(1);
    }

    @Test
    void the_study_of_higher_priority_comes_first_and_of_equal_ones_that_in_fewer_hands() {
        UUID first = ledger.submit(LedgerFixture.unmerged(5011, 3));
        UUID second = ledger.submit(LedgerFixture.unmerged(5012, 3));
        UUID urgent = ledger.submit(LedgerFixture.unmerged(5013, 1));
        List.of(first, second).forEach(study -> control.change(study, Optional.of(99), Optional.empty(), "test"));
        control.change(urgent, Optional.of(100), Optional.empty(), "test");
        UUID worker = ledger.worker();

        List<UUID> order = new java.util.ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ClaimRequest any =
                    new ClaimRequest(worker, 1, LedgerFixture.LEASE, Optional.empty(), "cpu", Long.MAX_VALUE);
            order.add(claims.claim(any).leases().get(0).studyId());
        }
        List.of(first, second, urgent).forEach(study -> control.cancel(study, "test"));

        assertThat(order).containsExactly(urgent, first, second, first, second);
    }

    @Test
    void no_more_tasks_of_a_study_run_than_its_limit() {
        UUID study = ledger.submit(LedgerFixture.unmerged(5014, 6));
        UUID worker = ledger.worker();

        control.change(study, Optional.empty(), Optional.of(new StudyControl.Limit(Optional.of(2))), "test");
        List<Lease> two = ledger.claim(worker, study, 10);
        List<Lease> none = ledger.claim(worker, study, 10);
        ledger.finish(two.get(0));
        List<Lease> one = ledger.claim(worker, study, 10);
        control.change(study, Optional.empty(), Optional.of(new StudyControl.Limit(Optional.empty())), "test");
        List<Lease> rest = ledger.claim(worker, study, 10);

        assertThat(two).hasSize(2);
        assertThat(none).isEmpty();
        assertThat(one).hasSize(1);
        // The norm of the first leaf came before the fourth leaf.
        assertThat(rest).hasSize(4);
        assertThatThrownBy(() -> control.change(
                        study, Optional.empty(), Optional.of(new StudyControl.Limit(Optional.of(0))), "test"))
                .hasMessage("at least 1 task of a study must be allowed to run, was 0");
        assertThatThrownBy(() -> control.change(study, Optional.of(101), Optional.empty(), "test"))
                .hasMessage("a priority must lie in [-100, 100], was 101");
    }

    @Test
    void no_more_tasks_of_all_studies_run_than_the_limit_of_all() {
        UUID first = ledger.submit(LedgerFixture.unmerged(5018, 6));
        UUID second = ledger.submit(LedgerFixture.unmerged(5019, 6));
        UUID worker = ledger.worker();
        int running = ledger.ask(
                "SELECT CAST(count(*) AS integer) FROM ledger.task_queue WHERE state = 'LEASED'", Integer.class);
        Claims limited = new Claims(statements, signals, fitness, Optional.of(running + 2));

        List<Lease> two = claim(limited, worker, first);
        List<Lease> none = claim(limited, worker, second);
        ledger.finish(two.get(0));
        List<Lease> one = claim(limited, worker, second);

        assertThat(two).hasSize(2);
        assertThat(none).isEmpty();
        assertThat(one).hasSize(1);
    }

    private static List<Lease> claim(Claims limited, UUID worker, UUID study) {
        return QuarkusTransaction.requiringNew()
                .call(() -> limited.claim(new ClaimRequest(
                                worker, 10, LedgerFixture.LEASE, Optional.of(study), "cpu", Long.MAX_VALUE))
                        .leases());
    }

    private void getsTo(double progress, UUID study) {
        ledger.change(
                "UPDATE ledger.task_queue SET progress = ?1 WHERE study_id = ?2 AND state = 'LEASED'", progress, study);
    }

    @Test
    void what_got_further_each_time_that_its_worker_was_lost_is_no_suspect() {
        UUID study = ledger.submit(LedgerFixture.unmerged(5020, 2));
        for (int i = 1; i <= 3; i++) {
            ledger.claim(ledger.worker("preempted-" + i, i), study, 2);
            getsTo(0.25 * i, study);
            ledger.die("preempted-" + i);
        }

        List<Lease> together = ledger.claim(ledger.worker(), study, 2);

        assertThat(together).hasSize(2);
    }

    @Test
    void a_suspect_that_gets_further_than_before_lets_its_worker_take_more() {
        UUID study = ledger.submit(LedgerFixture.unmerged(5021, 2));
        for (int i = 1; i <= 2; i++) {
            ledger.claim(ledger.worker("suspected-" + i, i), study, 2);
            ledger.die("suspected-" + i);
        }
        UUID worker = ledger.worker();

        List<Lease> suspect = ledger.claim(worker, study, 2);
        List<Lease> beside = ledger.claim(worker, study, 2);
        getsTo(0.1, study);
        UUID other = ledger.submit(LedgerFixture.single(5022));
        List<Lease> more = ledger.claim(worker, other, 2);

        assertThat(suspect).hasSize(1);
        assertThat(beside).isEmpty();
        assertThat(more).hasSize(1);
    }

    @Test
    void a_suspect_for_which_no_worker_was_empty_is_taken_beside_others_after_a_while() {
        UUID study = ledger.submit(LedgerFixture.single(5023));
        for (int i = 1; i <= 2; i++) {
            ledger.claimOne(ledger.worker("starved-" + i, i), study);
            ledger.die("starved-" + i);
        }
        UUID busy = ledger.worker();
        ledger.claimOne(busy, ledger.submit(LedgerFixture.single(5024)));

        List<Lease> atOnce = ledger.claim(busy, study, 1);
        ledger.change(
                "UPDATE ledger.task_queue SET ready_at = clock_timestamp() - interval '6 minutes' WHERE study_id = ?1 AND state = 'READY'",
                study);
        List<Lease> later = ledger.claim(busy, study, 1);

        assertThat(atOnce).isEmpty();
        assertThat(later).hasSize(1);
    }

    @Test
    void a_failure_in_the_same_words_on_a_second_worker_is_final() {
        UUID study = ledger.submit(LedgerFixture.single(5015));

        completions.retry(ledger.claimOne(ledger.worker(), study), "out of range", Duration.ZERO);
        completions.retry(ledger.claimOne(ledger.worker(), study), "out of range", Duration.ZERO);

        assertThat(ledger.state(study)).isEqualTo("FAILED");
        assertThat(ledger.ask(
                        "SELECT reason FROM ledger.task WHERE study_id = ?1 AND outcome = 'FAILED'",
                        String.class,
                        study))
                .isEqualTo("failed in the same way on 2 workers: out of range");
        assertThat(ledger.tasks(study, "BLOCKED")).isEqualTo(1);
        assertThat(audit(study)).isEqualTo("task-parked by engine");
    }

    @Test
    void a_task_is_parked_after_its_third_failure_and_a_retry_frees_it() {
        UUID study = ledger.submit(LedgerFixture.single(5016));
        UUID worker = ledger.worker();
        for (int i = 1; i <= 3; i++) {
            completions.retry(ledger.claimOne(worker, study), "failure " + i, Duration.ZERO);
        }
        assertThat(ledger.tasks(study, "FAILED")).isEqualTo(1);

        control.retry(study, "test");
        ledger.runAll(study);

        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
    }

    @Test
    void what_takes_down_three_workers_alone_is_parked_and_what_ran_beside_it_is_not() {
        UUID study = ledger.submit(LedgerFixture.unmerged(5017, 3));
        for (int i = 0; i < 3; i++) {
            ledger.claim(ledger.worker("poisoned-" + i, i), study, 2);
            workers.takeBackFromDead("poisoned-" + i, process -> false);
        }
        assertThat(ledger.tasks(study, "READY")).isEqualTo(3);

        for (int i = 0; i < 3; i++) {
            List<Lease> suspect = ledger.claim(ledger.worker("alone-" + i, i), study, 2);
            assertThat(suspect).hasSize(1);
            workers.takeBackFromDead("alone-" + i, process -> false);
        }

        assertThat(ledger.tasks(study, "FAILED")).isEqualTo(1);
        assertThat(ledger.ask(
                        "SELECT reason FROM ledger.task WHERE study_id = ?1 AND outcome = 'FAILED'",
                        String.class,
                        study))
                .isEqualTo("parked after 3 workers were lost, one after another, each while it ran this task alone");
        ledger.runAll(study);
        assertThat(ledger.tasks(study, "SUCCEEDED")).isEqualTo(4);
    }

    @Test
    void what_is_lost_while_workers_die_of_something_else_is_not_parked() {
        UUID study = ledger.submit(LedgerFixture.single(5030));

        for (int i = 0; i < 3; i++) {
            UUID elsewhere = ledger.submit(LedgerFixture.single(5031 + i));
            ledger.claimOne(ledger.worker("killed-" + i, i), study);
            ledger.claimOne(ledger.worker("killed-elsewhere-" + i, i), elsewhere);
            ledger.die("killed-" + i);
            ledger.die("killed-elsewhere-" + i);
        }
        ledger.runAll(study);

        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
    }
}

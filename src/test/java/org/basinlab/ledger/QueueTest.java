package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.basinlab.StoreForTests;
import org.basinlab.study.Study;
import org.basinlab.workflow.Measurement;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;
import org.junit.jupiter.api.Test;

/** The life of tasks in a real PostgreSQL. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class QueueTest {

    @Inject
    LedgerFixture ledger;

    @Inject
    Completions completions;

    @Inject
    Claims claims;

    @Inject
    StudyControl control;

    @Inject
    Statements statements;

    @Inject
    Workers workers;

    @Test
    void a_task_is_ready_when_its_last_input_succeeds() {
        UUID study = ledger.submit(LedgerFixture.pair(11));
        UUID worker = ledger.worker();
        Lease first = ledger.claimOne(worker, study);
        Lease second = ledger.claimOne(worker, study);
        assertThat(List.of(first.spec().kind(), second.spec().kind())).containsOnly(TaskSpec.Kind.TRAIN);

        ledger.finish(first);
        List<Lease> afterOne = ledger.claim(worker, study, 10);
        ledger.finish(second);
        List<Lease> afterBoth = new ArrayList<>(ledger.claim(worker, study, 10));
        afterBoth.addAll(ledger.claim(worker, study, 10));

        assertThat(afterOne).extracting(lease -> lease.spec().kind()).containsExactly(TaskSpec.Kind.EVALUATE);
        assertThat(afterBoth)
                .extracting(lease -> lease.spec().kind())
                .containsExactlyInAnyOrder(TaskSpec.Kind.EVALUATE, TaskSpec.Kind.MERGE);
        assertThat(afterBoth)
                .filteredOn(lease -> lease.spec().kind() == TaskSpec.Kind.MERGE)
                .singleElement()
                .satisfies(merge -> assertThat(merge.inputs()).hasSize(2));
    }

    @Test
    void a_study_succeeds_with_its_last_task_and_leaves_the_queue_empty() {
        UUID study = ledger.submit(LedgerFixture.pair(12));
        assertThat(ledger.state(study)).isEqualTo("QUEUED");

        List<Lease> done = ledger.runAll(study);

        assertThat(done).hasSize(6);
        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
        assertThat(ledger.tasks(study, "SUCCEEDED")).isEqualTo(6);
        assertThat(ledger.ask("SELECT count(*) FROM ledger.task_queue WHERE study_id = ?1", Long.class, study))
                .isZero();
    }

    @Test
    void eight_workers_claiming_at_once_never_share_a_task() throws Exception {
        UUID study = ledger.submit(LedgerFixture.study(13, 64, "all"));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<List<Lease>>> all = new ArrayList<>();

        for (int i = 0; i < 8; i++) {
            UUID worker = ledger.worker();
            all.add(threads.submit(() -> {
                List<Lease> mine = new ArrayList<>();
                for (List<Lease> one = ledger.claim(worker, study, 1);
                        !one.isEmpty();
                        one = ledger.claim(worker, study, 1)) {
                    mine.addAll(one);
                }
                return mine;
            }));
        }
        List<UUID> taken = new ArrayList<>();
        for (Future<List<Lease>> one : all) {
            one.get().forEach(lease -> taken.add(lease.taskId()));
        }
        threads.shutdown();

        assertThat(taken).hasSize(64).doesNotHaveDuplicates();
    }

    @Test
    void eight_workers_finishing_at_once_lose_and_double_nothing() throws Exception {
        UUID study = ledger.submit(LedgerFixture.study(14, 32, "all"));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<Set<UUID>>> all = new ArrayList<>();

        for (int i = 0; i < 8; i++) {
            all.add(threads.submit(() -> {
                UUID worker = ledger.worker();
                Set<UUID> done = new HashSet<>();
                while (!ledger.state(study).equals("SUCCEEDED")) {
                    for (Lease lease : ledger.claim(worker, study, 1)) {
                        assertThat(ledger.finish(lease)).isTrue();
                        done.add(lease.taskId());
                    }
                }
                return done;
            }));
        }
        int finished = 0;
        for (Future<Set<UUID>> one : all) {
            finished += one.get().size();
        }
        threads.shutdown();

        int tasks = 32 + 16 + 48;
        assertThat(finished).isEqualTo(tasks);
        assertThat(ledger.ask("SELECT count(*) FROM results.networks WHERE study_id = ?1", Long.class, study))
                .isEqualTo(32 + 16);
        assertThat(ledger.ask("SELECT count(*) FROM results.metrics WHERE study_id = ?1", Long.class, study))
                .isEqualTo(48);
    }

    @Test
    void a_result_under_an_old_token_is_refused_and_leaves_no_trace() {
        UUID study = ledger.submit(LedgerFixture.pair(15));
        Lease old = ledger.claim(ledger.worker("a-host", 71), study, 1).get(0);
        workers.takeBackFromDead("a-host", process -> false);
        Lease newer = ledger.claimOne(ledger.worker(), study);
        assertThat(newer.taskId()).isEqualTo(old.taskId());

        boolean late = ledger.finish(old);
        boolean current = ledger.finish(newer);
        boolean twice = ledger.finish(newer);

        // Who did not hear the answer asks again, and hears the same.
        assertThat(List.of(late, current, twice)).containsExactly(false, true, true);
        assertThat(ledger.ask(
                        "SELECT count(*) FROM ledger.audit WHERE action = 'result-refused' AND token = ?1",
                        Long.class,
                        old.token()))
                .isEqualTo(1);
        assertThat(newer.token()).isGreaterThan(old.token());
        assertThat(ledger.ask("SELECT count(*) FROM ledger.network WHERE task_id = ?1", Long.class, old.taskId()))
                .isEqualTo(1);
    }

    @Test
    void what_a_dead_process_held_is_ready_at_once_and_charged_to_nobody() {
        UUID study = ledger.submit(LedgerFixture.pair(16));
        ledger.claim(ledger.worker("dead-host", 4711), study, 2);
        ledger.worker("dead-host", 4712);

        int taken = workers.takeBackFromDead("dead-host", process -> process.pid() != 4711);

        assertThat(taken).isEqualTo(2);
        assertThat(ledger.tasks(study, "READY")).isEqualTo(2);
        assertThat(ledger.claim(ledger.worker(), study, 2))
                .extracting(Lease::failures)
                .containsOnly(0);
        assertThat(ledger.ask(
                        "SELECT count(*) FROM ledger.worker WHERE machine = 'dead-host' AND stopped_at IS NULL",
                        Long.class))
                .isEqualTo(1);
    }

    @Test
    void a_lease_that_ran_out_returns_its_task() {
        UUID study = ledger.submit(LedgerFixture.pair(17));
        Lease lease = ledger.claimOne(ledger.worker(), study);
        ledger.change(
                "UPDATE ledger.task_queue SET lease_until = clock_timestamp() - interval '1 second' WHERE task_id = ?1",
                lease.taskId());

        workers.takeBackExpired(Duration.ZERO);

        assertThat(ledger.tasks(study, "READY")).isEqualTo(2);
        assertThat(ledger.ask("SELECT outcome FROM ledger.attempt WHERE token = ?1", String.class, lease.token()))
                .isEqualTo("lost");
    }

    @Test
    void a_heartbeat_that_comes_late_takes_the_task_up_again_unless_another_has_it() {
        UUID study = ledger.submit(LedgerFixture.single(28));
        UUID slow = ledger.worker("slow-machine", 1);
        Lease lease = ledger.claim(slow, study, 1).get(0);
        workers.takeBackFromDead("slow-machine", process -> false);

        Set<Long> mine = ledger.beat(slow, lease, LedgerFixture.LEASE);
        workers.takeBackFromDead("slow-machine", process -> false);
        ledger.change(
                "UPDATE ledger.task_queue SET state = 'READY', worker_id = NULL, lease_until = NULL WHERE study_id = ?1 AND state = 'LEASED'",
                study);
        ledger.claimOne(ledger.worker(), study);
        Set<Long> lost = ledger.beat(slow, lease, LedgerFixture.LEASE);

        assertThat(mine).containsExactly(lease.token());
        assertThat(lost).isEmpty();
    }

    @Test
    void a_study_whose_tasks_another_study_finished_is_at_its_end_too() {
        UUID first = ledger.submit(LedgerFixture.pair(29));
        UUID second = ledger.submit(LedgerFixture.pair(29));

        ledger.runOneByOne(first);

        assertThat(ledger.state(first)).isEqualTo("SUCCEEDED");
        assertThat(ledger.state(second)).isEqualTo("SUCCEEDED");
        assertThat(ledger.ask("SELECT count(reused_from) FROM results.tasks WHERE study_id = ?1", Long.class, second))
                .isEqualTo(6);
    }

    @Test
    void studies_that_name_the_same_new_data_at_once_are_all_accepted() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<UUID>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            long seed = 300L + i;
            all.add(threads.submit(() -> ledger.submitOnNewData(LedgerFixture.pair(seed), "cd".repeat(32))));
        }

        Set<UUID> ids = new HashSet<>();
        for (Future<UUID> one : all) {
            ids.add(one.get());
        }
        threads.shutdown();

        assertThat(ids).hasSize(4);
    }

    @Test
    void a_large_study_that_was_run_before_is_linked_as_a_whole() {
        Study study = LedgerFixture.unmerged(30, 300);
        ledger.runAll(ledger.submit(study));

        UUID second = ledger.submit(study);

        assertThat(ledger.state(second)).isEqualTo("SUCCEEDED");
        assertThat(ledger.ask("SELECT count(reused_from) FROM results.tasks WHERE study_id = ?1", Long.class, second))
                .isEqualTo(600);
    }

    @Test
    void a_late_result_counts_while_nobody_else_has_taken_the_task() {
        UUID study = ledger.submit(LedgerFixture.single(25));
        Lease lease = ledger.claim(ledger.worker("slow-host", 1), study, 1).get(0);
        workers.takeBackFromDead("slow-host", process -> false);

        boolean accepted = ledger.finish(lease);

        assertThat(accepted).isTrue();
        assertThat(ledger.tasks(study, "SUCCEEDED")).isEqualTo(1);
        assertThat(ledger.ask("SELECT outcome FROM ledger.attempt WHERE token = ?1", String.class, lease.token()))
                .isEqualTo("succeeded");
    }

    @Test
    void no_lease_runs_out_while_the_database_was_away() {
        UUID study = ledger.submit(LedgerFixture.pair(18));
        Lease lease = ledger.claimOne(ledger.worker(), study);
        ledger.change(
                "UPDATE ledger.task_queue SET lease_until = clock_timestamp() - interval '1 second' WHERE task_id = ?1",
                lease.taskId());

        // The database of a test has been up for less than a day.
        workers.takeBackExpired(Duration.ofDays(1));

        assertThat(ledger.tasks(study, "LEASED")).isEqualTo(1);
    }

    @Test
    void a_heartbeat_puts_the_deadline_off() {
        UUID study = ledger.submit(LedgerFixture.pair(19));
        UUID worker = ledger.worker();
        Lease lease = ledger.claimOne(worker, study);

        Set<Long> alive = ledger.beat(worker, lease, Duration.ofHours(2));

        assertThat(alive).containsExactly(lease.token());
        assertThat(ledger.ask(
                        "SELECT lease_until > clock_timestamp() + interval '1 hour' FROM ledger.task_queue WHERE task_id = ?1",
                        Boolean.class,
                        lease.taskId()))
                .isTrue();
    }

    @Test
    void a_failed_task_blocks_what_needs_it_and_the_rest_goes_on() {
        UUID study = ledger.submit(LedgerFixture.study(20, 4, "all"));
        Lease bad = ledger.claimOne(ledger.worker(), study);

        completions.finish(bad, new TaskOutcome.Rejected("loss became NaN"));
        ledger.runAll(study);

        assertThat(ledger.state(study)).isEqualTo("FAILED");
        assertThat(ledger.tasks(study, "FAILED")).isEqualTo(1);
        // Its own norm, the merge that it was to enter, and the norm of that.
        assertThat(ledger.tasks(study, "BLOCKED")).isEqualTo(3);
        assertThat(ledger.tasks(study, "SUCCEEDED")).isEqualTo(8);
        assertThat(ledger.ask(
                        "SELECT DISTINCT reason FROM results.tasks WHERE study_id = ?1 AND state = 'BLOCKED'",
                        String.class,
                        study))
                .contains(bad.taskId().toString(), "loss became NaN");
    }

    @Test
    void a_task_that_is_tried_again_waits_and_counts_its_failures() {
        UUID study = ledger.submit(LedgerFixture.single(21));
        UUID worker = ledger.worker();
        Lease lease = ledger.claimOne(worker, study);

        completions.retry(lease, "the disk was slow", Duration.ofHours(1));
        List<Lease> tooEarly = ledger.claim(worker, study, 10);
        ledger.change("UPDATE ledger.task_queue SET run_at = clock_timestamp() WHERE task_id = ?1", lease.taskId());
        Lease again = ledger.claimOne(worker, study);

        assertThat(tooEarly).isEmpty();
        assertThat(again.failures()).isEqualTo(1);
        assertThat(again.attempt()).isEqualTo(2);
    }

    @Test
    void equal_work_is_done_once_and_the_link_is_shown() {
        UUID first = ledger.submit(LedgerFixture.pair(22));
        ledger.runAll(first);

        UUID second = ledger.submit(LedgerFixture.pair(22));

        assertThat(ledger.state(second)).isEqualTo("SUCCEEDED");
        assertThat(ledger.ask("SELECT count(reused_from) FROM results.tasks WHERE study_id = ?1", Long.class, second))
                .isEqualTo(6);
        assertThat(ledger.ask("SELECT count(*) FROM results.metrics WHERE study_id = ?1", Long.class, second))
                .isEqualTo(3);
        assertThat(ledger.ask(
                        "SELECT count(*) FROM results.networks WHERE study_id = ?1 AND reused_from IS NOT NULL",
                        Long.class,
                        second))
                .isEqualTo(3);
    }

    @Test
    void equal_work_in_two_arms_is_done_once_and_each_has_its_place() {
        UUID study = ledger.submit(LedgerFixture.twins(26));

        List<Lease> done = ledger.runOneByOne(study);

        assertThat(done)
                .extracting(lease -> lease.spec().kind())
                .filteredOn(TaskSpec.Kind.TRAIN::equals)
                .hasSize(2);
        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
        assertThat(ledger.ask("""
                        SELECT count(*)
                          FROM results.metrics m
                          JOIN results.networks n
                            ON n.study_id = m.study_id AND n.id = m.network_id AND n.arm = m.arm
                         WHERE m.study_id = ?1
                        """, Long.class, study)).isEqualTo(4);
    }

    @Test
    void the_same_study_submitted_twice_at_once_is_one() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<UUID>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(threads.submit(() -> ledger.findOrSubmit(LedgerFixture.pair(27))));
        }

        Set<UUID> ids = new HashSet<>();
        for (Future<UUID> one : all) {
            ids.add(one.get());
        }
        threads.shutdown();

        assertThat(ids).hasSize(1);
    }

    @Test
    void a_larger_study_takes_over_what_a_smaller_one_did() {
        UUID small = ledger.submit(LedgerFixture.study(23, 2, "all"));
        ledger.runAll(small);
        UUID large = ledger.submit(LedgerFixture.study(23, 6, "all"));

        List<Lease> done = ledger.runAll(large);

        // Two of six leaves and their norms are there; which of them meet in a merge depends on the order of six.
        assertThat(done)
                .extracting(lease -> lease.spec().kind())
                .filteredOn(TaskSpec.Kind.TRAIN::equals)
                .hasSize(4);
        assertThat(ledger.state(large)).isEqualTo("SUCCEEDED");
    }

    @Test
    void a_result_that_cannot_be_written_is_tried_again_though_it_comes_alone() {
        UUID study = ledger.submit(LedgerFixture.single(7401));
        Lease lease = ledger.claimOne(ledger.worker(), study);
        TaskOutcome nothing = new TaskOutcome.Succeeded(Optional.empty(), List.of());

        List<Boolean> counted = completions.finishAll(List.of(new Completions.Finished(lease, nothing)));

        assertThat(counted).containsExactly(false);
        assertThat(ledger.tasks(study, "READY")).isEqualTo(1);
        assertThat(ledger.ask("SELECT message FROM ledger.attempt WHERE token = ?1", String.class, lease.token()))
                .startsWith("its result cannot be written: ")
                .endsWith("must make a network, it made none");
    }

    @Test
    void what_a_worker_cannot_take_is_not_walked_through_to_find_what_it_can() {
        UUID study = ledger.submitProbe(7402, "{ shape: wide, tasks: 3000 }");
        UUID worker = ledger.worker();
        ledger.change("ANALYZE ledger.task_queue");

        ledger.change("UPDATE ledger.task_queue SET device = 'gpu' WHERE study_id = ?1", study);
        long forAnotherDevice = rowsOfAnEmptyClaim(worker, study);
        ledger.change("UPDATE ledger.task_queue SET device = 'any', memory_bytes = 4e9 WHERE study_id = ?1", study);
        long tooLarge = rowsOfAnEmptyClaim(worker, study);
        ledger.change("""
                UPDATE ledger.task_queue SET memory_bytes = 1e8
                 WHERE task_id = (SELECT q.task_id FROM ledger.task_queue q
                                   WHERE q.study_id = ?1 ORDER BY q.ordinal DESC LIMIT 1)
                """, study);
        List<Lease> last = claims.claim(small(worker, study)).leases();
        control.cancel(study, "test");

        assertThat(forAnotherDevice).isLessThan(300);
        assertThat(tooLarge).isLessThan(300);
        assertThat(last).hasSize(1);
    }

    @Test
    void who_takes_some_is_told_whether_more_is_left_for_others() {
        UUID study = ledger.submitProbe(7403, "{ shape: wide, tasks: 3 }");
        UUID worker = ledger.worker();

        Claims.Claimed first = claims.claim(two(worker, study));
        Claims.Claimed last = claims.claim(two(worker, study));
        Claims.Claimed nothing = claims.claim(two(worker, study));
        control.cancel(study, "test");

        assertThat(first.leases()).hasSize(2);
        assertThat(first.more()).isTrue();
        assertThat(last.leases()).hasSize(1);
        assertThat(last.more()).isFalse();
        assertThat(nothing.leases()).isEmpty();
        assertThat(nothing.more()).isFalse();
    }

    private static ClaimRequest two(UUID worker, UUID study) {
        return new ClaimRequest(worker, 2, LedgerFixture.LEASE, Optional.of(study), "cpu", Long.MAX_VALUE);
    }

    private static ClaimRequest small(UUID worker, UUID study) {
        return new ClaimRequest(worker, 10, LedgerFixture.LEASE, Optional.of(study), "cpu", 1_000_000_000);
    }

    /** How many rows of the queue a claim that gives nothing looks at, as PostgreSQL counts them. */
    @Test
    void what_waits_out_a_time_is_not_walked_through_to_find_what_does_not() {
        UUID study = ledger.submitProbe(7404, "{ shape: wide, tasks: 3000 }");
        UUID worker = ledger.worker();
        ledger.change(
                "UPDATE ledger.task_queue SET run_at = clock_timestamp() + interval '1 hour' WHERE study_id = ?1",
                study);
        ledger.change("ANALYZE ledger.task_queue");

        long nothingToTake = rowsOfAnEmptyClaim(worker, study);
        ledger.change("""
                UPDATE ledger.task_queue SET run_at = clock_timestamp()
                 WHERE task_id = (SELECT q.task_id FROM ledger.task_queue q
                                   WHERE q.study_id = ?1 ORDER BY q.ordinal DESC LIMIT 1)
                """, study);
        long[] read = new long[1];
        Claims.Claimed last = QuarkusTransaction.requiringNew().call(() -> {
            long before = rowsRead();
            Claims.Claimed claimed = claims.claim(small(worker, study));
            read[0] = rowsRead() - before;
            return claimed;
        });
        control.cancel(study, "test");

        assertThat(nothingToTake).isLessThan(300);
        assertThat(last.leases()).hasSize(1);
        assertThat(last.more()).isFalse();
        assertThat(read[0]).isLessThan(300);
    }

    private long rowsOfAnEmptyClaim(UUID worker, UUID study) {
        return QuarkusTransaction.requiringNew().call(() -> {
            long before = rowsRead();
            assertThat(claims.claim(small(worker, study)).leases()).isEmpty();
            return rowsRead() - before;
        });
    }

    private long rowsRead() {
        return statements.find("""
                        SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
                          FROM pg_stat_xact_user_tables
                         WHERE schemaname = 'ledger' AND relname = 'task_queue'
                        """, row -> row.getLong(1)).orElse(0L);
    }

    @Test
    void a_worker_with_older_numerics_gets_nothing_once_newer_ones_were_seen() {
        UUID study = ledger.submit(LedgerFixture.single(7403));
        UUID worker = ledger.worker();
        ledger.change("UPDATE ledger.numeric_version SET version = version + 1 WHERE kind = 'probe'");

        try {
            assertThatThrownBy(() -> ledger.claim(worker, study, 1))
                    .isInstanceOf(WorkerRefusedException.class)
                    .hasMessageStartingWith("a worker must compute probe by version ")
                    .hasMessageEndingWith("upgrade this program");
            assertThat(ledger.tasks(study, "READY")).isEqualTo(1);
        } finally {
            ledger.change("UPDATE ledger.numeric_version SET version = version - 1 WHERE kind = 'probe'");
        }
        assertThat(ledger.claim(worker, study, 1)).hasSize(1);
    }

    @Test
    void numbers_that_are_none_are_stored_as_such() {
        UUID study = ledger.submit(LedgerFixture.single(24));
        UUID worker = ledger.worker();
        ledger.finish(ledger.claimOne(worker, study));
        Lease evaluation = ledger.claimOne(worker, study);

        completions.finish(
                evaluation,
                new TaskOutcome.Succeeded(Optional.empty(), List.of(Measurement.scalar("weight-norm", Double.NaN))));

        assertThat(ledger.ask("SELECT status FROM results.metrics WHERE study_id = ?1", String.class, study))
                .isEqualTo("nan");
        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
    }
}

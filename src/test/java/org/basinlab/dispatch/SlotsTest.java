package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.basinlab.StoreForTests;
import org.basinlab.ledger.Completions;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.LeaseFacts;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.ledger.StudyControl;
import org.basinlab.ledger.TimeLimits;
import org.basinlab.ledger.WorkerFacts;
import org.basinlab.recipe.Progress;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.basinlab.workflow.TaskOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The threads that take tasks, with a runner that does as the test says and a real store. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class SlotsTest {

    private static final long MOST_SECONDS = 30;

    @Inject
    LedgerFixture ledger;

    @Inject
    Means means;

    @Inject
    LeaseFacts facts;

    @Inject
    TimeLimits limits;

    @Inject
    StudyControl control;

    @TempDir
    Path folder;

    @Inject
    Completions completions;

    @Test
    void slots_run_a_study_to_its_end() {
        UUID study = ledger.submit(LedgerFixture.pair(61));
        Slots slots = slots((lease, progress) -> LedgerFixture.success(lease));

        slots.start(facts("m1", 2), Optional.of(study));
        await(() -> ledger.state(study).equals("SUCCEEDED"));
        slots.stop();

        assertThat(slots.broken()).isEmpty();
        assertThat(slots.running()).isEmpty();
    }

    @Test
    void slots_that_stop_give_back_what_runs_and_charge_nobody() throws Exception {
        UUID study = ledger.submit(LedgerFixture.pair(62));
        CountDownLatch begun = new CountDownLatch(2);
        Slots slots = slots((lease, progress) -> untilStopped(begun, progress));
        slots.start(facts("m2", 2), Optional.of(study));
        assertThat(begun.await(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();

        slots.stop();

        assertThat(ledger.tasks(study, "READY")).isEqualTo(2);
        assertThat(ledger.ask("""
                        SELECT count(*)
                          FROM ledger.attempt a
                          JOIN ledger.task t ON t.id = a.task_id
                         WHERE t.study_id = ?1 AND a.outcome = 'released'
                        """, Long.class, study)).isEqualTo(2);
    }

    @Test
    void how_far_a_task_is_can_be_seen_while_it_runs() throws Exception {
        UUID study = ledger.submit(LedgerFixture.single(63));
        CountDownLatch begun = new CountDownLatch(1);
        Slots slots = slots((lease, progress) -> untilStopped(begun, progress));
        slots.start(facts("m3", 1), Optional.of(study));
        assertThat(begun.await(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();

        await(() -> slots.running().stream().anyMatch(one -> one.fraction() == 0.25));
        slots.stop();

        assertThat(slots.running()).isEmpty();
    }

    private static TaskOutcome untilStopped(CountDownLatch begun, Progress progress) {
        begun.countDown();
        while (true) {
            progress.at(0.25);
            Thread.onSpinWait();
        }
    }

    @Test
    void an_idle_worker_says_so_and_is_woken_by_another_process() throws Exception {
        UUID study = ledger.submit(LedgerFixture.single(64));
        ledger.change(
                "UPDATE ledger.task_queue SET run_at = clock_timestamp() + interval '1 hour' WHERE study_id = ?1",
                study);
        CountDownLatch begun = new CountDownLatch(1);
        Slots slots = slots(
                (lease, progress) -> {
                    begun.countDown();
                    return LedgerFixture.success(lease);
                },
                ConfigOfTests.quick());
        slots.start(facts("m4", 2), Optional.of(study));
        await(() -> slots.isIdle() && "idle".equals(worker("m4", "CASE WHEN idle_since IS NOT NULL THEN 'idle' END")));
        await(means.listener()::isListening);

        ledger.change("UPDATE ledger.task_queue SET run_at = clock_timestamp() WHERE study_id = ?1", study);
        ledger.ask("SELECT count(pg_notify('basinlab_work', 'another process'))", Long.class);

        assertThat(begun.await(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
        await(() -> ledger.state(study).equals("SUCCEEDED"));
        slots.stop();
    }

    @Test
    void a_task_that_was_cancelled_stops_at_the_next_heartbeat() throws Exception {
        UUID study = ledger.submit(LedgerFixture.single(65));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Slots slots = slots(
                (lease, progress) -> {
                    try {
                        return untilStopped(begun, progress);
                    } finally {
                        ended.countDown();
                    }
                },
                ConfigOfTests.quick());
        slots.start(facts("m5", 1), Optional.of(study));
        assertThat(begun.await(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();

        control.cancel(study, "test");

        assertThat(ended.await(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
        slots.stop();
        assertThat(ledger.state(study)).isEqualTo("CANCELLED");
    }

    @Test
    void a_worker_that_drains_says_so_while_its_tasks_stop() throws Exception {
        UUID study = ledger.submit(LedgerFixture.single(66));
        CountDownLatch begun = new CountDownLatch(1);
        Slots slots = slots(
                (lease, progress) -> {
                    try {
                        return untilStopped(begun, progress);
                    } catch (CancellationException e) {
                        await(() -> "draining".equals(worker("m6", "state")));
                        throw e;
                    }
                },
                ConfigOfTests.quick());
        slots.start(facts("m6", 1), Optional.of(study));
        assertThat(begun.await(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();

        slots.stop();

        assertThat(slots.broken()).isEmpty();
        assertThat(ledger.tasks(study, "READY")).isEqualTo(1);
    }

    @Test
    void a_task_that_takes_too_long_fails_and_says_why() {
        UUID study = ledger.submit(LedgerFixture.single(67));
        Slots slots = slots(
                (lease, progress) -> untilStopped(new CountDownLatch(1), progress),
                ConfigOfTests.quick().within(Duration.ofMillis(300), Duration.ofMinutes(1)));
        slots.start(facts("m7", 1), Optional.of(study));

        await(() -> firstFailure(study).isPresent());
        slots.stop();

        assertThat(firstFailure(study)).contains("TimeLimitException: it must end within 0 s (limits.run)");
    }

    @Test
    void a_task_that_hangs_is_given_up_and_its_slot_goes_on_without_it() throws Exception {
        UUID study = ledger.submit(LedgerFixture.unmerged(68, 2));
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean first = new AtomicBoolean(true);
        Slots slots = slots(
                (lease, progress) -> {
                    if (first.getAndSet(false)) {
                        hang(never);
                    }
                    return LedgerFixture.success(lease);
                },
                ConfigOfTests.quick().within(Duration.ofMillis(200), Duration.ofMinutes(1)));
        slots.start(facts("m8", 1), Optional.of(study));

        await(() -> firstFailure(study).isPresent());
        await(() -> ledger.tasks(study, "SUCCEEDED") >= 2);
        never.countDown();
        slots.stop();

        assertThat(firstFailure(study))
                .hasValueSatisfying(why -> assertThat(why).contains("limits.run"));
        assertThat(slots.broken()).isEmpty();
    }

    @Test
    void those_that_were_taken_with_a_task_that_hangs_go_on_without_it_and_so_does_the_end_of_the_worker() {
        UUID study = ledger.submitProbe(7_601, "{ shape: wide, tasks: 60, seconds: 0 }");
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        Slots slots = slots(
                (lease, progress) -> {
                    if (runs.incrementAndGet() == 5) {
                        hang(never);
                    }
                    return LedgerFixture.success(lease);
                },
                ConfigOfTests.quick().within(Duration.ofMillis(500), Duration.ofMinutes(1)));
        slots.start(facts("m13", 1), Optional.of(study));

        await(() -> ledger.state(study).equals("SUCCEEDED"));
        await(slots::isIdle);
        slots.stop();
        never.countDown();

        assertThat(slots.broken()).isEmpty();
        assertThat(ledger.ask(
                        "SELECT count(*) FROM ledger.attempt a JOIN ledger.task t ON t.id = a.task_id"
                                + " WHERE t.study_id = ?1 AND a.outcome = 'failed'",
                        Long.class,
                        study))
                .isEqualTo(1);
    }

    @Test
    void slots_take_together_no_more_than_the_memory_that_they_share() {
        UUID study = ledger.submitProbe(7_602, "{ shape: wide, tasks: 4, seconds: 0 }");
        ledger.change("UPDATE ledger.task_queue SET memory_bytes = 60 WHERE study_id = ?1", study);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Slots slots = slots((lease, progress) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(300)) {
                Thread.onSpinWait();
            }
            running.decrementAndGet();
            return LedgerFixture.success(lease);
        });

        slots.start(
                new WorkerFacts("host", "m14", 1, Optional.empty(), 3, "cpu", 100, Map.of("code", "test")),
                Optional.of(study));
        await(() -> ledger.state(study).equals("SUCCEEDED"));
        slots.stop();

        assertThat(most).hasValue(1);
    }

    @Test
    void a_worker_whose_device_fails_takes_nothing_more_and_says_so() {
        UUID study = ledger.submit(LedgerFixture.unmerged(69, 3));
        Slots slots = slots(
                (lease, progress) -> {
                    throw new DeviceFailedException("CUDA error: 719", new IllegalStateException());
                },
                ConfigOfTests.quick());
        slots.start(facts("m9", 1), Optional.of(study));

        await(() -> slots.broken().isPresent());
        await(() -> worker("m9", "fault") != null);
        slots.stop();

        assertThat(slots.broken())
                .contains("the device of this worker failed, it takes no more tasks: CUDA error: 719");
        assertThat(ledger.tasks(study, "READY")).isEqualTo(3);
        assertThat(firstFailure(study)).isEmpty();
    }

    @Test
    void what_an_earlier_process_could_not_hand_in_counts_when_the_next_one_starts() throws Exception {
        UUID study = ledger.submit(LedgerFixture.single(70));
        Lease lease = ledger.claimOne(ledger.worker(), study);
        ConfigOfTests config = ConfigOfTests.quick().buffering(folder);
        ResultBuffer earlier = new ResultBuffer(config);
        earlier.keep(new Done(lease, LedgerFixture.success(lease)));
        earlier.close();
        Slots slots = slots(
                (next, progress) -> {
                    if (next.taskId().equals(lease.taskId())) {
                        throw new AssertionError("it was done before");
                    }
                    return LedgerFixture.success(next);
                },
                config);

        slots.start(facts("m10", 1), Optional.of(study));
        await(() -> ledger.state(study).equals("SUCCEEDED"));
        slots.stop();

        assertThat(ledger.ask("SELECT count(*) FROM ledger.attempt WHERE task_id = ?1", Long.class, lease.taskId()))
                .isEqualTo(1);
    }

    @Test
    void what_a_task_says_stands_in_its_log_even_if_it_is_over_at_once() {
        UUID study = ledger.submit(LedgerFixture.single(71));
        Slots slots = slots(
                (lease, progress) -> {
                    progress.says("hello from " + lease.spec().kind().label());
                    return LedgerFixture.success(lease);
                },
                ConfigOfTests.quick());
        slots.start(facts("m11", 1), Optional.of(study));

        await(() -> ledger.state(study).equals("SUCCEEDED"));
        slots.stop();

        assertThat(ledger.ask("""
                        SELECT string_agg(l.message, ', ' ORDER BY l.message)
                          FROM ledger.attempt_log l
                          JOIN ledger.attempt a ON a.token = l.token
                          JOIN ledger.task t ON t.id = a.task_id
                         WHERE t.study_id = ?1
                        """, String.class, study)).isEqualTo("hello from evaluate, hello from train");
    }

    @Test
    void quick_tasks_of_a_shape_are_taken_and_handed_in_together() {
        Study study = StudyFile.read("""
                study: many-probes
                seed: 72
                probe: { shape: wide, tasks: 300, seconds: 0 }
                """, "many-probes.yaml");
        UUID id = ledger.submit(study);
        Slots slots = slots(
                (lease, progress) -> new TaskOutcome.Succeeded(Optional.empty(), List.of()), ConfigOfTests.quick());
        slots.start(facts("m12", 2), Optional.of(id));

        await(() -> ledger.state(id).equals("SUCCEEDED"));
        slots.stop();

        // Those of one transaction have one time of their end.
        assertThat(ledger.ask("""
                        SELECT count(DISTINCT a.ended_at)
                          FROM ledger.attempt a
                          JOIN ledger.task t ON t.id = a.task_id
                         WHERE t.study_id = ?1
                        """, Long.class, id)).isLessThan(100);
    }

    private static void hang(CountDownLatch until) {
        while (until.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    private Optional<String> firstFailure(UUID study) {
        return Optional.ofNullable(ledger.ask("""
                        SELECT max(a.message)
                          FROM ledger.attempt a
                          JOIN ledger.task t ON t.id = a.task_id
                         WHERE t.study_id = ?1 AND a.outcome = 'failed'
                        """, String.class, study));
    }

    private String worker(String machine, String column) {
        return ledger.ask("SELECT " + column + " FROM ledger.worker WHERE machine = ?1", String.class, machine);
    }

    private Slots slots(TaskRunner runner) {
        return slots(runner, means.config());
    }

    private Slots slots(TaskRunner runner, DispatchConfig config) {
        ResultBuffer buffer = new ResultBuffer(config);
        HandIn handIn = new HandIn(completions, buffer, means.budget(), config);
        AttemptTimes times = new AttemptTimes(limits, config);
        return new Slots(new Means(
                means.workers(),
                means.claims(),
                means.heartbeats(),
                means.signals(),
                new Attempting(runner, completions, handIn, times, facts, means.bell(), config),
                handIn,
                buffer,
                new DiskRoom(config),
                means.budget(),
                means.listener(),
                means.bell(),
                config));
    }

    private static WorkerFacts facts(String machine, int slots) {
        return new WorkerFacts(
                "host", machine, 1, Optional.empty(), slots, "cpu", Long.MAX_VALUE, Map.of("code", "test"));
    }

    private static void await(BooleanSupplier condition) {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(giveUp);
            Thread.onSpinWait();
        }
    }
}

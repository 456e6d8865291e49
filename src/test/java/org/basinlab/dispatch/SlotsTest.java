package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.basinlab.StoreForTests;
import org.basinlab.ledger.Completions;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.ledger.WorkerFacts;
import org.basinlab.recipe.Progress;
import org.basinlab.workflow.TaskOutcome;
import org.junit.jupiter.api.Test;

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
    AttemptTimes times;

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

    private Slots slots(TaskRunner runner) {
        return new Slots(new Means(
                means.workers(),
                means.claims(),
                means.heartbeats(),
                means.signals(),
                new Attempting(runner, completions, means.handIn(), times, means.bell(), means.config()),
                means.handIn(),
                means.buffer(),
                means.room(),
                means.budget(),
                means.listener(),
                means.bell(),
                means.config()));
    }

    private static WorkerFacts facts(String machine, int slots) {
        return new WorkerFacts("host", machine, 1, Optional.empty(), slots, "cpu", Long.MAX_VALUE, Map.of("code", "test"));
    }

    private static void await(BooleanSupplier condition) {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(giveUp);
            Thread.onSpinWait();
        }
    }
}

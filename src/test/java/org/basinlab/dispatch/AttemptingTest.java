package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.basinlab.StoreForTests;
import org.basinlab.ledger.Completions;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.LeaseFacts;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.ledger.Workers;
import org.basinlab.recipe.Progress;
import org.basinlab.workflow.TaskOutcome;
import org.junit.jupiter.api.Test;

/** What becomes of an attempt, with a runner that does as the test says and a real store. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class AttemptingTest {

    @Inject
    LedgerFixture ledger;

    @Inject
    Completions completions;

    @Inject
    Workers workers;

    @Inject
    HandIn handIn;

    @Inject
    AttemptTimes times;

    @Inject
    LeaseFacts facts;

    @Inject
    DispatchConfig config;

    @Test
    void what_breaks_is_tried_again_and_the_third_failure_is_final() {
        UUID study = ledger.submit(LedgerFixture.single(51));
        TaskRunner falls = (lease, progress) -> {
            throw new IllegalStateException("the GPU fell off the bus");
        };

        UUID worker = ledger.worker();
        for (int tries = 0; tries < 3; tries++) {
            ledger.change("UPDATE ledger.task_queue SET run_at = clock_timestamp() WHERE study_id = ?1", study);
            attempt(falls, new Held(ledger.claimOne(worker, study)));
        }

        assertThat(ledger.state(study)).isEqualTo("FAILED");
        assertThat(ledger.ask(
                        "SELECT reason FROM results.tasks WHERE study_id = ?1 AND state = 'FAILED'",
                        String.class,
                        study))
                .isEqualTo("parked after 3 failures: IllegalStateException: the GPU fell off the bus");
    }

    @Test
    void the_wait_before_a_retry_grows() {
        UUID study = ledger.submit(LedgerFixture.single(52));
        TaskRunner falls = (lease, progress) -> {
            throw new IllegalStateException("again");
        };

        UUID worker = ledger.worker();
        attempt(falls, new Held(ledger.claimOne(worker, study)));
        double first = secondsUntilNext(study);
        ledger.change("UPDATE ledger.task_queue SET run_at = clock_timestamp() WHERE study_id = ?1", study);
        attempt(falls, new Held(ledger.claimOne(worker, study)));
        double second = secondsUntilNext(study);

        double backoff = config.backoff().toMillis() / 1000.0;
        double passed = 1;
        assertThat(first).isBetween(backoff / 2 - passed, backoff);
        assertThat(second).isBetween(backoff - passed, 2 * backoff).isGreaterThan(backoff / 2);
    }

    @Test
    void a_foreseen_failure_is_final_at_once() {
        UUID study = ledger.submit(LedgerFixture.single(53));

        attempt(
                (lease, progress) -> new TaskOutcome.Rejected("loss became NaN in epoch 1"),
                new Held(ledger.claimOne(ledger.worker(), study)));

        assertThat(ledger.state(study)).isEqualTo("FAILED");
    }

    @Test
    void a_slot_that_stops_gives_its_task_back_and_charges_nobody() {
        UUID study = ledger.submit(LedgerFixture.single(54));
        Held held = new Held(ledger.claimOne(ledger.worker(), study));
        held.stop();

        attempt(AttemptingTest::untilStopped, held);

        assertThat(ledger.tasks(study, "READY")).isEqualTo(1);
        assertThat(ledger.claimOne(ledger.worker(), study).failures()).isZero();
    }

    @Test
    void a_task_that_stopped_for_want_of_the_store_goes_back_and_is_not_charged() {
        UUID study = ledger.submit(LedgerFixture.single(56));

        attempt(
                (lease, progress) -> {
                    throw new IllegalStateException(new SQLException("the server was shut down", "57P01"));
                },
                new Held(ledger.claimOne(ledger.worker(), study)));

        assertThat(ledger.tasks(study, "READY")).isEqualTo(1);
        assertThat(ledger.claimOne(ledger.worker(), study).failures()).isZero();
    }

    @Test
    void a_task_waits_for_data_that_are_not_here_yet_and_is_not_charged() {
        UUID study = ledger.submit(LedgerFixture.single(57));

        attempt(AttemptingTest::withoutData, new Held(ledger.claimOne(ledger.worker(), study)));
        double wait = secondsUntilNext(study);
        ledger.change("UPDATE ledger.task_queue SET run_at = clock_timestamp() WHERE study_id = ?1", study);

        assertThat(wait).isBetween(5.0, 10.0);
        assertThat(ledger.claimOne(ledger.worker(), study).failures()).isZero();
    }

    @Test
    void a_task_whose_data_never_come_fails_in_the_end() {
        UUID study = ledger.submit(LedgerFixture.single(58));
        UUID worker = ledger.worker();

        waitedLong(ledger.claimOne(worker, study), 0);
        for (int tries = 0; tries < 3; tries++) {
            ledger.change("UPDATE ledger.task_queue SET run_at = clock_timestamp() WHERE study_id = ?1", study);
            attempt(AttemptingTest::withoutData, new Held(ledger.claimOne(worker, study)));
        }

        assertThat(ledger.state(study)).isEqualTo("FAILED");
    }

    @Test
    void what_a_task_waited_before_it_was_tried_anew_counts_no_more() {
        UUID study = ledger.submit(LedgerFixture.single(7501));
        UUID worker = ledger.worker();
        waitedLong(ledger.claimOne(worker, study), -1);

        for (int tries = 0; tries < 3; tries++) {
            ledger.change("UPDATE ledger.task_queue SET run_at = clock_timestamp() WHERE study_id = ?1", study);
            attempt(AttemptingTest::withoutData, new Held(ledger.claimOne(worker, study)));
        }

        assertThat(ledger.tasks(study, "READY")).isEqualTo(1);
    }

    @Test
    void a_message_that_no_text_of_the_store_can_hold_is_a_failure_like_others() {
        UUID broken = ledger.submit(LedgerFixture.single(7502));
        UUID rejected = ledger.submit(LedgerFixture.single(7503));
        TaskRunner breaks = (lease, progress) -> {
            throw new IllegalStateException("byte \0 of the header");
        };

        attempt(breaks, new Held(ledger.claimOne(ledger.worker(), broken)));
        attempt(
                (lease, progress) -> new TaskOutcome.Rejected("byte \0 of the header"),
                new Held(ledger.claimOne(ledger.worker(), rejected)));
        ledger.change("UPDATE ledger.task_queue SET run_at = clock_timestamp() WHERE study_id = ?1", broken);

        assertThat(ledger.claimOne(ledger.worker(), broken).failures()).isEqualTo(1);
        assertThat(ledger.state(rejected)).isEqualTo("FAILED");
        assertThat(ledger.ask(
                        "SELECT reason FROM ledger.task WHERE study_id = ?1 AND outcome = 'FAILED'",
                        String.class,
                        rejected))
                .isEqualTo("byte   of the header");
    }

    /** As often as a task may wait for its data, in this generation or one before it; it is ready once more. */
    private void waitedLong(Lease lease, int generations) {
        ledger.change(
                "INSERT INTO ledger.attempt (task_id, number, generation, token, worker_id, environment, outcome, ended_at)"
                        + " SELECT a.task_id, 1000 + i, a.generation + %d, nextval('ledger.lease_token'), a.worker_id,"
                                .formatted(generations)
                        + " a.environment, 'released', clock_timestamp()"
                        + " FROM ledger.attempt a, generate_series(1, %d) AS i WHERE a.token = ?1"
                                .formatted(Attempting.MOST_WAITS),
                lease.token());
        completions.release(lease);
    }

    private static TaskOutcome withoutData(Lease lease, Progress progress) {
        throw new DataUnavailableException("data set cifar10 must lie in a folder that is searched");
    }

    @Test
    void what_comes_out_under_a_lease_that_another_has_is_refused() {
        UUID study = ledger.submit(LedgerFixture.single(55));
        Held held =
                new Held(ledger.claim(ledger.worker("lost-host", 1), study, 1).get(0));
        workers.takeBackFromDead("lost-host", process -> false);
        Lease newer = ledger.claimOne(ledger.worker(), study);

        attempt((lease, progress) -> LedgerFixture.success(lease), held);
        held.lose();
        attempt(AttemptingTest::untilStopped, held);

        assertThat(ledger.tasks(study, "LEASED")).isEqualTo(1);
        assertThat(ledger.finish(newer)).isTrue();
    }

    private static TaskOutcome untilStopped(Lease lease, Progress progress) {
        for (double done = 0; ; done = Math.min(1, done + 0.1)) {
            progress.at(done);
        }
    }

    private double secondsUntilNext(UUID study) {
        return ledger.ask(
                "SELECT extract(epoch FROM run_at - clock_timestamp())::float8 FROM ledger.task_queue"
                        + " WHERE study_id = ?1 AND state = 'READY'",
                Double.class,
                study);
    }

    private void attempt(TaskRunner runner, Held held) {
        new Attempting(runner, completions, handIn, times, facts, new Bell(), config)
                .attempt(held)
                .ifPresent(done -> handIn.results(List.of(done)));
    }
}

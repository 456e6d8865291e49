package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.StoreForTests;
import org.basinlab.study.RunSettings;
import org.basinlab.study.Study;
import org.basinlab.workflow.Conclusion;
import org.basinlab.workflow.TaskOutcome;
import org.junit.jupiter.api.Test;

/** What keeps a queue of months in order. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class UpkeepTest {

    private static final RunSettings.TimeLimits NONE =
            new RunSettings.TimeLimits(Optional.empty(), Optional.empty(), Optional.empty());

    @Inject
    LedgerFixture ledger;

    @Inject
    Completions completions;

    @Inject
    StudyControl control;

    @Inject
    Workers workers;

    @Inject
    Expiry expiry;

    @Inject
    Heartbeats heartbeats;

    @Inject
    Ageing ageing;

    @Inject
    Retention retention;

    @Inject
    DataSource database;

    private void limit(UUID study, String limits) {
        ledger.change(
                "UPDATE ledger.study SET settings = CAST(?1 AS jsonb) WHERE id = ?2",
                "{\"limits\": %s}".formatted(limits),
                study);
    }

    private String reason(UUID study) {
        return ledger.ask(
                "SELECT reason FROM ledger.task WHERE study_id = ?1 AND outcome = 'FAILED'", String.class, study);
    }

    @Test
    void a_task_that_nobody_takes_in_time_fails_and_one_that_is_paused_does_not() {
        UUID late = ledger.submit(LedgerFixture.single(730_001));
        UUID paused = ledger.submit(LedgerFixture.single(730_002));
        control.pause(paused, "test");
        for (UUID study : List.of(late, paused)) {
            limit(study, "{\"train\": {\"queue\": 60}}");
            ledger.change(
                    "UPDATE ledger.task_queue SET ready_at = clock_timestamp() - interval '61 seconds' WHERE study_id = ?1 AND state = 'READY'",
                    study);
        }

        expiry.enforce(NONE);
        control.resume(paused, "test");
        expiry.enforce(NONE);

        assertThat(reason(late)).isEqualTo("no worker took it for 60 s, which is its limit");
        assertThat(ledger.state(late)).isEqualTo("FAILED");
        assertThat(ledger.tasks(paused, "READY")).isEqualTo(1);
    }

    @Test
    void an_attempt_that_runs_too_long_is_tried_once_more_and_no_oftener() {
        UUID study = ledger.submit(LedgerFixture.single(730_003));
        limit(study, "{\"train\": {\"run\": 60}}");
        UUID worker = ledger.worker();

        Lease first = ledger.claimOne(worker, study);
        startedLongAgo(first);
        expiry.enforce(NONE);
        boolean counts = ledger.finish(first);
        String after = ledger.ask(
                "SELECT fault || ': ' || message FROM ledger.attempt WHERE token = ?1", String.class, first.token());
        ledger.change("UPDATE ledger.task_queue SET run_at = clock_timestamp() WHERE study_id = ?1", study);
        Lease second = ledger.claimOne(worker, study);
        startedLongAgo(second);
        expiry.enforce(NONE);

        assertThat(counts).isFalse();
        assertThat(after).isEqualTo("time: it ran longer than 60 s, which is its limit");
        assertThat(second.failures()).isEqualTo(1);
        assertThat(reason(study)).isEqualTo("over its time once more: it ran longer than 60 s, which is its limit");
    }

    private void startedLongAgo(Lease lease) {
        ledger.change(
                "UPDATE ledger.task_queue SET begun_token = token, begun_at = clock_timestamp() - interval '2 minutes' WHERE token = ?1",
                lease.token());
    }

    @Test
    void what_waits_for_its_turn_in_a_claim_is_over_no_limit() {
        UUID study = ledger.submitProbe(730_901, "{ shape: wide, tasks: 3, seconds: 0 }");
        limit(study, "{\"probe\": {\"run\": 60, \"silence\": 60}}");
        UUID worker = ledger.worker();
        List<Lease> leases = ledger.claim(worker, study, 3);
        leases.forEach(lease -> {
            ledger.change(
                    "UPDATE ledger.attempt SET started_at = clock_timestamp() - interval '2 minutes' WHERE token = ?1",
                    lease.token());
            ledger.change(
                    "UPDATE ledger.task_queue SET progress_at = clock_timestamp() - interval '2 minutes' WHERE token = ?1",
                    lease.token());
        });

        heartbeats.beat(
                new Heartbeats.Self(worker, WorkerState.ACTIVE, false, Optional.empty()),
                LedgerFixture.LEASE,
                List.of(
                        sign(leases.get(0), true, true),
                        sign(leases.get(1), true, false),
                        sign(leases.get(2), false, true)),
                List.of());
        startedLongAgo(leases.get(0));
        expiry.enforce(NONE);

        assertThat(ended(leases.get(0))).isEqualTo("it ran longer than 60 s, which is its limit");
        assertThat(ended(leases.get(1))).isEqualTo("it made no progress for 60 s, which is its limit");
        assertThat(ended(leases.get(2))).isNull();
        assertThat(ledger.tasks(study, "LEASED")).isEqualTo(1);
    }

    private String ended(Lease lease) {
        return ledger.ask("SELECT message FROM ledger.attempt WHERE token = ?1", String.class, lease.token());
    }

    private static Heartbeats.Sign sign(Lease lease, boolean begun, boolean moved) {
        return new Heartbeats.Sign(lease.taskId(), lease.token(), begun, 0, moved, List.of());
    }

    @Test
    void an_attempt_has_one_beginning_however_often_it_is_heard_of() {
        UUID worker = ledger.worker();
        Lease lease = ledger.claimOne(worker, ledger.submit(LedgerFixture.single(730_902)));
        var self = new Heartbeats.Self(worker, WorkerState.ACTIVE, false, Optional.empty());

        heartbeats.beat(self, LedgerFixture.LEASE, List.of(sign(lease, true, true)), List.of());
        startedLongAgo(lease);
        heartbeats.beat(self, LedgerFixture.LEASE, List.of(sign(lease, true, true)), List.of());

        assertThat(ledger.ask(
                        "SELECT begun_at < clock_timestamp() - interval '1 minute' FROM ledger.task_queue WHERE task_id = ?1",
                        Boolean.class,
                        lease.taskId()))
                .isTrue();
    }

    @Test
    void an_attempt_that_gets_no_further_is_ended_though_its_worker_is_heard_of() {
        UUID study = ledger.submit(LedgerFixture.single(730_004));
        limit(study, "{\"train\": {\"silence\": 60}}");
        Lease lease = ledger.claimOne(ledger.worker(), study);
        ledger.change(
                "UPDATE ledger.task_queue SET progress_at = clock_timestamp() - interval '2 minutes' WHERE task_id = ?1",
                lease.taskId());

        expiry.enforce(NONE);

        assertThat(ledger.ask("SELECT message FROM ledger.attempt WHERE token = ?1", String.class, lease.token()))
                .isEqualTo("it made no progress for 60 s, which is its limit");
        assertThat(ledger.tasks(study, "READY")).isEqualTo(1);
    }

    @Test
    void the_time_in_the_queue_is_no_time_of_the_attempt() {
        UUID study = ledger.submit(LedgerFixture.single(730_005));
        limit(study, "{\"train\": {\"run\": 60, \"silence\": 60}}");
        ledger.change(
                "UPDATE ledger.task_queue SET queued_at = clock_timestamp() - interval '10 minutes', ready_at = clock_timestamp() - interval '10 minutes' WHERE study_id = ?1",
                study);
        ledger.claimOne(ledger.worker(), study);

        expiry.enforce(NONE);

        assertThat(ledger.tasks(study, "LEASED")).isEqualTo(1);
    }

    @Test
    void the_views_show_what_was_there_at_a_moment() {
        UUID study = ledger.submit(LedgerFixture.study(730_006, 4, "all"));
        UUID worker = ledger.worker();
        completions.finish(ledger.claimOne(worker, study), new TaskOutcome.Rejected("it diverged"));
        ledger.runAll(study);
        Instant then = ledger.ask("SELECT clock_timestamp()", Instant.class);
        control.retry(study, "test");
        ledger.runAll(study);

        String measured =
                "SELECT arm || '/' || group_size || '/' || group_id AS unit, value, 'ok' AS status FROM results.metrics WHERE study_id = {study}";
        int before;
        int now;
        try (ClaimReading reading = ClaimReading.openAsOf(database, study, then)) {
            before = reading.units("then", reading.sql(measured)).units().size();
        }
        try (ClaimReading reading = ClaimReading.open(database, study)) {
            now = reading.units("now", reading.sql(measured)).units().size();
        }

        assertThat(before).isEqualTo(4);
        assertThat(now).isEqualTo(6);
    }

    @Test
    void of_every_task_it_is_told_why_its_work_was_done_anew_or_not() {
        UUID first = ledger.submit(LedgerFixture.pair(730_007));
        ledger.runAll(first);
        UUID second = ledger.submit(LedgerFixture.pair(730_007));
        Memo memo = new Memo(database);
        String task = "SELECT id FROM ledger.task WHERE study_id = ?1 AND kind = ?2 ORDER BY ordinal LIMIT 1";

        Memo.Explanation hit =
                memo.explain(ledger.ask(task, UUID.class, second, "train")).orElseThrow();
        Memo.Explanation miss =
                memo.explain(ledger.ask(task, UUID.class, first, "train")).orElseThrow();
        UUID otherData = ledger.submitOnNewData(LedgerFixture.pair(730_007), "ef".repeat(32));
        Memo.Explanation data =
                memo.explain(ledger.ask(task, UUID.class, otherData, "train")).orElseThrow();
        Memo.Explanation waits =
                memo.explain(ledger.ask(task, UUID.class, otherData, "merge")).orElseThrow();

        assertThat(hit.hit()).isTrue();
        assertThat(hit.study()).contains(first);
        assertThat(miss)
                .isEqualTo(new Memo.Explanation(
                        false, "nothing like it was done before", Optional.empty(), Optional.empty()));
        assertThat(data.reason()).endsWith("is alike, but read other data");
        assertThat(waits.reason()).startsWith("what it takes is not there yet");
        assertThat(memo.explain(UUID.randomUUID())).isEmpty();
    }

    @Test
    void a_study_that_waits_gains_on_others_until_something_of_it_runs() {
        UUID study = ledger.submit(LedgerFixture.single(730_008));

        ageing.age();
        ageing.age();
        int waited = aged(study);
        ledger.claimOne(ledger.worker(), study);
        ageing.age();

        assertThat(waited).isEqualTo(2);
        assertThat(aged(study)).isZero();
    }

    private int aged(UUID study) {
        return ledger.ask("SELECT aged FROM ledger.study WHERE id = ?1", Integer.class, study);
    }

    @Test
    void what_a_verdict_stands_on_is_kept_however_old_it_is() {
        Study pair = LedgerFixture.pair(730_010);
        UUID computed = ledger.submit(pair);
        ledger.runAll(computed);
        UUID judged = ledger.submit(LedgerFixture.claiming(pair, List.of("T1", "T3")));
        completions.finish(
                ledger.claimOne(ledger.worker(), judged), JudgeQueueTest.concluded(Conclusion.Outcome.REPRODUCED));
        UUID loose = ledger.submit(LedgerFixture.single(730_011));
        ledger.runAll(loose);
        List.of(computed, judged, loose).forEach(this::saidLongAgo);

        retention.delete(Duration.ofDays(30));

        assertThat(ledger.ask("SELECT count(*) FROM ledger.verdict WHERE study_id = ?1", Long.class, judged))
                .isEqualTo(1);
        // The judge's own, and those of the six tasks whose results it judged.
        assertThat(lines(judged)).isEqualTo(1);
        assertThat(lines(computed)).isEqualTo(6);
        assertThat(lines(loose)).isZero();
        assertThat(acts(judged)).isEqualTo(1);
        assertThat(acts(loose)).isZero();
    }

    /** A line of each attempt and an act of the study, all of them forty days old. */
    private void saidLongAgo(UUID study) {
        String attempts =
                "(SELECT a.token FROM ledger.attempt a JOIN ledger.task t ON t.id = a.task_id WHERE t.study_id = ?1)";
        ledger.change(
                "INSERT INTO ledger.attempt_log (token, line, level, message) SELECT token, 1, 'info', 'said' FROM "
                        + attempts + " AS said",
                study);
        ledger.change(
                "UPDATE ledger.attempt SET started_at = started_at - interval '40 days', ended_at = ended_at - interval '40 days'"
                        + " WHERE token IN " + attempts,
                study);
        ledger.change(
                "INSERT INTO ledger.audit (at, actor, action, study_id) VALUES (clock_timestamp() - interval '40 days', 'test', 'old', ?1)",
                study);
    }

    private long lines(UUID study) {
        return ledger.ask("""
                SELECT count(*)
                  FROM ledger.attempt_log l
                  JOIN ledger.attempt a ON a.token = l.token
                  JOIN ledger.task t ON t.id = a.task_id
                 WHERE t.study_id = ?1
                """, Long.class, study);
    }

    private long acts(UUID study) {
        return ledger.ask(
                "SELECT count(*) FROM ledger.audit WHERE study_id = ?1 AND action = 'old'", Long.class, study);
    }

    @Test
    void what_is_old_and_loose_is_deleted() {
        UUID study = ledger.submit(LedgerFixture.single(730_009));
        ledger.runAll(study);
        long networks = ledger.ask("SELECT count(*) FROM ledger.checkpoint_chunk", Long.class);
        ledger.change("""
                INSERT INTO ledger.checkpoint (sha256, bytes, chunks, created_at)
                VALUES (repeat('cd', 32), 1, 1, clock_timestamp() - interval '40 days')
                """);
        ledger.change("INSERT INTO ledger.checkpoint_chunk VALUES (repeat('cd', 32), 0, repeat('cd', 32), 'a')");
        ledger.change(
                "INSERT INTO ledger.audit (at, actor, action) VALUES (clock_timestamp() - interval '40 days', 'test', 'old')");

        Retention.Deleted deleted = retention.delete(Duration.ofDays(30));

        assertThat(deleted.acts()).isEqualTo(1);
        assertThat(deleted.checkpoints()).isEqualTo(1);
        assertThat(ledger.ask("SELECT count(*) FROM ledger.checkpoint_chunk", Long.class))
                .isEqualTo(networks);
        assertThat(ledger.ask(
                        "SELECT count(*) FROM ledger.audit WHERE action = 'retention' AND detail ->> 'checkpoints' = '1'",
                        Long.class))
                .isEqualTo(1);
    }

    @Test
    void a_worker_whose_schema_or_numerics_are_older_than_the_store_is_refused() {
        ledger.worker();

        assertThatThrownBy(() -> workers.register(facts(SchemaVersion.NEWEST - 1, Map.of())))
                .isInstanceOf(WorkerRefusedException.class)
                .hasMessageEndingWith("this program knows %d: upgrade this program", SchemaVersion.NEWEST - 1);
        assertThatThrownBy(() -> workers.register(facts(SchemaVersion.NEWEST + 1, Map.of())))
                .isInstanceOf(WorkerRefusedException.class)
                .hasMessageEndingWith("start a server of this version first");
        assertThatThrownBy(() -> workers.register(facts(SchemaVersion.NEWEST, Map.of("evaluate", 1))))
                .isInstanceOf(WorkerRefusedException.class)
                .hasMessageContaining("a worker must compute evaluate by version 2");
    }

    private static WorkerFacts facts(int schema, Map<String, Integer> numerics) {
        return new WorkerFacts("host", "machine", 1, Optional.empty(), 1, "cpu", 1, Map.of(), "test", schema, numerics);
    }
}

package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.basinlab.StoreForTests;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Heartbeats and what they carry, in a real PostgreSQL. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class HeartbeatsTest {

    private static final Duration LEASE = Duration.ofHours(2);

    @Inject
    LedgerFixture ledger;

    @Inject
    Completions completions;

    @Inject
    AttemptLogs logs;

    @Inject
    Workers workers;

    @Inject
    DataSource database;

    @Inject
    ReservedConnections connections;

    @Inject
    Heartbeats heartbeats;

    @ConfigProperty(name = "quarkus.datasource.jdbc.url")
    String url;

    @ConfigProperty(name = "quarkus.datasource.username")
    String user;

    @ConfigProperty(name = "quarkus.datasource.password")
    String password;

    private static Heartbeats.Self self(UUID worker) {
        return new Heartbeats.Self(worker, WorkerState.ACTIVE, false, Optional.empty());
    }

    private static Heartbeats.Sign sign(Lease lease, double progress, boolean moved) {
        return new Heartbeats.Sign(
                lease.taskId(),
                lease.token(),
                true,
                progress,
                moved,
                List.of(new AttemptLogs.Said("info", "at " + progress)));
    }

    private double hoursLeft(Lease lease) {
        return ledger.ask(
                "SELECT extract(epoch FROM lease_until - clock_timestamp())::float8 / 3600 FROM ledger.task_queue"
                        + " WHERE task_id = ?1",
                Double.class,
                lease.taskId());
    }

    @Test
    void a_heartbeat_puts_leases_off_and_carries_progress_and_lines() {
        UUID worker = ledger.worker();
        Lease lease = ledger.claimOne(worker, ledger.submit(LedgerFixture.single(7201)));

        var alive = heartbeats.beat(
                self(worker),
                LEASE,
                List.of(sign(lease, 0.25, true), new Heartbeats.Sign(UUID.randomUUID(), -1, true, 0, false, List.of())),
                List.of());

        assertThat(alive).containsExactly(lease.token());
        assertThat(hoursLeft(lease)).isBetween(1.9, 2.0);
        assertThat(ledger.ask(
                        "SELECT progress::float8 FROM ledger.task_queue WHERE task_id = ?1 AND progress_at IS NOT NULL",
                        Double.class,
                        lease.taskId()))
                .isEqualTo(0.25);
        assertThat(logs.list(lease.taskId(), new AttemptLogs.Position(0, 0), 10))
                .extracting(AttemptLogs.Line::message)
                .containsExactly("at 0.25");
    }

    @Test
    void without_progress_the_time_of_the_last_progress_stays() {
        UUID worker = ledger.worker();
        Lease lease = ledger.claimOne(worker, ledger.submit(LedgerFixture.single(7202)));
        ledger.change(
                "UPDATE ledger.task_queue SET progress_at = clock_timestamp() - interval '1 hour' WHERE task_id = ?1",
                lease.taskId());

        heartbeats.beat(self(worker), LEASE, List.of(sign(lease, 0, false)), List.of());

        assertThat(ledger.ask(
                        "SELECT progress_at < clock_timestamp() - interval '59 minutes' FROM ledger.task_queue"
                                + " WHERE task_id = ?1",
                        Boolean.class,
                        lease.taskId()))
                .isTrue();
    }

    @Test
    void a_lease_that_another_has_is_not_alive_and_one_that_nobody_has_yet_is_taken_up_again() {
        UUID slow = ledger.worker("heartbeat-host", 1);
        UUID study = ledger.submit(LedgerFixture.single(7203));
        Lease lease = ledger.claimOne(slow, study);
        workers.takeBackFromDead("heartbeat-host", process -> false);

        var again = heartbeats.beat(self(slow), LEASE, List.of(sign(lease, 0.5, true)), List.of());
        long leased = ledger.tasks(study, "LEASED");
        workers.takeBackFromDead("heartbeat-host", process -> false);
        ledger.change("UPDATE ledger.worker SET stopped_at = NULL WHERE id = ?1", slow);
        workers.takeBackFromDead("heartbeat-host", process -> false);
        Lease newer = ledger.claimOne(ledger.worker(), study);
        var lost = heartbeats.beat(self(slow), LEASE, List.of(sign(lease, 0.6, true)), List.of());

        assertThat(again).containsExactly(lease.token());
        assertThat(leased).isEqualTo(1);
        assertThat(lost).isEmpty();
        assertThat(hoursLeft(newer)).isLessThan(0.1);
    }

    @Test
    void a_heartbeat_does_not_wait_for_a_task_that_somebody_holds() throws Exception {
        UUID worker = ledger.worker();
        Lease lease = ledger.claimOne(worker, ledger.submit(LedgerFixture.single(7204)));

        var alive = QuarkusTransaction.requiringNew().call(() -> {
            try (Connection connection = database.getConnection();
                    var statement = connection.prepareStatement(
                            "SELECT 1 FROM ledger.task_queue WHERE task_id = ? FOR UPDATE")) {
                statement.setObject(1, lease.taskId());
                statement.execute();
                return CompletableFuture.supplyAsync(
                                () -> heartbeats.beat(self(worker), LEASE, List.of(sign(lease, 0.5, true)), List.of()))
                        .get(10, TimeUnit.SECONDS);
            }
        });

        assertThat(alive).containsExactly(lease.token());
        assertThat(hoursLeft(lease)).isLessThan(0.1);
    }

    @Test
    void a_worker_says_what_it_is_about() {
        UUID worker = ledger.worker();

        heartbeats.here(new Heartbeats.Self(worker, WorkerState.CORDONED, true, Optional.of("the GPU is gone")));

        assertThat(ledger.ask(
                        "SELECT state || ': ' || fault || CASE WHEN idle_since IS NULL THEN '' ELSE ', idle' END"
                                + " FROM ledger.worker WHERE id = ?1",
                        String.class,
                        worker))
                .isEqualTo("cordoned: the GPU is gone, idle");
    }

    @Test
    void heartbeats_go_through_when_the_pool_and_the_server_have_no_connection_left() throws Exception {
        UUID worker = ledger.worker();
        Lease lease = ledger.claimOne(worker, ledger.submit(LedgerFixture.single(7205)));
        Heartbeats reserved = new Heartbeats(connections);
        reserved.here(self(worker));
        List<Connection> idle = new ArrayList<>();

        try {
            boolean refused = false;
            for (int i = 0; i < 300 && !refused; i++) {
                try {
                    idle.add(DriverManager.getConnection(url, user, password));
                } catch (SQLException e) {
                    refused = e.getSQLState().startsWith("53");
                }
            }
            var alive = reserved.beat(self(worker), LEASE, List.of(sign(lease, 0.5, true)), List.of());

            assertThat(refused).as("the server had no connection left").isTrue();
            assertThat(alive).containsExactly(lease.token());
        } finally {
            for (Connection one : idle) {
                one.close();
            }
            reserved.close();
        }
        assertThat(hoursLeft(lease)).isBetween(1.9, 2.0);
    }

    @Test
    void a_heartbeat_whose_session_was_ended_goes_through_all_the_same() {
        UUID worker = ledger.worker();
        Lease lease = ledger.claimOne(worker, ledger.submit(LedgerFixture.single(7206)));
        Heartbeats reserved = new Heartbeats(connections);
        reserved.here(self(worker));
        ledger.ask(
                "SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE application_name = 'basinlab heartbeat') AS ended",
                Long.class);

        var alive = reserved.beat(self(worker), LEASE, List.of(sign(lease, 0.5, true)), List.of());
        reserved.close();

        assertThat(alive).containsExactly(lease.token());
    }
}

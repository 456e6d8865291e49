package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.basinlab.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one database: the one that has begun with a schedule is killed, and the other does it, once and in time. */
class ScheduleFailoverIT {

    private static final Path JAR =
            Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();
    private static final long MOST_SECONDS = 180;

    /** Lateness that is promised: a check-in of 2 s, Quartz's 7.5 s of grace, and some seconds to do it. */
    private static final double MOST_LATE_SECONDS = 15;

    private static final String SPECIFICATION = """
            study: nightly
            dataset: { name: synthetic-shapes }
            network: { mlp: { hidden: [4] } }
            training: { seeds: { from: 0, count: 1 }, epochs: 1, optimiser: { sgd: { learningRate: 0.1 } } }
            evaluate: { weight-norm: {} }
            schedule: { cron: "%s" }
            """;

    /** Who has taken a trigger of a schedule, or runs its job. */
    private static final String TAKEN = """
            SELECT instance_name
              FROM quartz.qrtz_fired_triggers
             WHERE trigger_group = 'schedules' AND trigger_name = ? AND state = ?
            """;

    private final Map<String, Process> servers = new HashMap<>();

    @TempDir
    Path place;

    private EmbeddedPostgres postgres;
    private Connection connection;

    @BeforeEach
    void start() throws Exception {
        postgres = EmbeddedPostgres.open(place.resolve("store"), message -> {});
        connection = connect();
        // One after the other: the first one makes the tables.
        for (String name : List.of("one", "two")) {
            servers.put(name, server(name));
            await(
                    name + " has checked in",
                    () -> ask(
                                    "SELECT CAST(count(*) AS text) FROM quartz.qrtz_scheduler_state WHERE instance_name = ?",
                                    name)
                            .filter("1"::equals)
                            .isPresent());
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (Process server : servers.values()) {
            server.destroyForcibly().waitFor();
        }
        connection.close();
        postgres.close();
    }

    @Test
    void a_schedule_whose_trigger_was_with_a_server_that_is_killed_fires_once_and_in_time() throws Exception {
        UUID schedule = enter(Duration.ofSeconds(20));
        String holder = awaitTaken(schedule, "ACQUIRED");

        servers.get(holder).destroyForcibly().waitFor();

        firedOnceInTime(schedule);
    }

    @Test
    void a_schedule_whose_job_ran_on_a_server_that_is_killed_fires_once_and_in_time() throws Exception {
        UUID schedule = enter(Duration.ofSeconds(20));
        try (Connection blocker = connect();
                Statement lock = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            lock.execute("LOCK TABLE ledger.schedule_firing IN EXCLUSIVE MODE");
            String holder = awaitTaken(schedule, "EXECUTING");

            servers.get(holder).destroyForcibly().waitFor();
            blocker.rollback();
        }

        firedOnceInTime(schedule);
    }

    /** Enters a schedule that is due once, so long from now, by SQL: every server finds it by itself. */
    private UUID enter(Duration from) throws SQLException {
        UUID schedule = UUID.randomUUID();
        String cron = ask(
                        "SELECT to_char((clock_timestamp() + make_interval(secs => CAST(? AS integer))) AT TIME ZONE 'UTC', 'FMSS FMMI FMHH24 FMDD FMMM ? YYYY')",
                        String.valueOf(from.toSeconds()))
                .orElseThrow();
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO ledger.schedule (id, name, cron, misfire, time_zone, specification)
                VALUES (?, 'nightly', ?, 'fire-once', 'UTC', ?)
                """)) {
            insert.setObject(1, schedule);
            insert.setString(2, cron);
            insert.setString(3, SPECIFICATION.formatted(cron));
            insert.executeUpdate();
        }
        return schedule;
    }

    private String awaitTaken(UUID schedule, String state) throws Exception {
        List<String> found = new ArrayList<>();
        await("a server has taken the schedule", () -> {
            ask(TAKEN, schedule.toString(), state).ifPresent(found::add);
            return !found.isEmpty();
        });
        return found.get(0);
    }

    private void firedOnceInTime(UUID schedule) throws Exception {
        await(
                "the schedule has fired",
                () -> ask(
                                "SELECT CAST(count(*) AS text) FROM ledger.schedule_firing WHERE schedule_id = CAST(? AS uuid) AND study_id IS NOT NULL",
                                schedule.toString())
                        .filter("1"::equals)
                        .isPresent());
        // Long enough for a second firing, had there been one: whatever Quartz recovers it has recovered by then.
        await(
                "the dead server was cleared away",
                () -> ask(
                                "SELECT CAST(count(*) AS text) FROM quartz.qrtz_scheduler_state WHERE instance_name <> ?",
                                "none")
                        .filter("1"::equals)
                        .isPresent());

        double late = Double.parseDouble(ask(
                        "SELECT CAST(extract(epoch FROM fired_at - fire_time) AS text) FROM ledger.schedule_firing WHERE schedule_id = CAST(? AS uuid)",
                        schedule.toString())
                .orElseThrow());
        assertThat(late).isBetween(0.0, MOST_LATE_SECONDS);
        assertThat(ask(
                        "SELECT CAST(count(*) AS text) FROM ledger.schedule_firing WHERE schedule_id = CAST(? AS uuid)",
                        schedule.toString()))
                .contains("1");
        assertThat(ask("SELECT CAST(count(*) AS text) FROM ledger.study WHERE name = ?", "nightly"))
                .contains("1");
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    /** The first column of the first row; empty where there is none, or not yet a table. */
    private Optional<String> ask(String sql, String... parameters) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                query.setString(i + 1, parameters[i]);
            }
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
            }
        } catch (SQLException e) {
            if ("42P01".equals(e.getSQLState()) || "3F000".equals(e.getSQLState())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Process server(String name) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-Dquarkus.quartz.instance-id=" + name,
                        "-jar",
                        JAR.toString(),
                        "serve",
                        "--workers",
                        "0",
                        "--port",
                        "0",
                        "--database",
                        postgres.jdbcUrl(),
                        "--data-home",
                        place.resolve(name).toString())
                .redirectErrorStream(true)
                .redirectOutput(Files.createTempFile(place, name, ".log").toFile());
        builder.environment().put("PGUSER", postgres.user());
        builder.environment().put("PGPASSWORD", postgres.password());
        builder.environment().remove("BASINLAB_DATA_DIR");
        builder.environment().remove("BASINLAB_DATABASE");
        // How full the disk of the machine is that tests has nothing to do with what is tested.
        builder.environment().put("BASINLAB_UPKEEP_FULL", "1.0");
        builder.environment().put("BASINLAB_UPKEEP_ALARM", "1.0");
        return builder.start();
    }

    private interface Condition {
        boolean holds() throws SQLException;
    }

    private void await(String what, Condition condition) throws Exception {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(what).isLessThan(giveUp);
            Thread.sleep(10);
        }
    }
}

package org.basinlab.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On real PostgreSQL processes; one data home for all, since making one takes seconds. */
class EmbeddedPostgresTest {

    private static Path dataHome;

    private static StoreLayout layout;

    private static final List<String> SAID_AT_FIRST = new ArrayList<>();

    @BeforeAll
    static void make_the_data_home(@TempDir Path folder) {
        dataHome = folder.resolve("data home");
        EmbeddedPostgres.open(dataHome, SAID_AT_FIRST::add).close();
        layout = StoreLayout.in(dataHome);
    }

    @AfterEach
    void every_test_leaves_the_server_stopped() {
        assertThat(Postmaster.running(layout)).isEmpty();
    }

    @Test
    void the_first_start_says_what_takes_time_and_the_next_says_nothing() {
        List<String> said = new ArrayList<>();

        open(said).close();

        assertThat(SAID_AT_FIRST).hasSize(2);
        assertThat(SAID_AT_FIRST.get(0)).startsWith("unpacking PostgreSQL");
        assertThat(SAID_AT_FIRST.get(1)).startsWith("creating the store in");
        assertThat(said).isEmpty();
    }

    @Test
    void data_survives_closing_and_opening_again() throws SQLException {
        try (EmbeddedPostgres first = open()) {
            execute(first, "CREATE TABLE kept (word text)");
            execute(first, "INSERT INTO kept VALUES ('basin')");
        }

        try (EmbeddedPostgres second = open()) {
            assertThat(ask(second, "SELECT word FROM kept")).isEqualTo("basin");
            execute(second, "DROP TABLE kept");
        }
    }

    @Test
    void the_server_syncs_checks_pages_speaks_utf8_and_listens_on_this_machine_only() throws SQLException {
        try (EmbeddedPostgres postgres = open()) {
            assertThat(ask(postgres, "SHOW fsync")).isEqualTo("on");
            assertThat(ask(postgres, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(ask(postgres, "SHOW data_checksums")).isEqualTo("on");
            assertThat(ask(postgres, "SHOW server_encoding")).isEqualTo("UTF8");
            assertThat(ask(postgres, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(ask(postgres, "SHOW log_timezone")).isEqualTo("UTC");
            assertThat(ask(postgres, "SELECT upper('ä')")).isEqualTo("Ä");
        }
    }

    @Test
    void a_wrong_password_and_a_missing_one_are_refused() {
        try (EmbeddedPostgres postgres = open()) {
            assertThatThrownBy(() -> DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), "guess"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
            assertThatThrownBy(() -> DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), ""))
                    .isInstanceOf(SQLException.class);
        }
    }

    @Test
    void secrets_and_data_are_for_their_owner_only() throws IOException {
        assertThat(mode(layout.password())).isEqualTo("rw-------");
        assertThat(mode(layout.passFile())).isEqualTo("rw-------");
        assertThat(mode(layout.data())).isEqualTo("rwx------");
        assertThat(mode(layout.folder())).isEqualTo("rwx------");
        assertThat(mode(dataHome)).isEqualTo("rwx------");
    }

    @Test
    void the_pass_file_is_in_the_format_of_psql() {
        try (EmbeddedPostgres postgres = open()) {
            assertThat(postgres.passFile()).hasContent("127.0.0.1:*:*:basinlab:" + postgres.password());
        }
    }

    @Test
    void two_uses_in_one_program_share_a_server_and_the_last_out_stops_it() throws SQLException {
        EmbeddedPostgres first = open();
        EmbeddedPostgres second = open();
        assertThat(second.port()).isEqualTo(first.port());

        first.close();
        first.close();

        assertThat(ask(second, "SELECT 1")).isEqualTo("1");
        second.close();
        assertThat(Postmaster.running(layout)).isEmpty();
    }

    @Test
    void two_programs_share_a_server_and_the_last_out_stops_it() throws Exception {
        try (Program other = new Program()) {
            try (EmbeddedPostgres mine = open()) {
                assertThat(mine.jdbcUrl()).isEqualTo(other.url);
            }
            assertThat(Postmaster.running(layout)).isPresent();

            other.end();
        }

        assertThat(Postmaster.running(layout)).isEmpty();
    }

    @Test
    void a_server_whose_program_was_killed_is_adopted_and_stopped_by_the_next() throws Exception {
        try (Program other = new Program()) {
            other.kill();
            Postmaster left = Postmaster.running(layout).orElseThrow();

            try (EmbeddedPostgres next = open()) {
                assertThat(Postmaster.running(layout)).contains(left);
                assertThat(next.jdbcUrl()).isEqualTo(other.url);
                assertThat(ask(next, "SELECT 1")).isEqualTo("1");
            }
        }
    }

    @Test
    void a_server_that_was_killed_recovers_with_its_data_on_its_old_port() throws SQLException {
        try (EmbeddedPostgres first = open()) {
            execute(first, "CREATE TABLE acknowledged AS SELECT 42 AS answer");
            kill(Postmaster.running(layout).orElseThrow());

            try (EmbeddedPostgres second = open()) {
                assertThat(second.port()).isEqualTo(first.port());
                assertThat(ask(second, "SELECT answer FROM acknowledged")).isEqualTo("42");
                execute(second, "DROP TABLE acknowledged");
            }
        }
    }

    @Test
    void a_stale_pid_file_that_names_a_living_stranger_is_set_aside() throws Exception {
        long stranger = ProcessHandle.current().pid();
        Files.writeString(
                layout.pidFile(), "%d\n%s\n1\n5432\n\n127.0.0.1\n0 0\nready\n".formatted(stranger, layout.data()));

        try (EmbeddedPostgres postgres = open()) {
            assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void an_empty_pid_file_is_set_aside() throws Exception {
        Files.writeString(layout.pidFile(), "");

        try (EmbeddedPostgres postgres = open()) {
            assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void closing_works_in_an_interrupted_thread_and_keeps_the_interrupt() {
        EmbeddedPostgres postgres = open();

        Thread.currentThread().interrupt();
        postgres.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(Postmaster.running(layout)).isEmpty();
    }

    @Test
    void a_store_without_its_password_is_refused() throws IOException {
        Path aside = layout.folder().resolve("aside");
        Files.move(layout.password(), aside);

        assertThatThrownBy(this::open)
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("password must be readable in " + layout.password());

        Files.move(aside, layout.password());
    }

    @Test
    void a_store_whose_password_was_changed_is_refused_and_not_left_running() throws IOException {
        String right = Files.readString(layout.password());
        Files.writeString(layout.password(), "wrong\n");

        assertThatThrownBy(this::open)
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("refuses it");

        Files.writeString(layout.password(), right);
    }

    private EmbeddedPostgres open() {
        return open(new ArrayList<>());
    }

    private static EmbeddedPostgres open(List<String> said) {
        return EmbeddedPostgres.open(dataHome, said::add);
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    private static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void kill(Postmaster postmaster) {
        Command.run(List.of("/bin/sh", "-c", "kill -s KILL " + postmaster.pid()));
        assertThat(Postmaster.await(() -> !postmaster.isRunning(layout), 10)).isTrue();
    }

    /** A Java process of its own that has the data home open. */
    private static final class Program implements AutoCloseable {

        private final Process process;
        private final String url;

        Program() throws IOException {
            String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            classPath,
                            OpenDataHome.class.getName(),
                            dataHome.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            url = String.valueOf(output.readLine());
            assertThat(url).startsWith("jdbc:postgresql://127.0.0.1:");
        }

        void end() throws IOException, InterruptedException {
            process.getOutputStream().close();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}

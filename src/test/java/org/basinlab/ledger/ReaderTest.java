package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.basinlab.ReaderLogin;
import org.basinlab.StoreForTests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code basinlab_reader} may do when it logs in, and what it may not whatever it sets: the table of docs/sql.md. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class ReaderTest {

    private static final String NO_PRIVILEGE = "42501";
    private static final String READ_ONLY = "25006";
    private static final String NOT_UPDATABLE = "55000";
    private static final String CANCELLED = "57014";

    @Inject
    LedgerFixture ledger;

    @Inject
    DataSource database;

    private static String state(SQLException refused) {
        return String.valueOf(refused.getSQLState());
    }

    private static String show(Statement statement, String setting) throws SQLException {
        try (ResultSet row = statement.executeQuery("SHOW " + setting)) {
            row.next();
            return row.getString(1);
        }
    }

    /** As their owner sees them: to the reader the catalogue shows only what it may read. */
    private List<String> owned(String catalogue) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Connection owner = database.getConnection();
                Statement statement = owner.createStatement();
                ResultSet rows = statement.executeQuery(catalogue)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    @Test
    void it_reads_every_view_of_the_results_that_has_rows_and_that_has_none() throws SQLException {
        ledger.runAll(ledger.submit(LedgerFixture.pair(2101)));
        List<String> views = owned("SELECT viewname FROM pg_views WHERE schemaname = 'results'");

        assertThat(views)
                .contains("studies", "tasks", "networks", "snapshots", "metrics", "outcomes", "checks", "lineage")
                .contains("datasets", "workers", "claims", "verdicts");
        try (Connection reader = ReaderLogin.open();
                Statement statement = reader.createStatement()) {
            for (String view : views) {
                assertThat(statement.execute("SELECT * FROM results.\"%s\" LIMIT 1".formatted(view)))
                        .as(view)
                        .isTrue();
            }
        }
    }

    @Test
    void it_reads_a_view_that_a_later_version_adds() throws SQLException {
        try (Connection owner = database.getConnection();
                Statement statement = owner.createStatement()) {
            statement.execute("CREATE VIEW results.later AS SELECT 7 AS seven");
        }

        try (Connection reader = ReaderLogin.open();
                Statement statement = reader.createStatement();
                ResultSet row = statement.executeQuery("SELECT seven FROM results.later")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getInt(1)).isEqualTo(7);
        } finally {
            ledger.change("DROP VIEW results.later");
        }
    }

    @Test
    void it_calls_every_function_of_the_results() throws SQLException {
        List<String> functions = owned("""
                SELECT p.oid::regprocedure::text
                  FROM pg_proc p
                  JOIN pg_namespace n ON n.oid = p.pronamespace
                 WHERE n.nspname = 'results'
                """);

        assertThat(functions).hasSizeGreaterThanOrEqualTo(3);
        try (Connection reader = ReaderLogin.open();
                Statement statement = reader.createStatement()) {
            for (String function : functions) {
                try (ResultSet row =
                        statement.executeQuery("SELECT has_function_privilege('%s', 'EXECUTE')".formatted(function))) {
                    row.next();
                    assertThat(row.getBoolean(1)).as(function).isTrue();
                }
            }
            try (ResultSet row = statement.executeQuery("""
                    SELECT results.median_where(ARRAY[9, 1, 5, 3]::real[], results.all_right(bits)) AS median,
                           results.median_where(ARRAY[9, 'NaN', 5]::real[], B'111') AS beyond,
                           results.median_where(ARRAY[9]::real[], B'0') AS nothing
                      FROM (VALUES (B'01111'::bit varying), (B'11010'::bit varying)) AS v (bits)
                    """)) {
                row.next();
                assertThat(row.getDouble("median")).isEqualTo(2);
                assertThat(row.getDouble("beyond")).isEqualTo(9);
                assertThat(row.getObject("nothing")).isNull();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM ledger.study",
                "SELECT content FROM ledger.checkpoint_chunk",
                "SELECT * FROM ledger.verdict",
                "SELECT * FROM quartz.qrtz_triggers",
                "SELECT rolpassword FROM pg_authid",
                "SELECT pg_read_file('/etc/hostname')",
                "COPY (SELECT 1) TO PROGRAM 'true'",
                "COPY (SELECT 1) TO '/a/file'",
                "UPDATE results.studies SET name = 'mine'",
                "DELETE FROM results.studies",
                "CREATE TABLE results.mine (a int)",
                "CREATE TABLE public.mine (a int)",
                "CREATE FUNCTION results.mine() RETURNS int LANGUAGE sql RETURN 1",
                "CREATE SCHEMA mine",
                "CREATE ROLE mine",
                "ALTER ROLE basinlab_reader CREATEDB",
                "SET ROLE basinlab",
            })
    void nothing_else_is_open_to_it_even_where_it_makes_its_transactions_writable(String forbidden)
            throws SQLException {
        try (Connection reader = ReaderLogin.open();
                Statement statement = reader.createStatement()) {
            statement.execute("SET default_transaction_read_only = off");

            assertThatThrownBy(() -> statement.execute(forbidden))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refused -> assertThat(state(refused)).isIn(NO_PRIVILEGE, NOT_UPDATABLE));
        }
    }

    @Test
    void temporary_tables_are_closed_to_it_by_its_read_only_transactions_alone() throws SQLException {
        try (Connection reader = ReaderLogin.open();
                Statement statement = reader.createStatement()) {
            assertThatThrownBy(() -> statement.execute("CREATE TEMPORARY TABLE mine (a int)"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refused -> assertThat(state(refused)).isEqualTo(READ_ONLY));

            statement.execute("SET default_transaction_read_only = off");
            statement.execute("CREATE TEMPORARY TABLE mine (a int)");

            assertThat(statement.executeUpdate("INSERT INTO mine VALUES (1)")).isEqualTo(1);
        }
    }

    @Test
    void its_login_brings_its_limits() throws SQLException {
        try (Connection reader = ReaderLogin.open();
                Statement statement = reader.createStatement()) {
            assertThat(show(statement, "default_transaction_read_only")).isEqualTo("on");
            assertThat(show(statement, "statement_timeout")).isEqualTo("10s");
            assertThat(show(statement, "idle_in_transaction_session_timeout")).isEqualTo("1min");
        }
    }

    @Test
    void a_statement_that_takes_too_long_is_cancelled() throws SQLException {
        try (Connection reader = ReaderLogin.open();
                Statement statement = reader.createStatement()) {
            statement.execute("SET statement_timeout = '200ms'");

            assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(60)"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            cancelled -> assertThat(state(cancelled)).isEqualTo(CANCELLED));
        }
    }
}

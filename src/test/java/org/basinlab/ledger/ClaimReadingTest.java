package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.StoreForTests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a claim's query may do, whoever wrote it. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class ClaimReadingTest {

    private static final String ONE_UNIT = "SELECT 'a' AS unit, 1.0::float8 AS value, 'ok' AS status";

    @Inject
    LedgerFixture ledger;

    @Inject
    DataSource database;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT set_config('role', 'none', true) AS unit, 1.0::float8 AS value, 'ok' AS status",
                "SELECT set_config('session_authorization', 'default', true) AS unit, 1.0::float8 AS value, 'ok' AS status",
                "SELECT query_to_xml('SET ROLE none', true, true, '')::text AS unit, 1.0::float8 AS value, 'ok' AS status",
                "SELECT query_to_xml('SELECT set_config(''role'', ''none'', true)', true, true, '')::text AS unit, 1.0::float8 AS value, 'ok' AS status",
                "WITH up AS (UPDATE pg_settings SET setting = 'none' WHERE name = 'role' RETURNING name) SELECT name AS unit, 1.0::float8 AS value, 'ok' AS status FROM up",
                "SELECT pg_read_file('PG_VERSION') AS unit, 1.0::float8 AS value, 'ok' AS status",
                "SELECT name AS unit, 1.0::float8 AS value, 'ok' AS status FROM ledger.study"
            })
    void a_query_stays_the_reader_and_reads_nothing_but_results(String sql) {
        UUID study = ledger.submit(LedgerFixture.pair(2901));

        try (ClaimReading reading = ClaimReading.open(database, study)) {
            assertThatExceptionOfType(ClaimQueryException.class)
                    .isThrownBy(() -> reading.units("claim H1", sql))
                    .withMessageStartingWith("claim H1: the query must give units, PostgreSQL said: ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RESET ROLE",
                "/* SELECT */ SET ROLE none",
                "COPY (SELECT 1) TO PROGRAM 'true'",
                "DO $$ BEGIN RESET ROLE; END $$",
                "EXPLAIN SELECT 1",
                "(SELECT 1)"
            })
    void a_query_is_a_select(String sql) {
        UUID study = ledger.submit(LedgerFixture.pair(2904));

        try (ClaimReading reading = ClaimReading.open(database, study)) {
            assertThatExceptionOfType(ClaimQueryException.class)
                    .isThrownBy(() -> reading.units("claim H1", sql))
                    .withMessage("claim H1: the query must be a SELECT");
        }
    }

    @Test
    void where_a_query_could_become_a_superuser_one_that_came_with_a_bundle_is_not_run() {
        UUID own = ledger.submit(LedgerFixture.pair(2902));
        UUID foreign = ledger.submit(LedgerFixture.pair(2903));
        ledger.change("UPDATE ledger.study SET bundle = repeat('ab', 32) WHERE id = ?1", foreign);
        ledger.change("GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO PUBLIC");

        try (ClaimReading ours = ClaimReading.open(database, own);
                ClaimReading theirs = ClaimReading.open(database, foreign)) {
            assertThat(ours.units("claim H1", ONE_UNIT).units()).hasSize(1);
            assertThatExceptionOfType(ClaimQueryException.class)
                    .isThrownBy(() -> theirs.units("claim H1", ONE_UNIT))
                    .withMessageContaining("cannot read more than the results")
                    .withMessageContaining("REVOKE EXECUTE");
        } finally {
            ledger.change("REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC");
        }
        try (ClaimReading theirs = ClaimReading.open(database, foreign)) {
            assertThat(theirs.units("claim H1", ONE_UNIT).units()).hasSize(1);
        }
    }
}

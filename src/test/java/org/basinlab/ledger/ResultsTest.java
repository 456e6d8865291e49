package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.StoreForTests;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** The views that people query. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class ResultsTest {

    @Inject
    LedgerFixture ledger;

    @Inject
    DataSource database;

    @Test
    void the_table_has_one_row_for_each_scheme_and_group_size() {
        UUID study = ledger.submit(LedgerFixture.study(41, 4, "all"));
        ledger.runAll(study);

        List<ResultRow> table = new Reports(database).table(study);

        assertThat(table).extracting(ResultRow::scheme).containsExactly("trained", "hierarchical");
        assertThat(table).extracting(ResultRow::n).containsExactly(4, 2);
        assertThat(table).extracting(row -> row.mean().orElseThrow()).containsOnly(1.5);
        assertThat(table).extracting(ResultRow::metric).containsOnly("weight-norm");
    }

    @Test
    void the_statement_to_copy_gives_the_reader_the_numbers_of_the_table() throws SQLException {
        UUID study = ledger.submit(LedgerFixture.study(45, 4, "all"));
        ledger.runAll(study);
        List<String> lines = new ArrayList<>();

        try (Connection reader = asReader();
                Statement statement = reader.createStatement();
                ResultSet rows = statement.executeQuery(Reports.tableStatement(study))) {
            while (rows.next()) {
                lines.add("%s %d %s".formatted(rows.getString("scheme"), rows.getInt("count"), rows.getDouble("avg")));
            }
        }

        assertThat(lines).containsExactly("trained 4 1.5", "hierarchical 2 1.5");
        assertThat(Reports.tableStatement(study)).doesNotContain("\"");
    }

    @Test
    void a_study_is_found_by_the_beginning_of_its_id_and_by_its_name() {
        UUID study = ledger.submit(LedgerFixture.pair(42));
        Reports reports = new Reports(database);

        assertThat(reports.listMatches(study.toString().substring(0, 13))).containsExactly(study);
        assertThat(reports.listMatches("ledger-test")).contains(study);
        assertThat(reports.listMatches("%")).isEmpty();
    }

    @Test
    void progress_counts_tasks_by_kind() {
        UUID study = ledger.submit(LedgerFixture.pair(43));
        ledger.finish(ledger.claimOne(ledger.worker(), study));

        StudyProgress progress = new Reports(database).progress(study);

        assertThat(progress.state()).isEqualTo("RUNNING");
        assertThat(progress.kinds())
                .filteredOn(kind -> kind.kind().equals("train"))
                .singleElement()
                .satisfies(kind -> {
                    assertThat(kind.all()).isEqualTo(2);
                    assertThat(kind.done()).isEqualTo(1);
                    assertThat(kind.flopsLeft()).isEqualTo(kind.flops() / 2);
                });
    }

    @Test
    void lineage_names_every_leaf_of_a_merge() {
        UUID study = ledger.submit(LedgerFixture.pair(44));
        ledger.runAll(study);

        assertThat(ledger.ask("""
                        SELECT count(*)
                          FROM results.lineage l
                          JOIN results.networks n ON n.id = l.network_id
                         WHERE n.study_id = ?1 AND n.scheme = 'hierarchical' AND l.is_leaf
                        """, Long.class, study)).isEqualTo(2);
    }

    /** A connection of its own: a pooled one would keep the role. */
    private static Connection asReader() throws SQLException {
        Config config = ConfigProvider.getConfig();
        Connection connection = DriverManager.getConnection(
                config.getValue("quarkus.datasource.jdbc.url", String.class),
                config.getValue("quarkus.datasource.username", String.class),
                config.getValue("quarkus.datasource.password", String.class));
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET ROLE basinlab_reader");
        }
        return connection;
    }
}

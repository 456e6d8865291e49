package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.basinlab.embedded.EmbeddedPostgres;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store of an earlier version, with what it remembers. */
class UpgradeTest {

    private static final String BEFORE_OUTCOMES = "5";

    /** Two trained networks and their merge, with a number each, as the version before wrote them. */
    private static final String ROWS = """
            INSERT INTO ledger.study (id, name, seed, identity, specification, keep, state)
            VALUES ('00000000-0000-0000-0000-000000000001', 'old', 1, repeat('ab', 32), 'text', 'all', 'SUCCEEDED');
            INSERT INTO ledger.study_version (study_id, version, canonical, tasks)
            VALUES ('00000000-0000-0000-0000-000000000001', 1, '{}', 3);
            INSERT INTO ledger.dataset (digest, name, official, train_images, test_images)
            VALUES (repeat('cd', 32), 'cifar10', true, 50000, 10000);
            INSERT INTO ledger.task (id, study_id, version, ordinal, kind, parameters, data_digest, arm, scheme, stage, group_size,
                                     group_id, matching, variant, flops, outcome, finished_at)
            SELECT CAST('00000000-0000-0000-0000-00000000001' || i AS uuid), '00000000-0000-0000-0000-000000000001', 1, i,
                   CASE WHEN i = 2 THEN 'merge' ELSE 'train' END, '{}', repeat('cd', 32), 'main',
                   CASE WHEN i = 2 THEN 'hierarchical' ELSE 'trained' END, 0, 1, 0, 'none', '', 1, 'SUCCEEDED', now()
              FROM generate_series(0, 2) AS i;
            INSERT INTO ledger.checkpoint (sha256, bytes, chunks)
            SELECT repeat('e' || i, 32), 1, 1 FROM generate_series(0, 2) AS i;
            INSERT INTO ledger.network (id, task_id, origin, architecture, label, parameters, sha256)
            SELECT CAST('00000000-0000-0000-0000-00000000002' || i AS uuid),
                   CAST('00000000-0000-0000-0000-00000000001' || i AS uuid),
                   CASE WHEN i = 2 THEN 'merged' ELSE 'trained' END, '{}', 'small', 1, repeat('e' || i, 32)
              FROM generate_series(0, 2) AS i;
            UPDATE ledger.task SET network_id = CAST(replace(CAST(id AS text), '00000001', '00000002') AS uuid);
            INSERT INTO ledger.network_parent (network_id, position, parent_id, share)
            SELECT '00000000-0000-0000-0000-000000000022', i,
                   CAST('00000000-0000-0000-0000-00000000002' || i AS uuid), i
              FROM generate_series(0, 1) AS i;
            INSERT INTO ledger.metric (id, task_id, network_id, metric, variant, value, status)
            SELECT ordinal, id, network_id, 'weight-norm', '', 1.5, 'ok' FROM ledger.task;
            """;

    @TempDir
    private Path home;

    private static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void what_the_version_before_outcomes_wrote_is_read_as_before() throws SQLException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.open(home, message -> {})) {
            var flyway = Flyway.configure()
                    .dataSource(postgres.jdbcUrl(), postgres.user(), postgres.password())
                    .locations("filesystem:migrations");
            flyway.target(BEFORE_OUTCOMES).load().migrate();
            try (Connection connection =
                    DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password())) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(ROWS);
                }

                flyway.target("latest").load().migrate();

                assertThat(ask(connection, "SELECT count(network_id) FROM results.metrics WHERE study = 'old'"))
                        .isEqualTo("3");
                assertThat(ask(connection, "SELECT count(*) FROM results.networks WHERE study = 'old'"))
                        .isEqualTo("3");
                // A merge may give one of its parents no share at all; that is a leaf of it still.
                assertThat(ask(connection, "SELECT count(*) FROM results.lineage WHERE is_leaf AND NOT by_comparison"))
                        .isEqualTo("2");
                assertThat(ask(connection, "SELECT stored || ' ' || (bytes IS NULL) FROM results.datasets"))
                        .isEqualTo("false true");
                assertThat(ask(connection, "SELECT count(*) FROM results.outcomes"))
                        .isEqualTo("0");
                assertThat(ask(connection, "SELECT has_table_privilege('basinlab_reader', 'results.checks', 'SELECT')"))
                        .isEqualTo("t");
                assertThat(ask(connection, "SELECT count(*) FROM results.verdicts"))
                        .isEqualTo("0");
                assertThat(ask(connection, "SELECT has_table_privilege('basinlab_reader', 'results.verdicts', 'SELECT')"))
                        .isEqualTo("t");
            }
        }
    }
}

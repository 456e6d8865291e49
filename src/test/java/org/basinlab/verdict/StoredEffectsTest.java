package org.basinlab.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.basinlab.embedded.EmbeddedPostgres;
import org.basinlab.ledger.Contrasts;
import org.basinlab.study.StudyFile;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** The view {@code results.contrasts} and what is made of it, over accuracies that are made up. */
class StoredEffectsTest {

    private static final UUID STUDY = new UUID(7, 7);

    @TempDir
    private static Path home;

    private static EmbeddedPostgres postgres;
    private static PGSimpleDataSource database;

    @BeforeAll
    static void fill() throws SQLException {
        postgres = EmbeddedPostgres.open(home, message -> {});
        database = new PGSimpleDataSource();
        database.setUrl(postgres.jdbcUrl());
        database.setUser(postgres.user());
        database.setPassword(postgres.password());
        Flyway.configure()
                .dataSource(database)
                .locations("filesystem:migrations")
                .load()
                .migrate();
        String canonical = StudyFile.read("""
                study: s
                dataset: { name: synthetic-shapes }
                network: { mlp: { hidden: [8] } }
                training: { seeds: { from: 0, count: 8 }, epochs: 1, optimiser: { adam: { learningRate: 0.001 } } }
                merge:
                  - { scheme: hierarchical, stages: 2 }
                  - { scheme: merge-many, groups: [4], rounds: 1 }
                factors: { training.l2: [0, 0.1] }
                """, "s.yaml").canonical();
        try (Connection connection = database.getConnection()) {
            MadeUpNumbers numbers = new MadeUpNumbers(connection, STUDY);
            numbers.run(
                    "UPDATE ledger.study_version SET canonical = CAST(? AS jsonb) WHERE study_id = ?",
                    canonical,
                    STUDY);
            for (String arm : List.of("main", "l2=0.1")) {
                double more = arm.equals("main") ? 0 : 0.1;
                for (int leaf = 0; leaf < 8; leaf++) {
                    numbers.accuracy(arm, "trained", 1, leaf, "", 0.5 + 0.01 * leaf);
                }
                for (int pair = 0; pair < 4; pair++) {
                    numbers.accuracy(arm, "hierarchical", 2, pair, "", 0.3 + 0.02 * pair + more);
                }
                for (int four = 0; four < 2; four++) {
                    numbers.accuracy(arm, "hierarchical", 4, four, "", 0.3 + more);
                    numbers.accuracy(arm, "merge-many", 4, four, "rounds=1,stop=l2", 0.25 + 0.05 * four);
                }
            }
            numbers.run("""
                    UPDATE ledger.metric m
                       SET value = 'NaN', status = 'nan'
                      FROM ledger.task t
                     WHERE t.id = m.task_id AND t.scheme = 'trained' AND t.arm = 'main' AND t.group_id = 7 AND t.study_id = ?
                    """, STUDY);
        }
    }

    @AfterAll
    static void close() {
        postgres.close();
    }

    @Test
    void a_merge_is_set_against_the_mean_of_its_leaves() {
        List<Contrasts.Row> pairs = new Contrasts(database)
                .rows(STUDY).stream()
                        .filter(row -> row.arm().equals("main"))
                        .filter(row -> row.contrast().equals("merge-minus-leaves") && row.groupSize() == 2)
                        .toList();

        assertThat(pairs).extracting(Contrasts.Row::groupId).containsExactly(0, 1, 2, 3);
        for (Contrasts.Row pair : pairs.subList(0, 3)) {
            double leaves = 0.5 + 0.01 * (2 * pair.groupId() + 0.5);
            assertThat(pair.value().orElseThrow()).isCloseTo(0.3 + 0.02 * pair.groupId() - leaves, within(1e-12));
            assertThat(pair.status()).isEqualTo("ok");
        }
        assertThat(pairs.get(3).value()).isEmpty();
        assertThat(pairs.get(3).status()).isEqualTo("nan");
    }

    @Test
    void a_setting_s_effect_is_read_from_the_store() {
        EffectTable table = Effects.of(database, STUDY);

        assertThat(table.outcomes())
                .extracting(outcome -> outcome.contrast() + " " + outcome.groupSize())
                .containsExactly("merge-minus-leaves 2", "merge-minus-leaves 4", "hierarchical-minus-merge-many 4");
        assertThat(table.outcomes().get(0).effects()).singleElement().satisfies(effect -> {
            assertThat(effect.pairing()).isEqualTo(EffectTable.LEAVES);
            assertThat(effect.difference().n()).isEqualTo(3);
            assertThat(effect.excluded()).isEqualTo(1);
            assertThat(effect.difference().mean().orElseThrow()).isCloseTo(0.1, within(1e-12));
        });
        assertThat(table.outcomes().get(2).own().mean().orElseThrow()).isCloseTo(0.025, within(1e-12));
    }

    @Test
    void of_no_study_there_is_nothing() {
        UUID nobody = new UUID(0, 0);

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Effects.of(database, nobody))
                .withMessage("no study has the id " + nobody);
    }
}

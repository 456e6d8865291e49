package org.basinlab.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.StoreForTests;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.recipe.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From one store into a bundle and from there into another. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class RoundTripTest {

    private static final Contents EVERYTHING = new Contents(true, Contents.Outcomes.ALL, true, true, Contents.LICENCE);

    /** What people see of a study, but for where it came from and the machines that it ran on. */
    private static final List<String> SEEN = List.of(
            "SELECT id, name, paper, seed, state, version, tasks, created_at, started_at, finished_at, identity FROM results.studies WHERE id = '%s'",
            "SELECT * FROM results.tasks WHERE study_id = '%s' ORDER BY ordinal",
            "SELECT * FROM results.networks WHERE study_id = '%s' ORDER BY task_id",
            "SELECT * FROM results.metrics WHERE study_id = '%s' ORDER BY arm, scheme, group_id, seed, metric, space, at, split, value",
            "SELECT * FROM results.outcomes WHERE study_id = '%s' ORDER BY arm, scheme, group_id, seed, metric, space, at, split",
            "SELECT * FROM results.checks WHERE study_id = '%s' ORDER BY metric, check_name",
            "SELECT l.* FROM results.lineage l JOIN results.networks n ON n.id = l.network_id WHERE n.study_id = '%s' ORDER BY 1, 2",
            "SELECT p.* FROM ledger.network_parent p JOIN results.networks n ON n.id = p.network_id WHERE n.study_id = '%s' ORDER BY 1, 2",
            "SELECT study_id, version, claim, outcome, assumption, exploratory, conclusion, task_id, issued_at FROM ledger.verdict WHERE study_id = '%s'",
            "SELECT k.*, c.definition FROM ledger.study_claim k JOIN ledger.claim c ON c.digest = k.digest WHERE k.study_id = '%s'",
            "SELECT d.digest, d.name, d.official, d.train_images FROM results.datasets d WHERE d.digest IN (SELECT data_digest FROM results.tasks WHERE study_id = '%s')");

    @TempDir
    Path folder;

    @Inject
    RealStudy studies;

    @Inject
    LedgerFixture ledger;

    @Inject
    DataSource database;

    private Path export(UUID study, Contents contents) throws IOException {
        return export(database, study, contents);
    }

    private Path export(DataSource from, UUID study, Contents contents) throws IOException {
        Path file =
                folder.resolve("%s-%s.zip".formatted(study, contents.outcomes().label()));
        try (var out = Files.newOutputStream(file)) {
            new BundleExport(from, "test").write(study, contents, out, Progress.UNWATCHED);
        }
        return file;
    }

    @Test
    void a_study_with_all_that_can_happen_to_one_is_the_same_in_another_store() throws IOException {
        UUID earlier = studies.run(2601);
        UUID study = studies.run(2601);
        studies.judge(study);
        assertThat(ledger.<Long>ask(
                        "SELECT count(reused_from) FROM results.tasks WHERE study_id = ?1", Long.class, study))
                .isPositive();
        assertThat(ledger.state(study)).isEqualTo("FAILED");
        Path bundle = export(study, EVERYTHING);

        try (EmptyStore other = new EmptyStore(folder.resolve("other"))) {
            BundleImport imports = new BundleImport(other.database());
            BundleImport.Imported first = imports.take(bundle, Progress.UNWATCHED);
            BundleImport.Imported second = imports.take(bundle, Progress.UNWATCHED);

            assertThat(first.before()).isFalse();
            assertThat(first.study()).isEqualTo(study);
            assertThat(first.checkpoints()).isPositive();
            assertThat(second.before()).isTrue();
            for (String seen : SEEN) {
                assertThat(EmptyStore.rows(other.database(), seen.formatted(study)))
                        .as(seen)
                        .isNotEmpty()
                        .isEqualTo(EmptyStore.rows(database, seen.formatted(study)));
            }
            assertThat(EmptyStore.rows(other.database(), RealStudy.UNITS.formatted(study)))
                    .isEqualTo(EmptyStore.rows(database, RealStudy.UNITS.formatted(study)));
            assertThat(EmptyStore.rows(
                            other.database(),
                            "SELECT bundle, partial FROM results.studies WHERE id = '%s'".formatted(study)))
                    .containsExactly("(%s,f)".formatted(first.sha256()));
            assertThat(EmptyStore.rows(
                            other.database(), "SELECT partial FROM results.studies WHERE id = '%s'".formatted(earlier)))
                    .containsExactly("(t)");
            assertThat(EmptyStore.rows(other.database(), "SELECT * FROM ledger.task_queue"))
                    .isEmpty();
        }
    }

    @Test
    void a_study_of_which_a_part_is_there_is_completed() throws IOException {
        UUID earlier = studies.run(2602);
        UUID study = studies.run(2602);
        Path part = export(study, EVERYTHING);
        Path whole = export(earlier, EVERYTHING);

        try (EmptyStore other = new EmptyStore(folder.resolve("other"))) {
            BundleImport imports = new BundleImport(other.database());
            imports.take(part, Progress.UNWATCHED);
            assertThatExceptionOfType(BundleException.class)
                    .isThrownBy(() -> new BundleExport(other.database(), "test")
                            .write(earlier, EVERYTHING, OutputStream.nullOutputStream(), Progress.UNWATCHED))
                    .withMessage(
                            "a study must be here as a whole before it is exported, of %s only those tasks are that came with another"
                                    .formatted(earlier));
            // As if it had still been running when the other was exported.
            EmptyStore.change(
                    other.database(),
                    "UPDATE ledger.study SET state = 'RUNNING', started_at = NULL, finished_at = NULL WHERE partial");
            BundleImport.Imported completed = imports.take(whole, Progress.UNWATCHED);

            assertThat(completed.before()).isFalse();
            for (UUID id : List.of(earlier, study)) {
                for (String seen : SEEN.subList(0, 8)) {
                    assertThat(EmptyStore.rows(other.database(), seen.formatted(id)))
                            .as(seen)
                            .isEqualTo(EmptyStore.rows(database, seen.formatted(id)));
                }
            }
            assertThat(EmptyStore.rows(other.database(), "SELECT id FROM ledger.study WHERE partial"))
                    .isEmpty();
        }
    }

    @Test
    void equal_contents_are_equal_bytes() throws IOException {
        UUID study = studies.run(2603);
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        ByteArrayOutputStream second = new ByteArrayOutputStream();

        new BundleExport(database, "test").write(study, EVERYTHING, first, Progress.UNWATCHED);
        new BundleExport(database, "test").write(study, EVERYTHING, second, Progress.UNWATCHED);

        assertThat(first.toByteArray()).isEqualTo(second.toByteArray());
    }

    @Test
    void evidence_holds_the_cited_outcomes_and_neither_weights_nor_permutations() throws IOException {
        UUID study = studies.run(2604);
        studies.judge(study);
        Path bundle = export(study, Contents.EVIDENCE);

        try (EmptyStore other = new EmptyStore(folder.resolve("other"))) {
            new BundleImport(other.database()).take(bundle, Progress.UNWATCHED);

            // The claim names FGSM in normalised space at 0.002: without it that one would not be there.
            assertThat(EmptyStore.rows(
                            other.database(),
                            "SELECT DISTINCT metric, space FROM results.outcomes WHERE study_id = '%s' ORDER BY 1, 2"
                                    .formatted(study)))
                    .containsExactly(
                            "(accuracy,)",
                            "(deepfool-l2-mean,pixel)",
                            "(fgsm-accuracy,normalised)",
                            "(fgsm-accuracy,pixel)");
            assertThat(EmptyStore.rows(other.database(), "SELECT DISTINCT permutation FROM ledger.network_parent"))
                    .contains("({})");
            assertThat(EmptyStore.rows(other.database(), "SELECT DISTINCT stored FROM results.networks"))
                    .containsExactly("(f)");
            assertThat(EmptyStore.rows(other.database(), SEEN.get(3).formatted(study)))
                    .isEqualTo(EmptyStore.rows(database, SEEN.get(3).formatted(study)));
        }
    }

    @Test
    void of_a_study_that_came_thinned_no_more_is_promised_than_came() throws IOException {
        UUID study = studies.run(2609);
        Path thin = export(study, Contents.EVIDENCE);

        try (EmptyStore other = new EmptyStore(folder.resolve("other"))) {
            new BundleImport(other.database()).take(thin, Progress.UNWATCHED);
            Path again =
                    export(other.database(), study, new Contents(true, Contents.Outcomes.ALL, true, false, "CC0-1.0"));

            try (BundleFile file = BundleFile.open(again, "again.zip")) {
                assertThat(file.manifest().contents()).isEqualTo(Contents.EVIDENCE);
            }
        }
    }

    @Test
    void a_fuller_bundle_brings_what_the_first_left_out() throws IOException {
        UUID study = studies.run(2610);
        studies.judge(study);
        Path thin = export(study, Contents.EVIDENCE);
        Path full = export(study, EVERYTHING);

        try (EmptyStore other = new EmptyStore(folder.resolve("other"))) {
            BundleImport imports = new BundleImport(other.database());
            imports.take(thin, Progress.UNWATCHED);
            BundleImport.Imported fuller = imports.take(full, Progress.UNWATCHED);

            assertThat(fuller.before()).isFalse();
            assertThat(fuller.checkpoints()).isPositive();
            assertThat(imports.take(thin, Progress.UNWATCHED).before()).isTrue();
            assertThat(imports.take(full, Progress.UNWATCHED).before()).isTrue();
            for (String seen : SEEN) {
                assertThat(EmptyStore.rows(other.database(), seen.formatted(study)))
                        .as(seen)
                        .isNotEmpty()
                        .isEqualTo(EmptyStore.rows(database, seen.formatted(study)));
            }
        }
    }

    @Test
    void what_came_with_a_bundle_is_neither_continued_nor_taken_over() throws IOException {
        UUID study = studies.run(2605);
        Path bundle = export(study, EVERYTHING);
        UUID again;
        try (EmptyStore other = new EmptyStore(folder.resolve("other"))) {
            new BundleImport(other.database()).take(bundle, Progress.UNWATCHED);
        }
        // As if it had come here: the same rows, marked so.
        ledger.change("UPDATE ledger.study SET bundle = repeat('ab', 32) WHERE id = ?1", study);

        again = studies.run(2605);

        assertThat(ledger.<Long>ask(
                        "SELECT count(reused_from) FROM results.tasks WHERE study_id = ?1", Long.class, again))
                .isZero();
    }

    @Test
    void a_bundle_of_the_same_store_changes_nothing() throws IOException {
        UUID study = studies.run(2606);
        Path bundle = export(study, EVERYTHING);

        BundleImport.Imported imported = new BundleImport(database).take(bundle, Progress.UNWATCHED);

        assertThat(imported.before()).isTrue();
        assertThat(ledger.<Long>ask(
                        "SELECT count(*) FROM results.studies WHERE id = ?1 AND bundle IS NULL", Long.class, study))
                .isOne();
    }

    @Test
    void other_contents_under_the_same_ids_are_refused() throws IOException {
        UUID study = studies.run(2607);
        Path bundle = export(study, EVERYTHING);

        try (EmptyStore other = new EmptyStore(folder.resolve("other"))) {
            BundleImport imports = new BundleImport(other.database());
            imports.take(bundle, Progress.UNWATCHED);
            EmptyStore.change(
                    other.database(), "UPDATE ledger.metric SET value = value + 1 WHERE metric = 'weight-norm'");
            EmptyStore.change(other.database(), "UPDATE ledger.study SET bundle = repeat('cd', 32)");

            assertThatExceptionOfType(BundleException.class)
                    .isThrownBy(() -> imports.take(bundle, Progress.UNWATCHED))
                    .withMessage("the store has other contents under 1 ids of table metrics; nothing was changed");
        }
    }

    @Test
    void a_study_that_runs_is_not_exported() {
        UUID study = ledger.submit(LedgerFixture.pair(2608));

        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> export(study, EVERYTHING))
                .withMessageContaining("a study must have ended before it is exported, " + study);
    }
}

package org.basinlab.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.StoreForTests;
import org.basinlab.dispatch.DataCatalogue;
import org.basinlab.dispatch.TaskRunner;
import org.basinlab.ledger.Completions;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.ledger.Submissions;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Progress;
import org.basinlab.study.ClaimRegister;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.basinlab.verdict.ClaimCard;
import org.basinlab.workflow.Planner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Verdicts that the judge issued, from one store into another. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JudgedBundleTest {

    private static final String SPECIFICATION = """
            study: judged-and-sent
            seed: 2701
            dataset: { name: synthetic-shapes }
            network: { mlp: { hidden: [4] } }
            training:
              seeds: { from: 0, count: 24 }
              epochs: 1
              batch: 1000
              optimiser: { adam: { learningRate: 0.001 } }
            merge:
              - { scheme: hierarchical, stages: 1 }
              - { scheme: naive, groups: [2] }
            evaluate: { weight-norm: {} }
            claims: [T1, T2, T3]
            """;

    private static final Contents WITH_NETWORKS =
            new Contents(true, Contents.Outcomes.CITED, false, false, Contents.LICENCE);

    private static final String VERDICTS = "SELECT * FROM results.verdicts WHERE study_id = '%s' ORDER BY claim, part";

    @TempDir
    Path folder;

    @Inject
    LedgerFixture ledger;

    @Inject
    TaskRunner runner;

    @Inject
    Submissions submissions;

    @Inject
    Completions completions;

    @Inject
    DataCatalogue data;

    @Inject
    DataSource database;

    @Inject
    ClaimRegister register;

    private UUID study;

    @BeforeEach
    void run_the_study_to_its_verdicts() {
        if (study == null) {
            study = run();
        }
    }

    private UUID run() {
        Study wanted = StudyFile.read(SPECIFICATION, "judged.yaml", register);
        UUID id = submissions
                .submit(
                        wanted,
                        SPECIFICATION,
                        Planner.plan(wanted, register),
                        Map.of(
                                KnownDataset.SYNTHETIC_SHAPES,
                                data.facts(wanted.arms().get(0).dataset())),
                        Optional.empty())
                .id();
        UUID worker = ledger.worker();
        for (List<Lease> one = ledger.claim(worker, id, 1); !one.isEmpty(); one = ledger.claim(worker, id, 1)) {
            completions.finish(one.get(0), runner.run(one.get(0), Progress.UNWATCHED));
        }
        return id;
    }

    private Path export(UUID id, String name, Contents contents) throws IOException {
        Path file = folder.resolve(name);
        try (var out = Files.newOutputStream(file)) {
            new BundleExport(database, "test").write(id, contents, out, Progress.UNWATCHED);
        }
        return file;
    }

    private static ClaimCard card(DataSource database, String claim, UUID study) {
        // A program that knows nothing of these claims but what the bundle says.
        return new org.basinlab.verdict.Verdicts(ClaimRegister.shipped(), Optional.of(database))
                .card(claim, Optional.of(study))
                .orElseThrow();
    }

    private void requireSameVerdicts(DataSource other) {
        assertThat(EmptyStore.rows(other, VERDICTS.formatted(study)))
                .hasSize(3)
                .isEqualTo(EmptyStore.rows(database, VERDICTS.formatted(study)));
        assertThat(EmptyStore.rows(
                        other,
                        "SELECT claim, outcome FROM results.verdicts WHERE study_id = '%s' ORDER BY 1"
                                .formatted(study)))
                .containsExactly("(T1,reproduced)", "(T2,contradicted)", "(T3,provisional)");
        for (String claim : List.of("T1", "T2", "T3")) {
            ClaimCard there = card(other, claim, study);
            ClaimCard here = card(database, claim, study);
            assertThat(there.errors()).as(claim).isEmpty();
            assertThat(there.verdict()).isEqualTo(here.verdict());
            assertThat(there.conclusion()).isEqualTo(here.conclusion());
            assertThat(there.claim()).isEqualTo(register.get(claim));
        }
    }

    @Test
    void verdicts_without_weights_are_the_same_in_an_empty_store() throws IOException {
        Path bundle = export(study, "cited.zip", Contents.EVIDENCE);

        try (EmptyStore other = new EmptyStore(folder.resolve("without"))) {
            BundleImport.Imported imported = new BundleImport(other.database()).take(bundle, Progress.UNWATCHED);

            assertThat(imported.rows()).containsEntry("verdicts", 2L).containsEntry("study_claims", 3L);
            assertThat(imported.checkpoints()).isZero();
            requireSameVerdicts(other.database());
            // As a program does that has these claims in its register.
            EmptyStore.change(
                    other.database(),
                    "INSERT INTO ledger.current_claim (id, digest, ordinal) SELECT id, digest, right(id, 1)::int FROM ledger.claim");
            String claims = "SELECT * FROM results.claims WHERE id IN ('T1', 'T2', 'T3') ORDER BY id";
            assertThat(EmptyStore.rows(other.database(), claims))
                    .hasSize(3)
                    .isEqualTo(EmptyStore.rows(database, claims));
        }
    }

    @Test
    void verdicts_with_weights_are_the_same_and_the_networks_are_there() throws IOException {
        Path bundle = export(study, "networks.zip", WITH_NETWORKS);

        try (EmptyStore other = new EmptyStore(folder.resolve("with"))) {
            BundleImport.Imported imported = new BundleImport(other.database()).take(bundle, Progress.UNWATCHED);

            // 24 trained, 12 merged in either way.
            assertThat(imported.checkpoints()).isEqualTo(48);
            requireSameVerdicts(other.database());
            assertThat(EmptyStore.rows(other.database(), "SELECT DISTINCT stored FROM results.networks"))
                    .containsExactly("(t)");
        }
    }

    @Test
    void a_number_that_was_changed_after_the_import_is_an_error_on_the_card() throws IOException {
        Path bundle = export(study, "changed.zip", Contents.EVIDENCE);

        try (EmptyStore other = new EmptyStore(folder.resolve("changed"))) {
            new BundleImport(other.database()).take(bundle, Progress.UNWATCHED);
            EmptyStore.change(
                    other.database(), "UPDATE ledger.metric SET value = value + 1 WHERE metric = 'weight-norm'");

            assertThat(card(other.database(), "T1", study).errors())
                    .singleElement()
                    .asString()
                    .startsWith("claim T1, part norm: its SQL must give the rows that the verdict was made of");
        }
    }

    /** The same specification, run here and run by those who ship it: other ids, equal networks, equal numbers. */
    @Test
    void evidence_stands_beside_a_users_own_run_of_the_same_study() throws IOException {
        Path mine = export(study, "mine.zip", WITH_NETWORKS);
        // What came with a bundle is not taken over, so that all of it is computed once more.
        ledger.change("UPDATE ledger.study SET bundle = repeat('ab', 32) WHERE id = ?1", study);
        UUID shipped = run();
        ledger.change("UPDATE ledger.study SET bundle = NULL WHERE id = ?1", study);
        Path evidence = export(shipped, "shipped.zip", Contents.EVIDENCE);

        try (EmptyStore other = new EmptyStore(folder.resolve("own"))) {
            BundleImport imports = new BundleImport(other.database());
            imports.take(mine, Progress.UNWATCHED);
            EmptyStore.change(other.database(), "UPDATE ledger.study SET bundle = NULL");
            BundleImport.Imported imported = imports.take(evidence, Progress.UNWATCHED);

            assertThat(shipped).isNotEqualTo(study);
            assertThat(imported.before()).isFalse();
            requireSameVerdicts(other.database());
            assertThat(EmptyStore.rows(
                            other.database(),
                            "SELECT bundle IS NULL, partial, count(*) FROM results.studies GROUP BY 1, 2 ORDER BY 1"))
                    .containsExactly("(f,f,1)", "(t,f,1)");
            assertThat(card(other.database(), "T1", shipped).errors()).isEmpty();
            assertThat(card(other.database(), "T1", shipped).others()).hasSize(1);
            // The shipped one is newer; one's own counts for more.
            assertThat(new org.basinlab.verdict.Verdicts(ClaimRegister.shipped(), Optional.of(other.database()))
                            .lines())
                    .filteredOn(line -> line.id().equals("T1"))
                    .singleElement()
                    .satisfies(line -> assertThat(line.studyId()).contains(study));
            assertThat(EmptyStore.rows(
                            other.database(),
                            "SELECT DISTINCT stored FROM results.networks WHERE study_id = '%s'".formatted(study)))
                    .containsExactly("(t)");
        }
    }
}

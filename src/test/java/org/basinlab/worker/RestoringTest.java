package org.basinlab.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.StoreForTests;
import org.basinlab.ledger.CheckpointException;
import org.basinlab.ledger.CheckpointImport;
import org.basinlab.ledger.Checkpoints;
import org.basinlab.ledger.Completions;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.ledger.LineageMissingException;
import org.basinlab.ledger.SmallPlan;
import org.basinlab.ledger.StudyControl;
import org.basinlab.ledger.Workers;
import org.basinlab.network.Safetensors;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Split;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;
import org.junit.jupiter.api.Test;

/** Real networks, damaged in a real store and computed again. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class RestoringTest {

    private static final String ACTS = """
            SELECT count(*)
              FROM results.audit
             WHERE action = ?1
               AND detail ->> 'checkpoint' = ?2
               AND study_id = ?3
            """;

    @Inject
    LedgerFixture ledger;

    @Inject
    LocalRunner runner;

    @Inject
    DataShelf data;

    @Inject
    Completions completions;

    @Inject
    Workers workers;

    @Inject
    ThisMachine machine;

    @Inject
    Checkpoints checkpoints;

    @Inject
    NetworkShelf networks;

    @Inject
    Restoring restoring;

    @Inject
    StudyControl control;

    @Inject
    DataSource database;

    /** What was told of each checkpoint before it was computed. */
    private final List<String> told = new ArrayList<>();

    private List<Restoring.Computed> restore(String sha256) {
        return restoring.restore(sha256, (checkpoint, name, number, of) -> {
            told.add("%d of %d: %s".formatted(number, of, name));
            return Progress.UNWATCHED;
        });
    }

    /** Two trainings, their merge, and its accuracy; nothing is run yet. */
    private UUID submit(long seed) {
        SmallPlan plan = new SmallPlan(seed);
        int merged = plan.merge(
                new MergeStep.Pair(new Matching.Weight(), 0.5, Optional.empty()), plan.train(0), plan.train(1));
        TaskSpec.Images images = new TaskSpec.Images(plan.arm().dataset(), Split.TEST, Optional.of(60));
        plan.evaluate(new TaskSpec.Evaluate(new MetricRequest.Accuracy(), Optional.of(images)), merged);
        return ledger.submit(
                plan,
                Map.of(KnownDataset.SYNTHETIC_SHAPES, data.facts(plan.arm().dataset())));
    }

    /** Runs what is ready, one after another; at most so many. */
    private List<TaskOutcome> run(UUID study, int most) {
        UUID worker = workers.register(machine.facts(1));
        List<TaskOutcome> outcomes = new ArrayList<>();
        while (outcomes.size() < most) {
            List<Lease> one = ledger.claim(worker, study, 1);
            if (one.isEmpty()) {
                break;
            }
            outcomes.add(runner.run(one.get(0), Progress.UNWATCHED));
            completions.finish(one.get(0), outcomes.get(outcomes.size() - 1));
        }
        return outcomes;
    }

    private String network(UUID study, String where) {
        return ledger.ask(
                "SELECT sha256 FROM results.networks WHERE study_id = ?1 AND " + where
                        + " ORDER BY group_id, seed LIMIT 1",
                String.class,
                study);
    }

    private void flipABit(String sha256) {
        ledger.change(
                "UPDATE ledger.checkpoint_chunk SET content = set_bit(content, 7777, 1 - get_bit(content, 7777))"
                        + " WHERE sha256 = ?1 AND position = 0",
                sha256);
    }

    private void giveUp(String sha256) {
        ledger.change("DELETE FROM ledger.checkpoint_chunk WHERE sha256 = ?1", sha256);
        ledger.change("UPDATE ledger.checkpoint SET dropped_at = clock_timestamp() WHERE sha256 = ?1", sha256);
    }

    /** As if the study had set out to decide something. */
    private void claim(UUID study) {
        ledger.change("""
                INSERT INTO ledger.study_claim (study_id, version, claim, digest, planned)
                SELECT ?1, 1, id, digest, 1 FROM ledger.current_claim ORDER BY ordinal LIMIT 1
                """, study);
    }

    private boolean isStale(UUID study) {
        return ledger.ask("SELECT stale FROM results.verdicts WHERE study_id = ?1", Boolean.class, study);
    }

    private long acts(String action, String sha256, UUID study) {
        return ledger.ask(ACTS, Long.class, action, sha256, study);
    }

    private boolean isNoted(String sha256) {
        return ledger.ask(
                "SELECT damaged_at IS NOT NULL FROM ledger.checkpoint WHERE sha256 = ?1", Boolean.class, sha256);
    }

    @Test
    void a_flipped_bit_fails_the_task_by_name_makes_verdicts_stale_and_is_repaired_from_the_lineage() {
        UUID study = submit(2901);
        run(study, 2);
        claim(study);
        String leaf = network(study, "scheme = 'trained'");
        byte[] before = checkpoints.read(leaf);
        flipABit(leaf);
        boolean staleBefore = isStale(study);

        List<TaskOutcome> failed = run(study, 9);

        assertThat(failed)
                .singleElement()
                .isInstanceOfSatisfying(
                        TaskOutcome.Rejected.class,
                        rejected -> assertThat(rejected.reason())
                                .startsWith("chunk 0 of checkpoint " + leaf + " is damaged")
                                .endsWith("`basinlab checkpoint restore " + leaf + "` computes it again"));
        assertThat(ledger.ask(
                        "SELECT reason FROM results.tasks WHERE study_id = ?1 AND state = 'FAILED' AND kind = 'merge' AND attempts = 1",
                        String.class,
                        study))
                .contains(leaf);
        assertThat(ledger.tasks(study, "BLOCKED")).isEqualTo(1);
        assertThat(ledger.ask(
                        "SELECT count(*) FROM results.networks WHERE study_id = ?1 AND scheme <> 'trained'",
                        Long.class,
                        study))
                .isZero();
        assertThat(staleBefore).isFalse();
        assertThat(isStale(study)).isTrue();
        assertThat(network(study, "damaged_at IS NOT NULL")).isEqualTo(leaf);
        assertThat(acts("checkpoint-damaged", leaf, study)).isEqualTo(1);

        List<Restoring.Computed> computed = restore(leaf);

        assertThat(computed).singleElement().satisfies(one -> {
            assertThat(one.isEqual()).isTrue();
            assertThat(one.before()).isEqualTo(one.now()).containsKeys("engine", "kernel", "threads");
        });
        assertThat(told).singleElement().asString().startsWith("1 of 1: train main/trained/1/0 seed ");
        assertThat(checkpoints.read(leaf)).isEqualTo(before);
        assertThat(isStale(study)).isFalse();
        assertThat(acts("checkpoint-restored", leaf, study)).isEqualTo(1);

        control.retry(study, "test");

        assertThat(run(study, 9)).hasSize(2).allMatch(TaskOutcome.Succeeded.class::isInstance);
        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
        assertThat(restore(leaf)).isEmpty();
    }

    @Test
    void what_a_merge_is_made_of_is_computed_first_where_it_is_given_up_or_truncated_too() {
        UUID study = submit(2902);
        run(study, 9);
        String merged = network(study, "scheme = 'hierarchical'");
        String first = network(study, "scheme = 'trained'");
        String second = network(study, "scheme = 'trained' AND sha256 <> '%s'".formatted(first));
        byte[] before = checkpoints.read(merged);
        giveUp(merged);
        giveUp(first);
        ledger.change("DELETE FROM ledger.checkpoint_chunk WHERE sha256 = ?1", second);

        List<Restoring.Computed> computed = restore(merged);

        assertThat(computed)
                .allMatch(Restoring.Computed::isEqual)
                .extracting(Restoring.Computed::sha256)
                .endsWith(merged)
                .containsExactlyInAnyOrder(first, second, merged);
        assertThat(told).hasSize(3);
        assertThat(told.get(2)).startsWith("3 of 3: merge main/hierarchical/2/0");
        assertThat(checkpoints.read(merged)).isEqualTo(before);
        assertThat(isNoted(second)).isFalse();
        assertThat(acts("checkpoint-damaged", second, study)).isEqualTo(1);
        assertThat(acts("checkpoint-restored", first, study)).isEqualTo(1);
        assertThat(ledger.ask(
                        "SELECT count(*) FROM results.networks WHERE study_id = ?1 AND NOT stored", Long.class, study))
                .isZero();
    }

    @Test
    void what_comes_out_otherwise_changes_nothing_and_is_told_with_both_digests() {
        UUID study = submit(2903);
        run(study, 9);
        String leaf = network(study, "scheme = 'trained'");
        String other = Digests.of(new byte[] {1, 2, 3});
        byte[] stored = {1, 2, 4};
        ledger.change("INSERT INTO ledger.checkpoint (sha256, bytes, chunks) VALUES (?1, 3, 1)", other);
        ledger.change("INSERT INTO ledger.checkpoint_chunk VALUES (?1, 0, ?2, ?3)", other, Digests.of(stored), stored);
        ledger.change("UPDATE ledger.network SET sha256 = ?1 WHERE sha256 = ?2", other, leaf);

        List<Restoring.Computed> computed = restore(other);

        assertThat(computed).singleElement().satisfies(one -> {
            assertThat(one.isEqual()).isFalse();
            assertThat(one.sha256()).isEqualTo(other);
            assertThat(one.found()).contains(leaf);
            assertThat(one.failure()).isEmpty();
            assertThat(one.before()).isEqualTo(one.now());
        });
        assertThat(ledger.ask("SELECT content FROM ledger.checkpoint_chunk WHERE sha256 = ?1", byte[].class, other))
                .isEqualTo(stored);
        assertThat(isNoted(other)).isTrue();
        assertThat(acts("checkpoint-restored", other, study)).isZero();
    }

    @Test
    void a_network_along_a_training_is_computed_again_too() {
        Study study = StudyFile.read("""
                study: restored-snapshot
                seed: 2904
                dataset: { name: synthetic-shapes }
                network: { mlp: { hidden: [4] } }
                training:
                  seeds: { from: 0, count: 1 }
                  epochs: 2
                  checkpoints: { every: 25 }
                  batch: 500
                  optimiser: { adam: { learningRate: 0.001 } }
                """, "restored-snapshot.yaml");
        UUID id = ledger.submitOnNewData(
                study, data.facts(study.arms().get(0).dataset()).digest());
        run(id, 1);
        String along = ledger.ask("SELECT sha256 FROM results.snapshots WHERE study_id = ?1", String.class, id);
        byte[] before = checkpoints.read(along);
        flipABit(along);

        List<Restoring.Computed> computed = restore(along);

        assertThat(computed)
                .singleElement()
                .satisfies(one -> assertThat(one.isEqual()).isTrue());
        assertThat(checkpoints.read(along)).isEqualTo(before);
    }

    @Test
    void what_was_brought_in_is_brought_in_again_and_nothing_computed() {
        byte[] bytes = {9, 8, 7, 6};
        String sha256 = Digests.of(bytes);
        CheckpointImport imports = new CheckpointImport(database);
        imports.add(bytes);
        ledger.change("DELETE FROM ledger.checkpoint_chunk WHERE sha256 = ?1", sha256);

        assertThatExceptionOfType(LineageMissingException.class)
                .isThrownBy(() -> restore(sha256))
                .withMessageContaining(sha256)
                .withMessageContaining("checkpoint import");
        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> checkpoints.read(sha256));
        boolean added = imports.add(bytes);

        assertThat(told).isEmpty();
        assertThat(added).isTrue();
        assertThat(isNoted(sha256)).isFalse();
        assertThat(checkpoints.read(sha256)).isEqualTo(bytes);
    }

    @Test
    void work_whose_network_is_damaged_is_done_again_by_the_next_study_and_repairs_it() {
        UUID first = submit(2905);
        run(first, 9);
        String leaf = network(first, "scheme = 'trained'");
        byte[] before = checkpoints.read(leaf);
        flipABit(leaf);
        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> checkpoints.read(leaf));

        UUID second = submit(2905);
        List<TaskOutcome> again = run(second, 9);

        assertThat(again).singleElement().isInstanceOf(TaskOutcome.Succeeded.class);
        assertThat(ledger.state(second)).isEqualTo("SUCCEEDED");
        assertThat(checkpoints.read(leaf)).isEqualTo(before);
        assertThat(isNoted(leaf)).isFalse();
        assertThat(acts("checkpoint-restored", leaf, first)).isEqualTo(1);
    }

    @Test
    void weights_that_are_no_numbers_and_bytes_that_are_no_network_are_never_merged() {
        Architecture.Mlp network = new Architecture.Mlp(3, List.of(2), 2);
        float[] values = new float[network.parameterCount()];
        Arrays.fill(values, Float.NaN);
        byte[] unfinite = Safetensors.write(
                Weights.owning(network, values), Map.of("architecture", CanonicalJson.write(network)));
        byte[] nothing = {1, 1, 2};
        CheckpointImport imports = new CheckpointImport(database);
        imports.add(unfinite);
        imports.add(nothing);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> networks.getFinite(Digests.of(unfinite)))
                .withMessage("checkpoint %s must hold finite weights, it does not", Digests.of(unfinite));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> networks.get(Digests.of(nothing)))
                .withMessageStartingWith("checkpoint " + Digests.of(nothing) + ": a safetensors file must ");
    }
}

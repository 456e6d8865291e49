package org.basinlab.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.StoreForTests;
import org.basinlab.dispatch.Replayer;
import org.basinlab.ledger.Completions;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.ledger.SmallPlan;
import org.basinlab.ledger.WorkerFacts;
import org.basinlab.ledger.Workers;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Split;
import org.basinlab.workflow.TaskSpec;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class AuditingTest {

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
    Auditing auditing;

    @Inject
    Replayer replayer;

    /** Two trainings, their merge, its accuracy and FGSM: five tasks. */
    private UUID run(long seed) {
        SmallPlan plan = new SmallPlan(seed);
        int merged = plan.merge(
                new MergeStep.Pair(new Matching.Weight(), 0.5, Optional.empty()), plan.train(0), plan.train(1));
        TaskSpec.Images images = new TaskSpec.Images(plan.arm().dataset(), Split.TEST, Optional.of(60));
        plan.evaluate(new TaskSpec.Evaluate(new MetricRequest.Accuracy(), Optional.of(images)), merged);
        plan.evaluate(new TaskSpec.Evaluate(new MetricRequest.Calibration(10), Optional.of(images)), merged);
        UUID study = ledger.submit(
                plan,
                Map.of(KnownDataset.SYNTHETIC_SHAPES, data.facts(plan.arm().dataset())));
        WorkerFacts facts = machine.facts(1);
        UUID worker = workers.register(facts);
        for (List<Lease> one = ledger.claim(worker, study, 1); !one.isEmpty(); one = ledger.claim(worker, study, 1)) {
            completions.finish(one.get(0), runner.run(one.get(0), Progress.UNWATCHED));
        }
        return study;
    }

    @Test
    void tasks_that_are_run_again_give_the_same_bytes_and_change_nothing() {
        UUID study = run(2801);
        Long before = ledger.ask("SELECT count(*) FROM ledger.metric", Long.class);

        Auditing.Audit audit = auditing.audit(study, 1, 1, 2, Progress.UNWATCHED);

        assertThat(audit.tasks()).isEqualTo(5);
        assertThat(audit.withoutInputs()).isZero();
        assertThat(audit.compared())
                .hasSize(5)
                .allMatch(Auditing.Compared::isEqual)
                .allMatch(Auditing.Compared::isPromised);
        assertThat(ledger.<Long>ask("SELECT count(*) FROM ledger.metric", Long.class))
                .isEqualTo(before);
        assertThat(ledger.<Long>ask(
                        "SELECT count(*) FROM ledger.replay a JOIN ledger.task t ON t.id = a.task_id WHERE t.study_id = ?1 AND a.found = a.recorded",
                        Long.class,
                        study))
                .isEqualTo(5);
    }

    @Test
    void a_replay_runs_no_more_tasks_than_it_is_told_and_names_those_that_differ() {
        UUID study = run(2811);
        Replayer.Replayed some = replayer.replay(study, 2, 1);
        ledger.change(
                "UPDATE ledger.metric SET value = value + 1e-9 WHERE metric = 'ece' AND task_id IN (SELECT id FROM ledger.task WHERE study_id = ?1)",
                study);

        Replayer.Replayed all = replayer.replay(study, 100, 1);

        assertThat(some).isEqualTo(new Replayer.Replayed(2, List.of()));
        assertThat(all.compared()).isEqualTo(5);
        assertThat(all.differing()).singleElement().asString().contains("calibration");
    }

    @Test
    void a_number_an_image_or_a_network_that_differs_is_found() {
        UUID study = run(2802);
        ledger.change(
                "UPDATE ledger.metric SET value = value + 1e-9 WHERE metric = 'ece' AND task_id IN (SELECT id FROM ledger.task WHERE study_id = ?1)",
                study);
        ledger.change(
                "UPDATE ledger.outcome SET correct = set_bit(correct, 3, 1 - get_bit(correct, 3)) WHERE task_id IN (SELECT id FROM ledger.task WHERE study_id = ?1)",
                study);
        ledger.change("""
                UPDATE ledger.network
                   SET sha256 = (SELECT n.sha256 FROM ledger.network n JOIN ledger.task t ON t.id = n.task_id WHERE t.study_id = ?1 AND t.kind = 'merge')
                 WHERE task_id IN (SELECT id FROM ledger.task WHERE study_id = ?1 AND seed = 0)
                """, study);

        List<Auditing.Compared> differing = auditing.audit(study, 1, 1, 2, Progress.UNWATCHED).compared().stream()
                .filter(one -> !one.isEqual())
                .toList();

        assertThat(differing)
                .extracting(Auditing.Compared::name)
                .anyMatch(name -> name.contains("calibration"))
                .anyMatch(name -> name.contains("accuracy"))
                .anyMatch(name -> name.startsWith("train"));
    }

    @Test
    void outcomes_that_a_bundle_left_out_are_no_difference_and_those_that_it_has_are_compared() {
        UUID study = run(2804);
        ledger.change("UPDATE ledger.study SET bundle = repeat('ab', 32) WHERE id = ?1", study);

        List<Auditing.Compared> whole =
                auditing.audit(study, 1, 1, 2, Progress.UNWATCHED).compared();
        ledger.change(
                "UPDATE ledger.outcome SET correct = set_bit(correct, 3, 1 - get_bit(correct, 3)) WHERE task_id IN (SELECT id FROM ledger.task WHERE study_id = ?1)",
                study);
        List<Auditing.Compared> changed =
                auditing.audit(study, 1, 1, 2, Progress.UNWATCHED).compared();
        ledger.change(
                "DELETE FROM ledger.outcome WHERE task_id IN (SELECT id FROM ledger.task WHERE study_id = ?1)", study);
        List<Auditing.Compared> leftOut =
                auditing.audit(study, 1, 1, 2, Progress.UNWATCHED).compared();

        assertThat(whole).hasSize(5).allMatch(Auditing.Compared::isEqual);
        assertThat(changed)
                .filteredOn(one -> !one.isEqual())
                .singleElement()
                .satisfies(one -> assertThat(one.name()).contains("accuracy"));
        assertThat(leftOut).hasSize(5).allMatch(Auditing.Compared::isEqual);
    }

    @Test
    void a_task_that_fails_now_is_one_that_differs_and_the_others_are_compared_all_the_same() {
        UUID study = run(2805);
        ledger.change("INSERT INTO ledger.checkpoint (sha256, bytes, chunks) VALUES (repeat('ba', 32), 3, 1)");
        ledger.change(
                "INSERT INTO ledger.checkpoint_chunk VALUES (repeat('ba', 32), 0, repeat('ba', 32), decode('010203', 'hex'))");
        ledger.change("""
                UPDATE ledger.network
                   SET sha256 = repeat('ba', 32)
                 WHERE task_id IN (SELECT id FROM ledger.task WHERE study_id = ?1 AND kind = 'merge')
                """, study);

        List<Auditing.Compared> compared =
                auditing.audit(study, 1, 1, 2, Progress.UNWATCHED).compared();

        assertThat(compared).hasSize(5);
        assertThat(compared)
                .filteredOn(one -> one.failure().isPresent())
                .hasSize(2)
                .noneMatch(Auditing.Compared::isEqual)
                .allSatisfy(one -> assertThat(one.name()).startsWith("evaluate"));
        assertThat(ledger.<Long>ask(
                        "SELECT count(*) FROM ledger.replay a JOIN ledger.task t ON t.id = a.task_id WHERE t.study_id = ?1 AND a.found = 'failed'",
                        Long.class,
                        study))
                .isEqualTo(2);
    }

    @Test
    void a_sample_follows_from_its_seed_and_tasks_without_inputs_are_counted() {
        UUID study = run(2803);
        ledger.change("""
                UPDATE ledger.checkpoint SET dropped_at = clock_timestamp()
                 WHERE sha256 IN (SELECT n.sha256 FROM ledger.network n JOIN ledger.task t ON t.id = n.task_id WHERE t.study_id = ?1 AND t.kind = 'merge')
                """, study);

        Auditing.Audit first = auditing.audit(study, 0.4, 9, 1, Progress.UNWATCHED);
        Auditing.Audit second = auditing.audit(study, 0.4, 9, 1, Progress.UNWATCHED);

        assertThat(first.withoutInputs()).isEqualTo(2);
        assertThat(first.compared()).hasSize(2);
        assertThat(second.compared())
                .extracting(Auditing.Compared::task)
                .isEqualTo(
                        first.compared().stream().map(Auditing.Compared::task).toList());
    }
}

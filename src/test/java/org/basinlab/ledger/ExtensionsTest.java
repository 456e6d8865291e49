package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.basinlab.StoreForTests;
import org.basinlab.study.ClaimRegister;
import org.basinlab.study.SeedRange;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.basinlab.workflow.Conclusion;
import org.basinlab.workflow.Extension;
import org.basinlab.workflow.Planner;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;
import org.junit.jupiter.api.Test;

/** Seeds that are added to studies of a real PostgreSQL. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class ExtensionsTest {

    @Inject
    LedgerFixture ledger;

    @Inject
    Extensions extensions;

    @Inject
    Completions completions;

    @Inject
    ClaimRegister register;

    private Extensions.Extended extend(UUID study, long from, int count) {
        SeedRange more = new SeedRange(from, count);
        PlannedBefore before = extensions.planned(study);
        Study larger = Extension.extend(before.study(), more);
        Extension extension = Extension.between(before.tasks(), Planner.plan(larger, register));
        return extensions.extend(before, larger, extension, more, "test");
    }

    private long count(String sql, UUID study) {
        return ledger.ask(sql, Long.class, study);
    }

    @Test
    void a_study_that_ended_goes_on_with_what_is_new_and_with_nothing_else() {
        UUID study = ledger.submit(LedgerFixture.pair(3001));
        ledger.runAll(study);

        Extensions.Extended extended = extend(study, 10, 2);
        String between = ledger.state(study);
        List<Lease> run = ledger.runAll(study);

        assertThat(extended).isEqualTo(new Extensions.Extended(study, 2, 6, 6));
        assertThat(between).isEqualTo("RUNNING");
        assertThat(run).hasSize(6);
        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
        assertThat(ledger.tasks(study, "SUCCEEDED")).isEqualTo(12);
        assertThat(count("SELECT count(*) FROM ledger.task WHERE study_id = ?1 AND version = 2", study))
                .isEqualTo(6);
        assertThat(count("SELECT count(DISTINCT ordinal) FROM ledger.task WHERE study_id = ?1", study))
                .isEqualTo(12);
        assertThat(ledger.ask("SELECT version || ' ' || tasks FROM results.studies WHERE id = ?1", String.class, study))
                .isEqualTo("2 12");
        assertThat(ledger.ask(
                        "SELECT actor || ' ' || action || ' ' || (detail ->> 'seeds') FROM ledger.audit WHERE study_id = ?1",
                        String.class,
                        study))
                .isEqualTo("test study-extended 10:2");
    }

    @Test
    void a_leaf_that_was_left_out_is_merged_with_the_first_new_one() {
        UUID study = ledger.submit(LedgerFixture.study(3002, 3, "all"));
        ledger.runAll(study);

        Extensions.Extended extended = extend(study, 10, 1);
        ledger.runAll(study);

        assertThat(extended.added()).isEqualTo(4);
        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
        assertThat(count("""
                        SELECT count(*)
                          FROM ledger.task t
                          JOIN ledger.task_input i ON i.task_id = t.id
                          JOIN ledger.task e ON e.id = i.input_task_id
                         WHERE t.study_id = ?1 AND t.kind = 'merge' AND t.version = 2 AND e.version = 1
                        """, study)).isEqualTo(1);
    }

    @Test
    void what_is_not_finished_yet_is_waited_for() {
        UUID study = ledger.submit(LedgerFixture.study(3003, 3, "all"));
        UUID worker = ledger.worker();
        List<Lease> held = ledger.claim(worker, study, 3);

        extend(study, 10, 1);
        String between = ledger.state(study);
        held.forEach(ledger::finish);
        ledger.runAll(study);

        assertThat(between).isEqualTo("RUNNING");
        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
        assertThat(ledger.tasks(study, "SUCCEEDED")).isEqualTo(4 + 4 + 2 + 2);
    }

    @Test
    void nothing_is_forgotten_however_a_result_and_an_extension_meet() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 8; round++) {
                UUID study = ledger.submit(LedgerFixture.study(3100 + round, 3, "all"));
                List<Lease> held = ledger.claim(ledger.worker(), study, 3);
                List<Future<?>> done = new ArrayList<>();
                held.forEach(lease -> done.add(threads.submit(() -> ledger.finish(lease))));
                done.add(threads.submit(() -> extend(study, 10, 1)));
                for (Future<?> one : done) {
                    one.get();
                }

                ledger.runAll(study);

                assertThat(ledger.state(study)).as("round %d", round).isEqualTo("SUCCEEDED");
                assertThat(ledger.tasks(study, "SUCCEEDED")).isEqualTo(12);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void what_needs_a_task_that_failed_is_blocked_at_once() {
        UUID study = ledger.submit(LedgerFixture.study(3004, 3, "all"));
        UUID worker = ledger.worker();
        List<Lease> all = new ArrayList<>();
        for (List<Lease> some = ledger.claim(worker, study, 10); !some.isEmpty(); ) {
            all.addAll(some);
            for (Lease lease : some) {
                boolean last = lease.spec() instanceof TaskSpec.Train && all.indexOf(lease) == 2;
                completions.finish(
                        lease, last ? new TaskOutcome.Rejected("it diverged") : LedgerFixture.success(lease));
            }
            some = ledger.claim(worker, study, 10);
        }
        assertThat(ledger.state(study)).isEqualTo("FAILED");

        extend(study, 10, 1);
        ledger.runAll(study);

        assertThat(ledger.state(study)).isEqualTo("FAILED");
        assertThat(ledger.ask("""
                        SELECT string_agg(DISTINCT reason, ';')
                          FROM ledger.task
                         WHERE study_id = ?1 AND version = 2 AND outcome = 'BLOCKED'
                        """, String.class, study)).contains("which did not succeed: it diverged");
        assertThat(count("SELECT count(*) FROM ledger.task_queue WHERE study_id = ?1", study))
                .isZero();
    }

    @Test
    void work_that_another_study_did_is_taken_from_there() {
        ledger.runAll(ledger.submit(LedgerFixture.unmerged(3005, 4)));
        UUID study = ledger.submit(LedgerFixture.unmerged(3005, 2));

        extend(study, 2, 2);

        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
        assertThat(count("SELECT count(*) FROM ledger.task WHERE study_id = ?1 AND reused_from IS NOT NULL", study))
                .isEqualTo(8);
    }

    @Test
    void what_an_extension_says_of_claims_is_exploratory_and_the_verdicts_stay() {
        UUID study = ledger.submit(LedgerFixture.claiming(LedgerFixture.pair(3006), List.of("T1")));
        assertThatThrownBy(() -> extend(study, 10, 2))
                .isInstanceOf(ControlRefusedException.class)
                .hasMessageContaining("has yet to decide T1");
        run(study);
        String before = verdicts(study);

        extend(study, 10, 2);
        run(study);

        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
        assertThat(before).isEqualTo("1 T1 -");
        assertThat(verdicts(study)).isEqualTo("1 T1 -, 2 T1 an extension of a study that was judged");
    }

    private void run(UUID study) {
        UUID worker = ledger.worker();
        for (List<Lease> one = ledger.claim(worker, study, 1); !one.isEmpty(); one = ledger.claim(worker, study, 1)) {
            Lease lease = one.get(0);
            completions.finish(
                    lease,
                    lease.spec().kind() == TaskSpec.Kind.JUDGE
                            ? new TaskOutcome.Concluded(List.of(new Conclusion(
                                    "T1",
                                    Conclusion.Outcome.INCONCLUSIVE,
                                    Optional.empty(),
                                    "so it is",
                                    List.of(),
                                    0,
                                    List.of())))
                            : LedgerFixture.success(lease));
        }
    }

    private String verdicts(UUID study) {
        return ledger.ask("""
                SELECT string_agg(version || ' ' || claim || ' ' || coalesce(exploratory, '-'), ', ' ORDER BY version)
                  FROM ledger.verdict
                 WHERE study_id = ?1
                """, String.class, study);
    }

    @Test
    void bytes_that_were_given_up_are_not_gone_on_from() {
        UUID study = ledger.submit(tree(3007));
        ledger.runAll(study);

        assertThatThrownBy(() -> extend(study, 10, 2))
                .isInstanceOf(ControlRefusedException.class)
                .hasMessageContaining("gave up 1 of them when it ended (keep: leaves)");
        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
        assertThat(count("SELECT count(*) FROM ledger.study_version WHERE study_id = ?1", study))
                .isEqualTo(1);
    }

    /** Six leaves, so three pairs and one merge of two of them: the third pair waits for a fourth. */
    private static Study tree(long seed) {
        return StudyFile.read("""
                study: ledger-tree
                seed: %d
                dataset: { name: synthetic-shapes }
                network: { mlp: { hidden: [4] } }
                training: { seeds: { from: 0, count: 6 }, epochs: 1, optimiser: { sgd: { learningRate: 0.1 } } }
                merge: [ { scheme: hierarchical, stages: 2 } ]
                evaluate: { weight-norm: {} }
                keep: leaves
                """.formatted(seed), "ledger-tree.yaml");
    }

    @Test
    void what_cannot_be_extended_is_refused_and_nothing_changes() {
        UUID unknown = UUID.randomUUID();
        UUID imported = ledger.submit(LedgerFixture.single(3008));
        ledger.change("UPDATE ledger.study SET bundle = repeat('ab', 32) WHERE id = ?1", imported);
        UUID cancelled = ledger.submit(LedgerFixture.single(3009));
        ledger.change("UPDATE ledger.study SET state = 'CANCELLED' WHERE id = ?1", cancelled);

        assertThatThrownBy(() -> extend(unknown, 10, 1))
                .isInstanceOfSatisfying(
                        ControlRefusedException.class,
                        refused -> assertThat(refused.why()).isEqualTo(ControlRefusedException.Why.UNKNOWN))
                .hasMessage("no study has the id " + unknown);
        assertThatThrownBy(() -> extend(imported, 10, 1))
                .isInstanceOf(ControlRefusedException.class)
                .hasMessageContaining("came in a bundle");
        assertThatThrownBy(() -> extend(cancelled, 10, 1))
                .isInstanceOf(ControlRefusedException.class)
                .hasMessageContaining("that was cancelled cannot be extended");
        assertThat(count("SELECT count(*) FROM ledger.task WHERE study_id = ?1", cancelled))
                .isEqualTo(2);
    }

    @Test
    void of_two_who_extend_at_once_the_second_is_told() {
        UUID study = ledger.submit(LedgerFixture.pair(3010));
        SeedRange more = new SeedRange(10, 2);
        PlannedBefore stale = extensions.planned(study);
        Study larger = Extension.extend(stale.study(), more);
        Extension extension = Extension.between(stale.tasks(), Planner.plan(larger));
        extend(study, 20, 2);

        assertThatThrownBy(() -> extensions.extend(stale, larger, extension, more, "test"))
                .isInstanceOf(ControlRefusedException.class)
                .hasMessageContaining("was extended by somebody else at the same time, to version 2");
    }
}

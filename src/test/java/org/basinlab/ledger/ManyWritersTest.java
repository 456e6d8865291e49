package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.basinlab.StoreForTests;
import org.basinlab.workflow.Measurement;
import org.basinlab.workflow.TaskOutcome;
import org.junit.jupiter.api.Test;

/** Many who take and hand in at once. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class ManyWritersTest {

    private static final int WRITERS = 64;

    @Inject
    LedgerFixture ledger;

    @Inject
    Completions completions;

    @Test
    void sixty_four_writers_lose_and_double_nothing() throws Exception {
        UUID study = ledger.submitProbe(720_001, "{ shape: fan-in, tasks: 1200 }");
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        List<Future<Integer>> all = new ArrayList<>();

        for (int writer = 0; writer < WRITERS; writer++) {
            UUID worker = ledger.worker();
            all.add(threads.submit(() -> work(study, worker)));
        }
        int counted = 0;
        for (Future<Integer> one : all) {
            counted += one.get();
        }
        threads.shutdown();
        counted += work(study, ledger.worker());

        assertThat(counted).isEqualTo(1200);
        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
        assertThat(ledger.ask("""
                SELECT count(*) = 1200 AND count(DISTINCT a.task_id) = 1200 AND bool_and(a.outcome = 'succeeded')
                  FROM ledger.attempt a
                  JOIN ledger.task t ON t.id = a.task_id
                 WHERE t.study_id = ?1
                """, Boolean.class, study)).isTrue();
        assertThat(ledger.ask("SELECT count(*) FROM ledger.task_queue WHERE study_id = ?1", Long.class, study))
                .isZero();
    }

    /** Hands everything in twice, as one does who did not hear the answer. */
    private int work(UUID study, UUID worker) {
        int counted = 0;
        for (List<Lease> some = ledger.claim(worker, study, 16);
                !some.isEmpty();
                some = ledger.claim(worker, study, 16)) {
            List<Completions.Finished> finished = some.stream()
                    .map(lease -> new Completions.Finished(lease, LedgerFixture.success(lease)))
                    .toList();
            List<Boolean> first = completions.finishAll(finished);
            assertThat(completions.finishAll(finished)).isEqualTo(first).doesNotContain(false);
            counted += first.size();
        }
        return counted;
    }

    @Test
    void one_result_that_cannot_be_written_does_not_take_the_others_along() {
        UUID study = ledger.submit(LedgerFixture.unmerged(720_002, 3));
        UUID worker = ledger.worker();
        ledger.claim(worker, study, 3).forEach(ledger::finish);
        List<Lease> norms = ledger.claim(worker, study, 3);
        Measurement number = Measurement.scalar("weight-norm", 1);
        List<Completions.Finished> finished = new ArrayList<>();
        norms.forEach(norm -> finished.add(new Completions.Finished(norm, LedgerFixture.success(norm))));
        // The same number twice is refused by the store.
        finished.set(
                1,
                new Completions.Finished(
                        norms.get(1), new TaskOutcome.Succeeded(java.util.Optional.empty(), List.of(number, number))));

        List<Boolean> counted = completions.finishAll(finished);

        assertThat(counted).containsExactly(true, false, true);
        assertThat(ledger.tasks(study, "SUCCEEDED")).isEqualTo(5);
        assertThat(ledger.tasks(study, "READY")).isEqualTo(1);
        assertThat(ledger.ask("SELECT count(*) FROM results.metrics WHERE study_id = ?1", Long.class, study))
                .isEqualTo(2);
    }
}

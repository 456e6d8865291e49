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
import org.junit.jupiter.api.Test;

/**
 * How many tasks that compute nothing the queue takes and gives in a second, whole: lease, attempt, result, readiness, settlement. No
 * test by its name: {@code mvn test -Dtest=QueueBenchmark} runs it and prints a line a graph.
 */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class QueueBenchmark {

    private static final int BATCH = Integer.getInteger("batch", 64);
    private static final int SLOTS = Integer.getInteger("slots", 2);

    @Inject
    LedgerFixture ledger;

    @Inject
    Completions completions;

    @Test
    void tasks_a_second() throws Exception {
        String graphs =
                System.getProperty("graphs", "wide:2000,wide:10000,fan-in:5000,tree:5000,chain:1000,chain:4000");
        for (String graph : graphs.split(",")) {
            String[] parts = graph.split(":");
            measure(parts[0], Integer.parseInt(parts[1]));
        }
    }

    private void measure(String shape, int tasks) throws Exception {
        long begin = System.nanoTime();
        UUID study = ledger.submitProbe(System.nanoTime(), "{ shape: %s, tasks: %d }".formatted(shape, tasks));
        double submitted = (System.nanoTime() - begin) / 1e9;
        ExecutorService threads = Executors.newFixedThreadPool(SLOTS);
        List<Future<Integer>> all = new ArrayList<>();
        long from = System.nanoTime();
        for (int slot = 0; slot < SLOTS; slot++) {
            UUID worker = ledger.worker();
            all.add(threads.submit(() -> work(study, worker)));
        }
        int done = 0;
        for (Future<Integer> one : all) {
            done += one.get();
        }
        double seconds = (System.nanoTime() - from) / 1e9;
        threads.shutdown();
        System.out.printf(
                "%s of %d: submitted in %.2f s, %.0f tasks/s (%d slots, batches of %d)%n",
                shape, tasks, submitted, done / seconds, SLOTS, BATCH);
        assertThat(done).isEqualTo(tasks);
        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
    }

    private int work(UUID study, UUID worker) {
        int done = 0;
        while (!ledger.state(study).equals("SUCCEEDED")) {
            List<Lease> some = ledger.claim(worker, study, BATCH);
            completions.finishAll(some.stream()
                    .map(lease -> new Completions.Finished(lease, LedgerFixture.success(lease)))
                    .toList());
            done += some.size();
        }
        return done;
    }
}

package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.basinlab.StoreForTests;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Split;
import org.basinlab.workflow.ImageOutcome;
import org.basinlab.workflow.Measurement;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;
import org.junit.jupiter.api.Test;

/**
 * What outcomes of images take up and cost, what the table of a large study costs, and how long a data set of the size of
 * CIFAR-10 is on its way into the store and out of it. No test by its name: {@code mvn test -Dtest=OutcomeBenchmark} runs it
 * and prints JSON.
 */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class OutcomeBenchmark {

    private static final int TASKS = Integer.getInteger("tasks", 400);
    private static final int POINTS = 11;
    private static final int IMAGES = 10_000;
    private static final int DISTANCES = 1_000;

    @Inject
    LedgerFixture ledger;

    @Inject
    Completions completions;

    @Inject
    StoredData stored;

    @Inject
    DataSource database;

    @Test
    void outcomes_of_images() {
        UUID study = ledger.submit(LedgerFixture.unmerged(1701, TASKS));
        UUID worker = ledger.worker();
        Map<String, Object> measured = new TreeMap<>();
        List<Long> bits = new ArrayList<>();
        List<Long> floats = new ArrayList<>();
        int done = 0;
        for (List<Lease> some = ledger.claim(worker, study, 50);
                !some.isEmpty();
                some = ledger.claim(worker, study, 50)) {
            for (Lease lease : some) {
                boolean measures = lease.spec().kind() == TaskSpec.Kind.EVALUATE;
                boolean first = done++ % 2 == 0;
                TaskOutcome outcome = measures ? (first ? bits(done) : distances(done)) : LedgerFixture.success(lease);
                long from = System.nanoTime();
                completions.finish(lease, outcome);
                if (measures) {
                    (first ? bits : floats).add(System.nanoTime() - from);
                }
            }
        }
        measured.put("finish with 11 x 10,000 bits, ms", median(bits) / 1e6);
        measured.put("finish with 11 x 1,000 distances, ms", median(floats) / 1e6);
        ledger.change("ANALYZE ledger.outcome");
        long rows = ledger.ask("SELECT count(*) FROM ledger.outcome", Long.class);
        long all = ledger.ask("SELECT pg_total_relation_size('ledger.outcome')", Long.class);
        long indexes = ledger.ask("SELECT pg_indexes_size('ledger.outcome')", Long.class);
        measured.put("rows", rows);
        measured.put("bytes of indexes a row", indexes / rows);
        measured.put("bytes a row, both kinds", all / rows);
        measured.put(
                "bytes a row of bits",
                ledger.ask(
                        "SELECT CAST(avg(pg_column_size(o.*)) AS bigint) FROM ledger.outcome o WHERE correct IS NOT NULL",
                        Long.class));
        measured.put(
                "bytes of an array of distances",
                ledger.ask(
                        "SELECT CAST(avg(pg_column_size(distances)) AS bigint) FROM ledger.outcome WHERE distances IS NOT NULL",
                        Long.class));
        long asked = System.nanoTime();
        int lines = new Reports(database).table(study).size();
        measured.put("table of " + lines + " lines, ms", (System.nanoTime() - asked) / 1e6);
        asked = System.nanoTime();
        new Reports(database).progress(study);
        measured.put("progress, ms", (System.nanoTime() - asked) / 1e6);

        System.out.println(CanonicalJson.write(measured));
        assertThat(rows).isPositive();
    }

    @Test
    void a_data_set() {
        byte[] train = new byte[50_000 * 3_073];
        byte[] test = new byte[10_000 * 3_073];
        Seeds.generator(1).nextBytes(train);
        Seeds.generator(2).nextBytes(test);
        String digest = Digests.of(ByteBuffer.allocate(train.length + test.length)
                .put(train)
                .put(test)
                .array());
        DataFacts facts = new DataFacts(KnownDataset.SYNTHETIC_SHAPES, digest, false, 50_000, 10_000);
        ledger.submit(new SmallPlan(1702), Map.of(facts.name(), facts));
        Map<String, Object> measured = new TreeMap<>();

        long from = System.nanoTime();
        stored.store(digest, ByteBuffer.wrap(train), ByteBuffer.wrap(test), () -> false);
        measured.put("into the store, s", (System.nanoTime() - from) / 1e9);
        from = System.nanoTime();
        StoredData.Records read = stored.read(digest).orElseThrow();
        measured.put("out of the store, s", (System.nanoTime() - from) / 1e9);
        from = System.nanoTime();
        Digests.of(train);
        measured.put("SHA-256 of the training records alone, s", (System.nanoTime() - from) / 1e9);
        measured.put(
                "bytes in the table", ledger.ask("SELECT pg_total_relation_size('ledger.dataset_chunk')", Long.class));

        System.out.println(CanonicalJson.write(measured));
        assertThat(read.train()).isEqualTo(train);
    }

    private static TaskOutcome bits(long seed) {
        RandomGenerator random = Seeds.generator(seed);
        List<Measurement> numbers = new ArrayList<>();
        List<ImageOutcome> outcomes = new ArrayList<>();
        for (int point = 0; point < POINTS; point++) {
            Measurement accuracy = Measurement.onImages("fgsm-accuracy", Split.TEST, IMAGES, 0.5)
                    .in(InputSpace.PIXEL)
                    .at(point);
            BitSet correct = new BitSet(IMAGES);
            for (int image = 0; image < IMAGES; image++) {
                correct.set(image, random.nextInt(POINTS) > point);
            }
            numbers.add(accuracy);
            outcomes.add(ImageOutcome.correct(accuracy, correct));
        }
        return new TaskOutcome.Succeeded(Optional.empty(), numbers, outcomes, List.of());
    }

    private static TaskOutcome distances(long seed) {
        RandomGenerator random = Seeds.generator(seed);
        List<Measurement> numbers = new ArrayList<>();
        List<ImageOutcome> outcomes = new ArrayList<>();
        for (int point = 0; point < POINTS; point++) {
            Measurement mean = Measurement.onImages("deepfool-l2-mean", Split.TEST, DISTANCES, 0.5)
                    .in(InputSpace.PIXEL)
                    .at(point);
            float[] distances = new float[DISTANCES];
            for (int image = 0; image < DISTANCES; image++) {
                distances[image] = random.nextFloat();
            }
            numbers.add(mean);
            outcomes.add(ImageOutcome.distances(mean, distances));
        }
        return new TaskOutcome.Succeeded(Optional.empty(), numbers, outcomes, List.of());
    }

    private static long median(List<Long> times) {
        return times.stream().sorted().skip(times.size() / 2).findFirst().orElse(0L);
    }
}

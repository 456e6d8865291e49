package org.basinlab.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.basinlab.StoreForTests;
import org.basinlab.dataset.Dataset;
import org.basinlab.dispatch.DataUnavailableException;
import org.basinlab.ledger.DataFacts;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.ledger.SmallPlan;
import org.basinlab.ledger.StoredData;
import org.basinlab.recipe.DatasetRef;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Split;
import org.junit.jupiter.api.Test;

/** A machine without data, and a store that has them. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class DataFromStoreTest {

    private static final DatasetRef CIFAR =
            new DatasetRef(KnownDataset.CIFAR10, new Normalisation.Named(Normalisation.Choice.HALF), Optional.empty());

    @Inject
    LedgerFixture ledger;

    @Inject
    StoredData stored;

    @Inject
    DataKeeping keeping;

    /** In tests no folder is searched. */
    @Inject
    DataShelf shelf;

    private static byte[] records(long seed, int images) {
        RandomGenerator random = Seeds.generator(seed);
        int record = 1 + KnownDataset.CIFAR10.pixels();
        byte[] records = new byte[images * record];
        random.nextBytes(records);
        for (int image = 0; image < images; image++) {
            records[image * record] = (byte) random.nextInt(10);
        }
        return records;
    }

    private static String digest(byte[] train, byte[] test) {
        return Digests.of(ByteBuffer.allocate(train.length + test.length)
                .put(train)
                .put(test)
                .array());
    }

    /** A study has named the data; returns their digest. */
    private String named(long seed, byte[] train, byte[] test) {
        String digest = digest(train, test);
        ledger.submit(
                new SmallPlan(seed),
                Map.of(KnownDataset.SYNTHETIC_SHAPES, new DataFacts(KnownDataset.CIFAR10, digest, false, 700, 30)));
        return digest;
    }

    @Test
    void a_machine_without_the_data_reads_those_of_the_store() {
        byte[] train = records(1, 700);
        byte[] test = records(2, 30);
        String digest = named(1501, train, test);
        stored.store(digest, ByteBuffer.wrap(train), ByteBuffer.wrap(test), () -> false);

        Dataset read = shelf.open(CIFAR, Optional.of(digest));

        assertThat(read.digest()).isEqualTo(digest);
        assertThat(read.split(Split.TRAIN).count()).isEqualTo(700);
        assertThat(read.records(Split.TEST)).isEqualTo(ByteBuffer.wrap(test));
        assertThat(shelf.open(CIFAR, Optional.of(digest))).isSameAs(read);
        assertThat(keeping.bytesToCome(read)).isZero();
        assertThat(shelf.facts(CIFAR)).isEqualTo(new DataFacts(KnownDataset.CIFAR10, digest, false, 700, 30));
    }

    @Test
    void data_of_this_machine_come_into_the_store() throws InterruptedException {
        byte[] train = records(3, 400);
        byte[] test = records(4, 20);
        String digest = named(1502, train, test);
        Dataset here = Dataset.ofRecords(KnownDataset.CIFAR10, digest, true, "a folder", train.clone(), test.clone());
        DataKeeping another = new DataKeeping(stored);
        long toCome = another.bytesToCome(here);

        another.keep(here);
        another.awaitAll();

        assertThat(toCome).isEqualTo(train.length + test.length);
        assertThat(another.bytesToCome(here)).isZero();
        assertThat(another.read(digest).orElseThrow().records(Split.TRAIN)).isEqualTo(ByteBuffer.wrap(train));
    }

    @Test
    void what_was_refused_is_tried_again() throws InterruptedException {
        byte[] train = records(7, 40);
        byte[] test = records(8, 20);
        String digest = digest(train, test);
        Dataset here = Dataset.ofRecords(KnownDataset.CIFAR10, digest, true, "a folder", train.clone(), test.clone());
        DataKeeping patient = new DataKeeping(stored, Duration.ofHours(1));
        DataKeeping hasty = new DataKeeping(stored, Duration.ZERO);
        keepAndWait(patient, here);
        keepAndWait(hasty, here);

        named(1504, train, test);
        keepAndWait(patient, here);
        boolean tooEarly = stored.has(digest);
        keepAndWait(hasty, here);

        assertThat(tooEarly).isFalse();
        assertThat(stored.has(digest)).isTrue();
    }

    private static void keepAndWait(DataKeeping keeping, Dataset data) throws InterruptedException {
        keeping.keep(data);
        keeping.awaitAll();
    }

    @Test
    void records_that_are_together_not_what_the_digest_names_are_refused() {
        byte[] train = records(5, 10);
        byte[] test = records(6, 10);
        String digest = named(1503, train, test);
        stored.store(digest, ByteBuffer.wrap(test), ByteBuffer.wrap(train), () -> false);

        assertThatExceptionOfType(DataUnavailableException.class)
                .isThrownBy(() -> keeping.read(digest))
                .withMessageStartingWith(
                        "the records of cifar10 (the store) must have the digest %s, found ".formatted(digest));
    }

    @Test
    void data_that_are_nowhere_are_asked_for_as_before() {
        assertThatExceptionOfType(DataUnavailableException.class)
                .isThrownBy(() -> shelf.open(CIFAR, Optional.of("ab".repeat(32))))
                .withMessageContaining("data set cifar10 must lie in a folder that is searched");
    }
}

package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.basinlab.StoreForTests;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Seeds;
import org.junit.jupiter.api.Test;

/** Data sets of some megabytes in a real PostgreSQL. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class StoredDataTest {

    /** More than one turn, and chunks that are not full at both ends. */
    private static final int TRAIN_BYTES = 9 * ChunkTable.CHUNK_BYTES + 17;

    private static final int TEST_BYTES = ChunkTable.CHUNK_BYTES / 2;

    @Inject
    LedgerFixture ledger;

    @Inject
    StoredData stored;

    @Inject
    DataSource database;

    /** Random records that a study has named. */
    private final class Example {

        private final byte[] train = new byte[TRAIN_BYTES];
        private final byte[] test = new byte[TEST_BYTES];
        private final String digest;

        Example(long seed) {
            Seeds.generator(seed).nextBytes(train);
            Seeds.generator(seed + 1).nextBytes(test);
            byte[] both = ByteBuffer.allocate(TRAIN_BYTES + TEST_BYTES)
                    .put(train)
                    .put(test)
                    .array();
            digest = Digests.of(both);
            DataFacts facts = new DataFacts(KnownDataset.SYNTHETIC_SHAPES, digest, false, 50_000, 10_000);
            ledger.submit(new SmallPlan(seed), Map.of(facts.name(), facts));
        }

        boolean store() {
            return stored.store(digest, ByteBuffer.wrap(train), ByteBuffer.wrap(test), () -> false);
        }

        long chunks() {
            return ledger.ask("SELECT count(*) FROM ledger.dataset_chunk WHERE dataset = ?1", Long.class, digest);
        }
    }

    @Test
    void records_come_back_as_they_were_and_are_kept_once() {
        Example data = new Example(1401);

        boolean before = stored.has(data.digest);
        boolean added = data.store();
        boolean again = data.store();
        StoredData.Records read = stored.read(data.digest).orElseThrow();

        assertThat(before).isFalse();
        assertThat(added).isTrue();
        assertThat(again).isFalse();
        assertThat(read.train()).isEqualTo(data.train);
        assertThat(read.test()).isEqualTo(data.test);
        assertThat(read.name()).isEqualTo(KnownDataset.SYNTHETIC_SHAPES);
        assertThat(data.chunks()).isEqualTo(11);
        assertThat(ledger.ask(
                        "SELECT stored || ' ' || bytes FROM results.datasets WHERE digest = ?1",
                        String.class,
                        data.digest))
                .isEqualTo("true " + (TRAIN_BYTES + TEST_BYTES));
    }

    @Test
    void records_of_a_program_that_stops_in_the_middle_leave_nothing() {
        Example data = new Example(1403);
        AtomicInteger asked = new AtomicInteger();

        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> stored.store(
                        data.digest,
                        ByteBuffer.wrap(data.train),
                        ByteBuffer.wrap(data.test),
                        () -> asked.incrementAndGet() == 3));

        assertThat(data.chunks()).isZero();
        assertThat(stored.has(data.digest)).isFalse();
        assertThat(stored.read(data.digest)).isEmpty();
        assertThat(data.store()).isTrue();
    }

    @Test
    void an_error_in_the_middle_leaves_nothing() {
        Example data = new Example(1411);
        AtomicInteger asked = new AtomicInteger();

        assertThatExceptionOfType(OutOfMemoryError.class)
                .isThrownBy(() ->
                        stored.store(data.digest, ByteBuffer.wrap(data.train), ByteBuffer.wrap(data.test), () -> {
                            if (asked.incrementAndGet() == 2) {
                                throw new OutOfMemoryError("of the test");
                            }
                            return false;
                        }));

        assertThat(data.chunks()).isZero();
    }

    @Test
    void pieces_that_an_older_program_left_are_written_over() {
        Example data = new Example(1413);
        ledger.change(
                "INSERT INTO ledger.dataset_chunk (dataset, position, digest, content)"
                        + " VALUES (?1, 0, repeat('0', 64), decode('00', 'hex'))",
                data.digest);

        boolean added = data.store();

        assertThat(added).isTrue();
        assertThat(stored.read(data.digest).orElseThrow().train()).isEqualTo(data.train);
    }

    @Test
    void of_two_programs_one_brings_them_and_nobody_waits() throws SQLException {
        Example data = new Example(1405);
        boolean meanwhile;

        try (Connection other = database.getConnection()) {
            other.setAutoCommit(false);
            try (PreparedStatement hold =
                    other.prepareStatement("SELECT 1 FROM ledger.dataset WHERE digest = ? FOR NO KEY UPDATE")) {
                hold.setString(1, data.digest);
                hold.executeQuery();
                meanwhile = data.store();
                // A task that refers to the data is not kept out either.
                ledger.submit(
                        new SmallPlan(1406),
                        Map.of(
                                KnownDataset.SYNTHETIC_SHAPES,
                                new DataFacts(KnownDataset.SYNTHETIC_SHAPES, data.digest, false, 50_000, 10_000)));
            } finally {
                other.rollback();
                other.setAutoCommit(true);
            }
        }

        assertThat(meanwhile).isFalse();
        assertThat(data.store()).isTrue();
    }

    @Test
    void a_damaged_piece_is_found() {
        Example data = new Example(1407);
        data.store();

        ledger.change(
                "UPDATE ledger.dataset_chunk SET content = set_bit(content, 100, 1 - get_bit(content, 100))"
                        + " WHERE dataset = ?1 AND position = 9",
                data.digest);

        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> stored.read(data.digest))
                .withMessageContaining("chunk 9 of data set %s is damaged".formatted(data.digest));
    }

    @Test
    void a_missing_piece_is_found() {
        Example data = new Example(1409);
        data.store();

        ledger.change("DELETE FROM ledger.dataset_chunk WHERE dataset = ?1 AND position = 3", data.digest);

        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> stored.read(data.digest))
                .withMessageContaining("chunk 3 of data set");
    }

    @Test
    void data_that_no_study_names_are_not_kept() {
        String unknown = Digests.of(new byte[] {1});

        assertThat(stored.store(unknown, ByteBuffer.allocate(8), ByteBuffer.allocate(8), () -> false))
                .isFalse();
        assertThat(stored.has(unknown)).isFalse();
    }
}

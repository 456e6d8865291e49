package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.StoreForTests;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.Seeds;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Checkpoints in a real PostgreSQL. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class CheckpointsTest {

    @Inject
    Checkpoints checkpoints;

    @Inject
    LedgerFixture ledger;

    @Inject
    DataSource database;

    @Test
    void bytes_come_back_as_they_went_in_and_stand_there_once() {
        byte[] bytes = random(1, 2_500_000);

        String sha256 = store(bytes);
        String again = store(bytes);

        assertThat(sha256).isEqualTo(again).isEqualTo(Digests.of(bytes));
        assertThat(checkpoints.read(sha256)).isEqualTo(bytes);
        assertThat(ledger.ask("SELECT count(*) FROM ledger.checkpoint_chunk WHERE sha256 = ?1", Long.class, sha256))
                .isEqualTo(3);
    }

    @Test
    void a_flipped_bit_is_found_and_the_checkpoint_named() {
        String sha256 = store(random(2, 1_200_000));
        ledger.change(
                "UPDATE ledger.checkpoint_chunk SET content = set_bit(content, 77, 1 - get_bit(content, 77))"
                        + " WHERE sha256 = ?1 AND position = 1",
                sha256);

        assertThatThrownBy(() -> checkpoints.read(sha256))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("chunk 1 of checkpoint " + sha256 + " is damaged");
    }

    @Test
    void two_chunks_that_changed_places_are_found() {
        String sha256 = store(random(3, 2 << 20));
        ledger.change("""
                UPDATE ledger.checkpoint_chunk c
                   SET content = o.content, digest = o.digest
                  FROM ledger.checkpoint_chunk o
                 WHERE c.sha256 = ?1 AND o.sha256 = ?1 AND o.position = 1 - c.position
                """, sha256);

        assertThatThrownBy(() -> checkpoints.read(sha256))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("checkpoint " + sha256 + " is damaged");
    }

    @Test
    void a_missing_chunk_is_found() {
        String sha256 = store(random(4, 1_200_000));
        ledger.change("DELETE FROM ledger.checkpoint_chunk WHERE sha256 = ?1 AND position = 0", sha256);

        assertThatThrownBy(() -> checkpoints.read(sha256))
                .hasMessageStartingWith("checkpoint %s must have 2 chunks, the store holds 1; ".formatted(sha256));
    }

    @Test
    void a_length_that_is_not_that_of_the_chunks_is_found() {
        String sha256 = store(random(5, 1_200_000));
        ledger.change("UPDATE ledger.checkpoint SET bytes = 1199999 WHERE sha256 = ?1", sha256);

        assertThatThrownBy(() -> checkpoints.read(sha256))
                .hasMessageStartingWith(
                        "checkpoint %s must have 1199999 bytes, its chunks have 1200000; ".formatted(sha256));
    }

    @Test
    void damage_is_noted_once_by_whoever_reads_and_in_whichever_transaction() {
        String sha256 = store(random(8, 1_200_000));
        flipABit(sha256);

        QuarkusTransaction.begin();
        assertThatThrownBy(() -> checkpoints.read(sha256)).isInstanceOf(CheckpointException.class);
        QuarkusTransaction.rollback();
        CheckpointStream stream = new CheckpointStream(database);
        assertThatThrownBy(() -> stream.requireWhole(stream.find(sha256).orElseThrow()))
                .isInstanceOf(CheckpointException.class);
        assertThatThrownBy(() -> stream.write(sha256, 0, 10, OutputStream.nullOutputStream()))
                .hasMessageContaining("chunk 0 of checkpoint " + sha256);

        assertThat(damage(sha256)).startsWith("chunk 0 of checkpoint " + sha256 + " is damaged: its SHA-256 must be ");
        assertThat(acts("checkpoint-damaged", sha256)).isEqualTo(1);
    }

    @Test
    void what_is_whole_at_the_second_look_is_not_noted_and_loses_the_note_it_had() {
        String sha256 = store(random(9, 1_200_000));
        CheckpointHealth health = new CheckpointHealth(database);
        CheckpointFacts facts = new CheckpointStream(database).find(sha256).orElseThrow();
        flipABit(sha256);

        CheckpointHealth.Finding damaged = health.examine(facts);
        flipABit(sha256);
        CheckpointHealth.Finding repaired = health.examine(facts);
        health.note(CheckpointException.damaged(sha256, "a reader saw half of a change"));

        assertThat(damaged.state()).isEqualTo(CheckpointHealth.State.DAMAGED);
        assertThat(repaired)
                .isEqualTo(new CheckpointHealth.Finding(sha256, CheckpointHealth.State.WHOLE, Optional.empty(), true));
        assertThat(health.examine(facts).isCured()).isFalse();
        assertThat(damage(sha256)).isEqualTo("none");
        assertThat(acts("checkpoint-damaged", sha256)).isEqualTo(1);
        assertThat(acts("checkpoint-whole", sha256)).isEqualTo(1);
    }

    @Test
    void a_note_that_cannot_be_written_hides_nothing() {
        CheckpointException fault = CheckpointException.damaged("00".repeat(32), "chunk 0 is damaged");
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setUrl("jdbc:postgresql://127.0.0.1:1/nowhere");

        assertThat(new CheckpointHealth(database).note(fault)).isSameAs(fault);
        assertThat(new CheckpointHealth(nowhere).note(fault)).isSameAs(fault);
    }

    @Test
    void pages_that_the_database_itself_finds_damaged_are_damage_and_other_faults_are_not() {
        CheckpointFacts facts = new CheckpointFacts("ab".repeat(32), 10, 1, false);
        IllegalStateException page =
                new IllegalStateException("unreadable", new SQLException("invalid page in block 3", "XX001"));
        IllegalStateException away = new IllegalStateException("unreadable", new SQLException("gone", "08006"));

        Optional<String> found = CheckpointCheck.fault(facts, 1, position -> {
            throw page;
        });

        assertThat(found)
                .contains("checkpoint %s is damaged, the database cannot read it: invalid page in block 3"
                        .formatted("ab".repeat(32)));
        assertThatThrownBy(() -> CheckpointCheck.fault(facts, 1, position -> {
                    throw away;
                }))
                .isSameAs(away);
    }

    @Test
    void bytes_that_come_again_take_the_place_of_damaged_ones() {
        byte[] computed = random(10, 1_200_000);
        byte[] restored = random(11, 2_500_000);
        for (byte[] bytes : List.of(computed, restored)) {
            flipABit(store(bytes));
            assertThatThrownBy(() -> checkpoints.read(Digests.of(bytes))).isInstanceOf(CheckpointException.class);
        }

        store(computed);
        checkpoints.restore(Digests.of(restored), restored, "test");

        for (byte[] bytes : List.of(computed, restored)) {
            assertThat(checkpoints.read(Digests.of(bytes))).isEqualTo(bytes);
            assertThat(damage(Digests.of(bytes))).isEqualTo("none");
            assertThat(acts("checkpoint-restored", Digests.of(bytes))).isEqualTo(1);
        }
    }

    @Test
    void a_checkpoint_is_restored_from_its_own_bytes_alone() {
        byte[] bytes = random(12, 1_000);
        String sha256 = store(bytes);

        assertThatThrownBy(() -> checkpoints.restore(sha256, random(13, 1_000), "test"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("checkpoint " + sha256 + " must be restored from its own bytes");
        assertThat(checkpoints.read(sha256)).isEqualTo(bytes);
    }

    @Test
    void an_unknown_digest_is_refused() {
        assertThatThrownBy(() -> checkpoints.read("00".repeat(32)))
                .hasMessageContaining("no checkpoint has the SHA-256");
    }

    @Test
    void a_study_that_keeps_leaves_gives_up_the_bytes_of_its_merges_and_nothing_else() {
        UUID study = ledger.submit(LedgerFixture.study(31, 2, "leaves"));
        ledger.runAll(study);

        assertThat(ledger.ask(
                        "SELECT count(*) FROM results.networks WHERE study_id = ?1 AND stored AND origin = 'trained'",
                        Long.class,
                        study))
                .isEqualTo(2);
        String merged = ledger.ask(
                "SELECT sha256 FROM results.networks WHERE study_id = ?1 AND NOT stored", String.class, study);
        assertThatThrownBy(() -> checkpoints.read(merged)).hasMessageContaining("was given up");
        assertThat(ledger.ask("SELECT count(*) FROM results.metrics WHERE study_id = ?1", Long.class, study))
                .isEqualTo(3);
    }

    @Test
    void bytes_that_another_study_keeps_stay() {
        UUID keeper = ledger.submit(LedgerFixture.study(32, 2, "all"));
        ledger.runAll(keeper);

        UUID study = ledger.submit(LedgerFixture.study(32, 2, "leaves"));

        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
        assertThat(ledger.ask(
                        "SELECT count(*) FROM results.networks WHERE study_id = ?1 AND stored", Long.class, study))
                .isEqualTo(3);
    }

    @Test
    void bytes_that_somebody_imported_stay() {
        UUID keeper = ledger.submit(LedgerFixture.study(34, 2, "all"));
        ledger.runAll(keeper);
        String merged = ledger.ask(
                "SELECT sha256 FROM results.networks WHERE study_id = ?1 AND origin = 'merged'", String.class, keeper);

        boolean added = new CheckpointImport(database).add(checkpoints.read(merged));
        ledger.change("UPDATE ledger.study SET keep = 'leaves' WHERE id = ?1", keeper);
        ledger.submit(LedgerFixture.study(34, 2, "leaves"));

        assertThat(added).isFalse();
        assertThat(checkpoints.read(merged)).isNotEmpty();
    }

    @Test
    void bytes_of_which_only_a_wrong_size_was_known_can_be_read_however_they_come() {
        byte[] computed = random(6, 1_200_000);
        byte[] imported = random(7, 2_500_000);
        for (byte[] bytes : List.of(computed, imported)) {
            // As a bundle without weights leaves it.
            ledger.change(
                    "INSERT INTO ledger.checkpoint (sha256, bytes, chunks, dropped_at) VALUES (?1, 7, 99, clock_timestamp())",
                    Digests.of(bytes));
        }

        store(computed);
        new CheckpointImport(database).add(imported);

        assertThat(checkpoints.read(Digests.of(computed))).isEqualTo(computed);
        assertThat(checkpoints.read(Digests.of(imported))).isEqualTo(imported);
    }

    private String store(byte[] bytes) {
        return QuarkusTransaction.requiringNew().call(() -> checkpoints.store(bytes));
    }

    private void flipABit(String sha256) {
        ledger.change(
                "UPDATE ledger.checkpoint_chunk SET content = set_bit(content, 77, 1 - get_bit(content, 77))"
                        + " WHERE sha256 = ?1 AND position = 0",
                sha256);
    }

    private String damage(String sha256) {
        return ledger.ask(
                "SELECT coalesce(damage, 'none') FROM ledger.checkpoint WHERE sha256 = ?1", String.class, sha256);
    }

    private long acts(String action, String sha256) {
        return ledger.ask(
                "SELECT count(*) FROM results.audit WHERE action = ?1 AND detail ->> 'checkpoint' = ?2",
                Long.class,
                action,
                sha256);
    }

    private static byte[] random(long seed, int size) {
        byte[] bytes = new byte[size];
        Seeds.generator(seed).nextBytes(bytes);
        return bytes;
    }
}

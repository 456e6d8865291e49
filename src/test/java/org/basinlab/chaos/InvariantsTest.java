package org.basinlab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.StoreForTests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each invariant finds what breaks it. All is planted in a transaction that is rolled back. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class InvariantsTest {

    /** What other tests left must not be counted; the store's own guards of verdicts would refuse it. */
    private static final String EMPTY = """
            SET LOCAL session_replication_role = replica;
            TRUNCATE ledger.study, ledger.worker, ledger.checkpoint, ledger.dataset CASCADE;
            SET LOCAL session_replication_role = origin;
            """;

    private static final String SOUND = """
            INSERT INTO ledger.study (id, name, seed, identity, specification, keep, state, idempotency_key)
            VALUES ('00000000-0000-0000-0000-000000000001', 's', 1, repeat('a', 64), '', 'all', 'RUNNING', 'key');
            INSERT INTO ledger.study_version (study_id, version, canonical, tasks)
            VALUES ('00000000-0000-0000-0000-000000000001', 1, '{}', 2);
            INSERT INTO ledger.worker (id, host, machine, pid, slots, device, memory_bytes, environment)
            VALUES ('00000000-0000-0000-0000-00000000000a', 'h', 'm', 1, 1, 'gpu', 1, '{}');
            INSERT INTO ledger.task (id, study_id, version, ordinal, kind, parameters, arm, scheme, group_size, group_id,
                                     matching, variant, flops, outcome, finished_at)
            VALUES ('00000000-0000-0000-0000-0000000000d1', '00000000-0000-0000-0000-000000000001', 1, 0, 'evaluate', '{}',
                    '', '', 1, 0, '', '', 1, 'SUCCEEDED', clock_timestamp()),
                   ('00000000-0000-0000-0000-0000000000d2', '00000000-0000-0000-0000-000000000001', 1, 1, 'evaluate', '{}',
                    '', '', 1, 0, '', '', 1, NULL, NULL);
            INSERT INTO ledger.attempt (task_id, number, token, worker_id, ended_at, outcome, environment)
            VALUES ('00000000-0000-0000-0000-0000000000d1', 1, 1001, '00000000-0000-0000-0000-00000000000a',
                    clock_timestamp(), 'succeeded', '{}'),
                   ('00000000-0000-0000-0000-0000000000d2', 1, 1002, '00000000-0000-0000-0000-00000000000a', NULL, NULL, '{}');
            INSERT INTO ledger.task_queue (task_id, study_id, state, missing, queued_at, ordinal, run_at, token, worker_id,
                                           lease_until, device)
            VALUES ('00000000-0000-0000-0000-0000000000d2', '00000000-0000-0000-0000-000000000001', 'LEASED', 0,
                    clock_timestamp(), 1, clock_timestamp(), 1002, '00000000-0000-0000-0000-00000000000a',
                    clock_timestamp() + interval '30 seconds', 'gpu');
            INSERT INTO ledger.checkpoint (sha256, bytes, chunks)
            VALUES (encode(sha256('ab'), 'hex'), 2, 2);
            INSERT INTO ledger.checkpoint_chunk (sha256, position, digest, content)
            VALUES (encode(sha256('ab'), 'hex'), 0, encode(sha256('a'), 'hex'), 'a'),
                   (encode(sha256('ab'), 'hex'), 1, encode(sha256('b'), 'hex'), 'b');
            INSERT INTO ledger.network (id, task_id, origin, architecture, label, parameters, sha256)
            VALUES ('00000000-0000-0000-0000-0000000000f1', '00000000-0000-0000-0000-0000000000d1', 'trained', '{}', 'x', 1,
                    encode(sha256('ab'), 'hex'));
            CREATE TEMPORARY TABLE submission (key text, acknowledged uuid) ON COMMIT DROP;
            INSERT INTO submission VALUES ('key', NULL), ('key', '00000000-0000-0000-0000-000000000001'), ('lost', NULL);
            """;

    private static final String FIRST = "'00000000-0000-0000-0000-0000000000d1'";
    private static final String SECOND = "'00000000-0000-0000-0000-0000000000d2'";

    @Inject
    DataSource database;

    @ParameterizedTest
    @ValueSource(strings = {"I1", "I2", "I3", "I4", "I6", "I7", "I8"})
    void a_sound_store_violates_nothing(String invariant) {
        assertThat(violations(invariant, "")).isEmpty();
    }

    @Test
    void what_is_left_when_the_work_is_done_is_found() {
        assertThat(violations("I7-end", ""))
                .hasSize(3)
                .anySatisfy(row -> assertThat(row).endsWith("is still LEASED"))
                .anySatisfy(row -> assertThat(row).endsWith("has no end"))
                .anySatisfy(row -> assertThat(row).endsWith("is still RUNNING"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            I1     | DELETE FROM ledger.task_queue                                              | in no queue and at no end
            I1     | UPDATE ledger.task SET outcome = 'FAILED', finished_at = clock_timestamp() WHERE id = SECOND | and in the queue
            I1     | UPDATE ledger.task SET outcome = 'FAILED' WHERE id = FIRST                  | was SUCCEEDED and became FAILED
            I1     | UPDATE ledger.task SET finished_at = finished_at + interval '1 s' WHERE id = FIRST | was SUCCEEDED and became SUCCEEDED
            I2     | INSERT INTO ledger.attempt SELECT task_id, 2, 1003, worker_id, started_at, ended_at, outcome, message, environment FROM ledger.attempt WHERE token = 1001 | has 2 accepted results
            I2     | UPDATE ledger.attempt SET outcome = 'lost' WHERE token = 1001              | has no accepted result
            I2     | UPDATE ledger.attempt SET outcome = 'succeeded', ended_at = clock_timestamp() WHERE token = 1002 | is open though a result of it was accepted
            I2     | INSERT INTO ledger.attempt SELECT task_id, 2, 1003, worker_id, started_at, ended_at, 'lost', message, environment FROM ledger.attempt WHERE token = 1001 | a newer one was 1003
            I3     | UPDATE ledger.study_version SET tasks = 3                                  | 2 tasks, the plan has 3
            I3     | UPDATE ledger.task SET kind = 'train' WHERE id = FIRST                     | succeeded without a network
            I3     | UPDATE ledger.study SET state = 'SUCCEEDED'; UPDATE ledger.task SET kind = 'merge', scheme = 'hierarchical', stage = 2, outcome = 'SUCCEEDED', finished_at = clock_timestamp() | 2 merges in trees, must be 6
            I4     | UPDATE ledger.checkpoint_chunk SET content = 'x' WHERE position = 1        | chunk 1 of checkpoint
            I4     | DELETE FROM ledger.checkpoint_chunk WHERE position = 1                     | has 1 of 2 chunks
            I4     | DELETE FROM ledger.network                                                 | belongs to no network
            I6     | INSERT INTO ledger.attempt SELECT task_id, 2, 1003, worker_id, started_at, ended_at, outcome, message, environment FROM ledger.attempt WHERE token = 1002 | has 2 attempts without an end
            I6     | UPDATE ledger.task_queue SET token = 999                                   | its newest attempt has 1002
            I6     | UPDATE ledger.worker SET slots = 0                                         | 1 leases for the GPU and 0 slots
            I7     | UPDATE ledger.task_queue SET state = 'WAITING', missing = 1, worker_id = NULL, lease_until = NULL | waits for 1 inputs, 0 are open
            I7     | ALTER TABLE ledger.task_queue DROP CONSTRAINT task_queue_waits_for_inputs; UPDATE ledger.task_queue SET state = 'WAITING', missing = 0, worker_id = NULL, lease_until = NULL | waits for 0 inputs, 0 are open
            I7     | UPDATE ledger.task_queue SET state = 'READY', run_at = clock_timestamp() + interval '1 day', worker_id = NULL, lease_until = NULL | not to be run before
            I7     | UPDATE ledger.task_queue SET token = 999                                   | has no end, the task is not leased
            I7     | UPDATE ledger.study SET state = 'CANCELLED'                                | is CANCELLED and has tasks in the queue
            I8     | INSERT INTO submission VALUES ('key', '00000000-0000-0000-0000-000000000002') | key key was answered with 2 studies
            I8     | UPDATE ledger.study SET idempotency_key = NULL                             | was acknowledged under key key and is not there
            """)
    void what_breaks_an_invariant_is_found(String invariant, String planted, String found) {
        String statement = planted.replace("FIRST", FIRST).replace("SECOND", SECOND) + ";";

        assertThat(violations(invariant, statement))
                .anySatisfy(row -> assertThat(row).contains(found));
    }

    @Test
    void another_generation_of_a_task_may_end_otherwise() {
        String retried = "UPDATE ledger.task SET generation = 2, outcome = NULL, finished_at = NULL WHERE id = %s;"
                        .formatted(FIRST)
                + "INSERT INTO ledger.task_queue (task_id, study_id, state, missing, queued_at, ordinal, run_at) "
                + "SELECT id, study_id, 'READY', 0, clock_timestamp(), 0, clock_timestamp() FROM ledger.task WHERE id = %s;"
                        .formatted(FIRST);

        assertThat(violations("I1", retried)).isEmpty();
    }

    @Test
    void results_that_differ_are_named() {
        UUID study = new UUID(0, 1);

        assertThat(Undisturbed.differences(study, List.of("a", "b"), List.of("a", "b")))
                .isEmpty();
        assertThat(Undisturbed.differences(study, List.of("a", "b"), List.of("a", "c")))
                .containsExactly("study %s lacks b".formatted(study), "study %s has c".formatted(study));
        assertThat(Undisturbed.differences(study, List.of("a", "b"), List.of("a", "b", "b")))
                .containsExactly("study %s has 3 lines, must have 2".formatted(study));
        assertThat(Undisturbed.differences(study, List.of(), List.of())).hasSize(1);
    }

    private List<String> violations(String invariant, String planted) {
        return new Look(() -> database)
                .texts(
                        EMPTY + SOUND + StudyTexts.resource("/chaos/watch.sql") + planted,
                        StudyTexts.resource("/chaos/%s.sql".formatted(invariant)));
    }
}

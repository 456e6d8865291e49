package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.StoreForTests;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.Seeds;
import org.basinlab.workflow.TaskOutcome;
import org.junit.jupiter.api.Test;

/** What the store keeps of a training while it runs: resume points and snapshots, under the newest lease alone. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class UnfinishedTrainingTest {

    @Inject
    LedgerFixture ledger;

    @Inject
    ResumePoints points;

    @Inject
    Snapshots snapshots;

    @Inject
    Completions completions;

    @Inject
    Checkpoints checkpoints;

    @Inject
    Workers workers;

    private static byte[] random(long seed, int size) {
        byte[] bytes = new byte[size];
        Seeds.generator(seed).nextBytes(bytes);
        return bytes;
    }

    private Lease lease(long seed) {
        return ledger.claimOne(ledger.worker(), ledger.submit(LedgerFixture.single(seed)));
    }

    private long count(String table, Lease lease) {
        return ledger.ask("SELECT count(*) FROM " + table + " WHERE task_id = ?1", Long.class, lease.taskId());
    }

    /** Two leases of one task: one that was taken back, and the newer one. */
    private List<Lease> lostAndNewer(long seed) {
        UUID study = ledger.submit(LedgerFixture.single(seed));
        String machine = "machine-" + seed;
        Lease lost = ledger.claim(ledger.worker(machine, seed), study, 1).get(0);
        workers.takeBackFromDead(machine, process -> false);
        return List.of(lost, ledger.claimOne(ledger.worker(), study));
    }

    @Test
    void whoever_saves_for_longer_than_its_lease_keeps_it() {
        Lease lease = lease(799);
        ledger.change(
                "UPDATE ledger.task_queue SET lease_until = clock_timestamp() - interval '1 second' WHERE task_id = ?1",
                lease.taskId());

        points.save(lease, 10, random(1, 100));

        assertThat(ledger.ask(
                        "SELECT lease_until > clock_timestamp() + interval '10 seconds' FROM ledger.task_queue WHERE task_id = ?1",
                        Boolean.class,
                        lease.taskId()))
                .isTrue();
    }

    @Test
    void a_point_takes_the_place_of_the_last_one() {
        Lease lease = lease(701);
        byte[] second = random(2, 1_500_000);

        boolean first = points.save(lease, 10, random(1, 3_000_000));
        boolean again = points.save(lease, 20, second);

        assertThat(List.of(first, again)).containsOnly(true);
        assertThat(points.find(lease)).contains(second);
        assertThat(count("ledger.resume_point", lease)).isEqualTo(1);
        assertThat(count("ledger.resume_chunk", lease)).isEqualTo(2);
        assertThat(ledger.ask(
                        "SELECT step FROM ledger.resume_point WHERE task_id = ?1 AND token = ?2",
                        Long.class,
                        lease.taskId(),
                        lease.token()))
                .isEqualTo(20);
    }

    @Test
    void a_point_goes_with_its_task_however_it_ends() {
        Lease succeeds = lease(702);
        Lease fails = lease(703);
        points.save(succeeds, 1, random(3, 100));
        points.save(fails, 1, random(4, 100));

        ledger.finish(succeeds);
        completions.finish(fails, new TaskOutcome.Rejected("loss became NaN"));

        assertThat(count("ledger.resume_chunk", succeeds) + count("ledger.resume_chunk", fails))
                .isZero();
        assertThat(points.find(fails)).isEmpty();
        assertThat(points.save(succeeds, 2, random(5, 100))).isFalse();
    }

    @Test
    void a_point_under_an_old_token_is_refused_and_changes_nothing() {
        List<Lease> leases = lostAndNewer(704);
        byte[] newest = random(7, 200);
        points.save(leases.get(1), 5, newest);

        boolean late = points.save(leases.get(0), 9, random(8, 200));

        assertThat(late).isFalse();
        assertThat(points.find(leases.get(1))).contains(newest);
    }

    @Test
    void a_point_outlives_a_task_that_is_given_back_or_lost() {
        UUID study = ledger.submit(LedgerFixture.single(705));
        Lease first = ledger.claimOne(ledger.worker(), study);
        byte[] point = random(9, 300);
        points.save(first, 5, point);

        completions.release(first);
        boolean afterRelease = points.save(first, 6, random(10, 300));
        Lease second = ledger.claimOne(ledger.worker(), study);

        assertThat(afterRelease).isFalse();
        assertThat(points.find(second)).contains(point);
    }

    @Test
    void a_point_of_another_numeric_version_is_left_alone() {
        UUID study = ledger.submit(LedgerFixture.single(707));
        Lease first = ledger.claimOne(ledger.worker(), study);
        points.save(first, 5, random(18, 300));
        ledger.change(
                "UPDATE ledger.attempt SET environment = jsonb_set(environment, '{numericVersion}', '0') WHERE token = ?1",
                first.token());
        completions.release(first);

        Lease second = ledger.claimOne(ledger.worker(), study);

        assertThat(points.find(second)).isEmpty();
    }

    @Test
    void a_point_that_lacks_a_chunk_is_found() {
        Lease lease = lease(706);
        points.save(lease, 1, random(11, 2_000_000));
        ledger.change("DELETE FROM ledger.resume_chunk WHERE task_id = ?1 AND position = 1", lease.taskId());

        assertThatThrownBy(() -> points.find(lease))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(
                        "the resume point of task %s must have 2000000 bytes in 2 chunks, the store holds 1048576 in 1"
                                .formatted(lease.taskId()));
    }

    @Test
    void a_snapshot_stands_there_once_however_often_it_comes() {
        Lease lease = lease(711);
        byte[] bytes = random(12, 1_100_000);

        boolean first = snapshots.store(lease, 100, bytes);
        boolean again = snapshots.store(lease, 100, bytes);

        assertThat(List.of(first, again)).containsOnly(true);
        assertThat(count("ledger.snapshot", lease)).isEqualTo(1);
        assertThat(checkpoints.read(Digests.of(bytes))).isEqualTo(bytes);
        assertThat(ledger.ask(
                        "SELECT step FROM results.snapshots WHERE sha256 = ?1 AND network_id IS NULL",
                        Long.class,
                        Digests.of(bytes)))
                .isEqualTo(100);
    }

    @Test
    void other_bytes_for_the_same_step_of_the_same_engine_are_a_fault() {
        Lease lease = lease(712);
        byte[] before = random(13, 100);
        byte[] other = random(14, 100);
        snapshots.store(lease, 100, before);

        assertThatThrownBy(() -> snapshots.store(lease, 100, other))
                .isInstanceOf(DeterminismException.class)
                .hasMessage(
                        "a training that is run again must give the same bytes, step 100 of task %s gave %s and before %s"
                                .formatted(lease.taskId(), Digests.of(other), Digests.of(before)));
        assertThatThrownBy(() -> checkpoints.read(Digests.of(other))).hasMessageContaining("no checkpoint");
    }

    @Test
    void other_bytes_of_a_gpu_are_no_fault() {
        UUID study = ledger.submit(LedgerFixture.single(716));
        UUID gpu = workers.register(new WorkerFacts(
                "host",
                "with a GPU",
                1,
                Optional.empty(),
                1,
                "gpu",
                1,
                Map.of("kernel", "unknown", "device", "Tesla T4")));
        Lease lease = ledger.claimOne(gpu, study);
        byte[] after = random(20, 100);
        snapshots.store(lease, 100, random(19, 100));

        boolean stored = snapshots.store(lease, 100, after);

        assertThat(stored).isTrue();
        assertThat(ledger.ask("SELECT sha256 FROM ledger.snapshot WHERE task_id = ?1", String.class, lease.taskId()))
                .isEqualTo(Digests.of(after));
    }

    @Test
    void other_bytes_of_another_kernel_take_the_place_of_those_before() {
        UUID study = ledger.submit(LedgerFixture.single(713));
        Lease first = ledger.claimOne(ledger.worker(), study);
        byte[] before = random(15, 100);
        byte[] after = random(16, 100);
        snapshots.store(first, 100, before);
        completions.release(first);
        Lease second = ledger.claimOne(
                workers.register(new WorkerFacts(
                        "host",
                        "elsewhere",
                        1,
                        Optional.empty(),
                        1,
                        "cpu",
                        1,
                        Map.of("kernel", "ANOTHER", "device", "cpu"))),
                study);

        boolean stored = snapshots.store(second, 100, after);

        assertThat(stored).isTrue();
        assertThat(ledger.ask("SELECT sha256 FROM ledger.snapshot WHERE task_id = ?1", String.class, first.taskId()))
                .isEqualTo(Digests.of(after));
        assertThatThrownBy(() -> checkpoints.read(Digests.of(before))).hasMessageContaining("was given up");
    }

    @Test
    void a_snapshot_under_an_old_token_is_refused_and_leaves_no_trace() {
        List<Lease> leases = lostAndNewer(714);
        byte[] bytes = random(17, 100);

        boolean late = snapshots.store(leases.get(0), 100, bytes);

        assertThat(late).isFalse();
        assertThat(count("ledger.snapshot", leases.get(0))).isZero();
        assertThatThrownBy(() -> checkpoints.read(Digests.of(bytes))).hasMessageContaining("no checkpoint");
    }

    @Test
    void a_study_that_keeps_leaves_keeps_the_merges_that_are_snapshots() {
        UUID study = ledger.submit(LedgerFixture.study(715, 2, "leaves"));
        Lease other = lease(716);
        UUID worker = ledger.worker();
        for (List<Lease> some = ledger.claim(worker, study, 1);
                !some.isEmpty();
                some = ledger.claim(worker, study, 1)) {
            TaskOutcome made = LedgerFixture.success(some.get(0));
            if (!some.get(0).inputs().isEmpty() && made instanceof TaskOutcome.Succeeded succeeded) {
                succeeded.network().ifPresent(merged -> snapshots.store(other, 1, merged.checkpoint()));
            }
            completions.finish(some.get(0), made);
        }

        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
        assertThat(ledger.ask(
                        "SELECT count(*) FROM results.networks WHERE study_id = ?1 AND stored AND origin = 'merged'",
                        Long.class,
                        study))
                .isEqualTo(1);
    }

    @Test
    void every_attempt_says_what_computed_it() {
        UUID study = ledger.submit(LedgerFixture.single(717));
        UUID worker = workers.register(new WorkerFacts(
                "host",
                "machine",
                1,
                Optional.empty(),
                1,
                "cpu",
                1,
                Map.of(
                        "engine",
                        "native-blas",
                        "kernel",
                        "HASWELL",
                        "threads",
                        "1",
                        "code",
                        "0.1",
                        "device",
                        "Tesla T4")));

        ledger.claimOne(worker, study);

        assertThat(ledger.ask(
                        "SELECT engine || ' ' || kernel || ' ' || device || ' ' || threads || ' '"
                                + " || (environment ->> 'code') || ' ' || (environment ->> 'numericVersion')"
                                + " FROM results.tasks WHERE study_id = ?1 AND kind = 'train'",
                        String.class,
                        study))
                .matches("native-blas HASWELL Tesla T4 1 0\\.1 \\d+");
    }
}

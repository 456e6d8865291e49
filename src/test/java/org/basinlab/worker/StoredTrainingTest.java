package org.basinlab.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.basinlab.StoreForTests;
import org.basinlab.dataset.Dataset;
import org.basinlab.ledger.Completions;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.ledger.ResumePoints;
import org.basinlab.ledger.Snapshots;
import org.basinlab.network.Safetensors;
import org.basinlab.network.SafetensorsFile;
import org.basinlab.recipe.DatasetRef;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.Progress;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.basinlab.workflow.Measurement;
import org.basinlab.workflow.NewNetwork;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;
import org.junit.jupiter.api.Test;

/** Real trainings of a small network, in a real store. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class StoredTrainingTest {

    private static final int STEPS_OF_EPOCH = 20;
    private static final int STEPS = 3 * STEPS_OF_EPOCH;

    /** Adam keeps two arrays between its steps, which a resumed training must have. */
    private static final String STUDY = """
            study: stored-training
            seed: %d
            dataset: { name: synthetic-shapes }
            network: { mlp: { hidden: [4] } }
            training:
              seeds: { from: 0, count: 1 }
              epochs: 3
              batch: 500
              optimiser: { adam: { learningRate: 0.001 } }
            """;

    private static WorkerConfig config(Duration resumeEvery) {
        return new WorkerConfig() {
            @Override
            public Optional<String> dataPath() {
                return Optional.empty();
            }

            @Override
            public MemorySize networkCache() {
                return new MemorySize(BigInteger.ZERO);
            }

            @Override
            public Duration resumeEvery() {
                return resumeEvery;
            }
        };
    }

    /** Says when it had given the data out. */
    private static final class WatchedShelf extends DataShelf {

        private long opened;

        WatchedShelf() {
            super(config(Duration.ofHours(1)), new DataKeeping(null));
        }

        @Override
        Dataset open(DatasetRef reference, Optional<String> digest) {
            Dataset dataset = super.open(reference, digest); // draws 12,000 images
            opened = System.nanoTime();
            return dataset;
        }
    }

    /** Asks a training to stop once it is that far, and counts how often it said how far it is. */
    private static final class StopAt implements Progress {

        private final double most;
        private final List<Double> said = new ArrayList<>();

        StopAt(double most) {
            this.most = most;
        }

        @Override
        public void at(double done) {
            said.add(done);
            if (done >= most) {
                throw new CancellationException("the worker stops");
            }
        }
    }

    @Inject
    LedgerFixture ledger;

    @Inject
    Completions completions;

    @Inject
    NetworkShelf networks;

    @Inject
    ResumePoints points;

    @Inject
    Snapshots snapshots;

    private final WatchedShelf data = new WatchedShelf();

    private UUID submit(Study study) {
        DatasetRef reference = study.arms().get(0).dataset();
        return ledger.submitOnNewData(study, data.facts(reference).digest());
    }

    private static Study study(long seed) {
        return StudyFile.read(STUDY.formatted(seed), "stored-training.yaml");
    }

    private Lease lease(UUID study) {
        return ledger.claimOne(ledger.worker(), study);
    }

    private TaskOutcome train(Lease lease, Progress progress, Duration resumeEvery) {
        return new TrainTask(data, networks, points, snapshots, config(resumeEvery))
                .run((TaskSpec.Train) lease.spec(), lease, progress);
    }

    private static byte[] bytes(TaskOutcome outcome) {
        assertThat(outcome).isInstanceOf(TaskOutcome.Succeeded.class);
        return ((TaskOutcome.Succeeded) outcome)
                .network()
                .map(NewNetwork::checkpoint)
                .orElseThrow();
    }

    private long steps(UUID study) {
        return ledger.ask("""
                SELECT coalesce(max(p.step), 0)
                  FROM ledger.resume_point p
                  JOIN ledger.task t ON t.id = p.task_id
                 WHERE t.study_id = ?1
                """, Long.class, study);
    }

    @Test
    void seconds_are_those_of_the_training_alone() {
        Lease lease = lease(submit(study(901)));

        TaskOutcome outcome = train(lease, Progress.UNWATCHED, Duration.ofHours(1));
        double sinceOpened = (System.nanoTime() - data.opened) / 1e9;

        assertThat(outcome).isInstanceOfSatisfying(TaskOutcome.Succeeded.class, succeeded -> {
            double seconds = succeeded.measurements().stream()
                    .filter(measured -> measured.metric().equals("seconds"))
                    .mapToDouble(Measurement::value)
                    .sum();
            assertThat(seconds).isPositive().isLessThan(sinceOpened);
        });
    }

    @Test
    void a_training_that_must_stop_goes_on_after_its_last_step_and_ends_in_the_same_bytes() {
        UUID study = submit(study(902));
        Lease first = lease(study);
        StopAt undisturbed = new StopAt(2);
        StopAt halfway = new StopAt(0.5);
        StopAt resumed = new StopAt(2);

        byte[] expected = bytes(train(first, undisturbed, Duration.ofHours(1)));
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> train(first, halfway, Duration.ofHours(1)));
        long kept = steps(study);
        completions.release(first);
        byte[] found = bytes(train(lease(study), resumed, Duration.ofHours(1)));

        assertThat(Digests.of(found)).isEqualTo(Digests.of(expected));
        assertThat(kept).isBetween(STEPS / 2 - 1L, STEPS / 2 + 2L);
        // The stop was put off by one step, which nobody was told of.
        assertThat(halfway.said.size() + 1 + resumed.said.size()).isEqualTo(undisturbed.said.size());
        assertThat(resumed.said.get(0)).isGreaterThan(halfway.said.get(halfway.said.size() - 1));
    }

    @Test
    void a_training_that_is_lost_goes_on_after_the_last_point_that_it_left_by_itself() {
        UUID study = submit(study(903));
        Lease first = lease(study);
        byte[] expected = bytes(train(first, Progress.UNWATCHED, Duration.ofHours(1)));
        StopAt resumed = new StopAt(2);

        // An error goes through as a kill does: nothing more is saved.
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> train(
                        first,
                        done -> {
                            if (done >= 0.5) {
                                throw new AssertionError("killed");
                            }
                        },
                        Duration.ofNanos(1)));
        long kept = steps(study);
        completions.release(first);
        byte[] found = bytes(train(lease(study), resumed, Duration.ofHours(1)));

        assertThat(kept).isBetween(STEPS / 2 - 1L, STEPS / 2 + 1L);
        assertThat(Digests.of(found)).isEqualTo(Digests.of(expected));
        assertThat(resumed.said.get(0)).isGreaterThan(0.45);
    }

    @Test
    void a_point_that_is_damaged_or_of_another_training_costs_time_and_nothing_else() {
        UUID study = submit(study(904));
        Lease lease = lease(study);
        byte[] expected = bytes(train(lease, Progress.UNWATCHED, Duration.ofNanos(1)));
        ledger.change(
                "UPDATE ledger.resume_chunk SET content = set_bit(content, 4000, 1 - get_bit(content, 4000))"
                        + " WHERE task_id = ?1",
                lease.taskId());

        byte[] afterDamage = bytes(train(lease, Progress.UNWATCHED, Duration.ofHours(1)));
        points.save(lease, 7, "no resume point".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        byte[] afterNonsense = bytes(train(lease, Progress.UNWATCHED, Duration.ofHours(1)));
        Lease other = lease(submit(study(905)));
        train(other, Progress.UNWATCHED, Duration.ofNanos(1));
        points.save(lease, 8, points.find(other).orElseThrow());
        byte[] afterOther = bytes(train(lease, Progress.UNWATCHED, Duration.ofHours(1)));

        assertThat(List.of(Digests.of(afterDamage), Digests.of(afterNonsense), Digests.of(afterOther)))
                .containsOnly(Digests.of(expected));
    }

    @Test
    void networks_along_a_training_say_what_they_are_and_are_kept_once() {
        Study study = StudyFile.read(
                STUDY.formatted(906).replace("epochs: 3", "epochs: 3\n  checkpoints: { every: 25 }"), "snapshots.yaml");
        UUID id = submit(study);
        Lease lease = lease(id);

        train(lease, Progress.UNWATCHED, Duration.ofHours(1));
        train(lease, Progress.UNWATCHED, Duration.ofHours(1));

        assertThat(ledger.ask(
                        "SELECT string_agg(CAST(step AS text), ' ' ORDER BY step) FROM results.snapshots"
                                + " WHERE study_id = ?1",
                        String.class,
                        id))
                .isEqualTo("25 50");
        SafetensorsFile first = networks.get(
                ledger.ask("SELECT sha256 FROM results.snapshots WHERE study_id = ?1 AND step = 25", String.class, id));
        assertThat(first.weights().architecture()).isEqualTo(study.arms().get(0).network());
        assertThat(first.metadata()).containsKeys("architecture", "normalisation");
        assertThat(first.metadata().get("provenance")).contains("\"step\":25", "\"train\":{");
    }

    @Test
    void a_training_starts_from_a_stored_network() {
        UUID before = submit(study(907));
        Lease lease = lease(before);
        TaskOutcome trained = train(lease, Progress.UNWATCHED, Duration.ofHours(1));
        completions.finish(lease, trained);
        String start = Digests.of(bytes(trained));
        UUID study = submit(StudyFile.read(
                STUDY.formatted(908).replace("epochs: 3", "epochs: 1\n  start: " + start), "start.yaml"));

        Lease fineTuning = lease(study);
        TaskOutcome tuned = train(fineTuning, Progress.UNWATCHED, Duration.ofHours(1));
        completions.finish(fineTuning, tuned);

        double far = distance(bytes(trained), bytes(tuned));
        double anew = distance(
                bytes(trained), bytes(train(lease(submit(study(909))), Progress.UNWATCHED, Duration.ofHours(1))));
        assertThat(far).isPositive().isLessThan(anew / 2);
        assertThat(ledger.ask("SELECT initialised_from FROM results.networks WHERE study_id = ?1", String.class, study))
                .isEqualTo(start);
        assertThat(ledger.ask("""
                        SELECT l.distance || ' ' || l.is_leaf || ' ' || l.by_start
                          FROM results.lineage l
                          JOIN results.networks n ON n.id = l.network_id
                         WHERE n.study_id = ?1 AND l.ancestor_sha256 = ?2
                        """, String.class, study, start)).isEqualTo("1 false true");
    }

    private static double distance(byte[] one, byte[] other) {
        float[] a = Safetensors.read(one).weights().copy();
        float[] b = Safetensors.read(other).weights().copy();
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.pow(a[i] - b[i], 2);
        }
        return Math.sqrt(sum);
    }
}

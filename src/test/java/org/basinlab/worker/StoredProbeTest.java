package org.basinlab.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.StoreForTests;
import org.basinlab.ledger.Completions;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.ledger.Submissions;
import org.basinlab.recipe.Progress;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.basinlab.workflow.Planner;
import org.junit.jupiter.api.Test;

/** Studies that compute nothing, run to their end in a real store. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class StoredProbeTest {

    @Inject
    LedgerFixture ledger;

    @Inject
    Submissions submissions;

    @Inject
    LocalRunner runner;

    @Inject
    Completions completions;

    private UUID submit(String name, String probe) {
        String text = "study: %s\nprobe: %s\n".formatted(name, probe);
        Study study = StudyFile.read(text, "test.yaml");
        return submissions
                .submit(study, text, Planner.plan(study), Map.of(), Optional.empty())
                .id();
    }

    /** How many tasks were run. */
    private int run(UUID study) {
        UUID worker = ledger.worker();
        int count = 0;
        for (List<Lease> one = ledger.claim(worker, study, 1); !one.isEmpty(); one = ledger.claim(worker, study, 1)) {
            assertThat(completions.finish(one.get(0), runner.run(one.get(0), Progress.UNWATCHED)))
                    .isTrue();
            count++;
        }
        return count;
    }

    @Test
    void every_shape_runs_to_its_end_each_task_once() {
        for (String shape : List.of("wide", "chain", "fan-in", "tree")) {
            UUID study = submit("probe-" + shape, "{ shape: %s, tasks: 12 }".formatted(shape));

            int run = run(study);

            assertThat(run).isEqualTo(12);
            assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
            assertThat(ledger.ask(
                            "SELECT count(*) FROM results.tasks WHERE study_id = ?1 AND kind = 'probe' AND state = 'SUCCEEDED'",
                            Long.class,
                            study))
                    .isEqualTo(12);
        }
    }

    @Test
    void equal_probes_are_run_once_and_another_study_takes_their_results() {
        UUID first = submit("probe-equal", "{ shape: chain, tasks: 5, label: equal }");
        int run = run(first);
        UUID second = submit("probe-equal-again", "{ tasks: 7, label: equal }");

        assertThat(run).isEqualTo(1);
        assertThat(ledger.state(first)).isEqualTo("SUCCEEDED");
        assertThat(ledger.state(second)).isEqualTo("SUCCEEDED");
        assertThat(run(second)).isZero();
    }

    @Test
    void what_rejects_blocks_what_needs_it() {
        UUID study = submit("probe-rejects", "{ shape: fan-in, tasks: 3, misbehave: { rejects: 1 } }");

        run(study);

        assertThat(ledger.state(study)).isEqualTo("FAILED");
        assertThat(ledger.ask(
                        "SELECT count(*) FROM results.tasks WHERE study_id = ?1 AND state = 'BLOCKED'",
                        Long.class,
                        study))
                .isEqualTo(1);
    }
}

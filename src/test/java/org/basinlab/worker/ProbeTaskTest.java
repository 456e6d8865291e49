package org.basinlab.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.basinlab.ledger.Lease;
import org.basinlab.recipe.ProbeBehaviour;
import org.basinlab.recipe.Progress;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;
import org.junit.jupiter.api.Test;

class ProbeTaskTest {

    private static final TaskOutcome NOTHING = new TaskOutcome.Succeeded(Optional.empty(), List.of());

    private static TaskOutcome run(double seconds, ProbeBehaviour behaviour, int attempt, Progress progress) {
        TaskSpec.Probe probe = new TaskSpec.Probe("one", seconds, behaviour);
        Lease lease = new Lease(
                UUID.randomUUID(),
                1,
                attempt,
                attempt - 1,
                UUID.randomUUID(),
                "probing",
                probe,
                1,
                Optional.empty(),
                List.of());
        return ProbeTask.run(probe, lease, progress);
    }

    @Test
    void a_probe_waits_its_time_says_how_far_it_is_and_makes_nothing() {
        List<Double> said = new ArrayList<>();

        long started = System.nanoTime();
        TaskOutcome outcome = run(0.25, ProbeBehaviour.OK, 1, said::add);
        double seconds = (System.nanoTime() - started) * 1e-9;

        assertThat(outcome).isEqualTo(NOTHING);
        assertThat(seconds).isGreaterThanOrEqualTo(0.25);
        assertThat(said).isSorted().startsWith(0.0).endsWith(1.0).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void a_probe_fails_as_it_is_asked_to() {
        assertThatIllegalStateException()
                .isThrownBy(() -> run(0, ProbeBehaviour.THROWS, 3, Progress.UNWATCHED))
                .withMessage("probe one throws");
        assertThatIllegalStateException().isThrownBy(() -> run(0, ProbeBehaviour.THROWS_ONCE, 1, Progress.UNWATCHED));
        assertThat(run(0, ProbeBehaviour.THROWS_ONCE, 2, Progress.UNWATCHED)).isEqualTo(NOTHING);
        assertThat(run(0, ProbeBehaviour.REJECTS, 1, Progress.UNWATCHED))
                .isEqualTo(new TaskOutcome.Rejected("probe one rejects"));
        assertThatExceptionOfType(OutOfMemoryError.class)
                .isThrownBy(() -> run(0, ProbeBehaviour.OUT_OF_MEMORY, 1, Progress.UNWATCHED));
    }

    @Test
    void a_silent_probe_stops_when_it_is_asked_to() {
        int[] calls = {0};
        Progress progress = fraction -> {
            if (++calls[0] == 3) {
                throw new CancellationException("stop");
            }
        };

        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> run(0, ProbeBehaviour.SILENT, 1, progress))
                .withMessage("stop");
    }

    @Test
    void an_interruption_ends_a_probe_that_hangs() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> run(0, ProbeBehaviour.HANG, 1, Progress.UNWATCHED));

        assertThat(Thread.interrupted()).isTrue();
    }
}

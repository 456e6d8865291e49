package org.basinlab.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.basinlab.dispatch.DeviceFailedException;
import org.basinlab.ledger.Lease;
import org.basinlab.network.FunctionCheck;
import org.basinlab.network.Initialisation;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Progress;
import org.basinlab.verdict.Judging;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class LocalRunnerTest {

    private static final Architecture.Mlp NETWORK = new Architecture.Mlp(3, List.of(2), 2);

    private static TaskOutcome runMergeThat(Runnable does) {
        MergeTask merging = new MergeTask(null, null) {
            @Override
            TaskOutcome run(TaskSpec.Merge spec, Lease lease, Progress progress) {
                does.run();
                throw new AssertionError("was to throw");
            }
        };
        TaskSpec spec = new TaskSpec.Merge(new MergeStep.Mean(), 1);
        Lease lease = new Lease(new UUID(0, 1), 1, 1, 0, new UUID(0, 2), "study", spec, 1, Optional.empty(), List.of());
        return new LocalRunner(
                        new TrainTask(null, null, null, null, null),
                        merging,
                        new ControlTask(null, null),
                        new EvaluateTask(null, null, null),
                        new Judging(new PGSimpleDataSource()))
                .run(lease, Progress.UNWATCHED);
    }

    @Test
    void a_permutation_that_changes_the_function_is_final_at_once() {
        FunctionCheck check = FunctionCheck.of(Initialisation.pytorch(NETWORK, 1), 1);

        TaskOutcome outcome = runMergeThat(() -> check.requireSame(Initialisation.pytorch(NETWORK, 2)));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        TaskOutcome.Rejected.class,
                        rejected -> assertThat(rejected.reason())
                                .startsWith("permuted network differs from the original: logit 0 of input 0 is "));
    }

    @Test
    void a_size_that_overflows_is_final_at_once() {
        TaskOutcome outcome = runMergeThat(() -> Math.multiplyExact(1 << 20, 1 << 20));

        assertThat(outcome).isEqualTo(new TaskOutcome.Rejected("integer overflow"));
    }

    @Test
    void what_was_not_foreseen_and_what_was_cancelled_comes_through() {
        assertThatIllegalStateException()
                .isThrownBy(() -> runMergeThat(() -> {
                    throw new IllegalStateException("the memory was given back");
                }));
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> runMergeThat(() -> {
                    throw new CancellationException();
                }));
    }

    @Test
    void a_fault_of_the_device_says_nothing_of_the_task() {
        assertThatExceptionOfType(DeviceFailedException.class)
                .isThrownBy(() -> runMergeThat(() -> {
                    throw new IllegalArgumentException("CUDA error: 719, unspecified launch failure");
                }))
                .withMessage("CUDA error: 719, unspecified launch failure");
    }
}

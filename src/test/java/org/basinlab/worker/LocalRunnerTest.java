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
import org.basinlab.merging.MergeImages;
import org.basinlab.merging.Merging;
import org.basinlab.network.ArrayExamples;
import org.basinlab.network.FunctionCheck;
import org.basinlab.network.Initialisation;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Repair;
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
    void networks_that_cannot_be_merged_and_data_too_small_for_a_repair_are_final_in_one_line() {
        Weights good = Initialisation.pytorch(NETWORK, 1);
        Weights wide = Initialisation.pytorch(new Architecture.Mlp(3, List.of(4), 2), 1);
        float[] values = good.copy();
        values[0] = Float.NaN;
        Weights broken = Weights.owning(NETWORK, values);
        MergeStep repaired = new MergeStep.Mean(Optional.of(Repair.REPAIR));
        Optional<MergeImages> one = Optional.of(new MergeImages(ArrayExamples.clusters(1, 3, 2, 1)));

        TaskOutcome mixed =
                runMergeThat(() -> Merging.merge(new MergeStep.Mean(), List.of(good, wide), 1, Progress.UNWATCHED));
        TaskOutcome notFinite =
                runMergeThat(() -> Merging.merge(new MergeStep.Mean(), List.of(good, broken), 1, Progress.UNWATCHED));
        TaskOutcome small =
                runMergeThat(() -> Merging.merge(repaired, List.of(good, good), 1, one, Progress.UNWATCHED));

        assertThat(mixed)
                .isEqualTo(new TaskOutcome.Rejected("networks must have one architecture to be merged:"
                        + " network 1 is 3-2-2, network 2 is 3-4-2"));
        assertThat(notFinite)
                .isEqualTo(new TaskOutcome.Rejected(
                        "weights must be finite to be merged, but network 2 of 2 holds a NaN in layers.0.weight"));
        assertThat(small)
                .isEqualTo(new TaskOutcome.Rejected(
                        "means and variances of hidden units need at least 2 images, there is 1"));
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

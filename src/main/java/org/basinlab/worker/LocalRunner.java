package org.basinlab.worker;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.basinlab.dispatch.DeviceFailedException;
import org.basinlab.dispatch.TaskRunner;
import org.basinlab.ledger.CheckpointException;
import org.basinlab.ledger.ClaimQueryException;
import org.basinlab.ledger.DeterminismException;
import org.basinlab.ledger.Lease;
import org.basinlab.network.FunctionChangedException;
import org.basinlab.recipe.Progress;
import org.basinlab.verdict.Judging;
import org.basinlab.workflow.NewNetwork;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;

/** Runs leased tasks in this process. */
@ApplicationScoped
class LocalRunner implements TaskRunner {

    private final TrainTask training;
    private final MergeTask merging;
    private final ControlTask controls;
    private final EvaluateTask evaluation;
    private final Judging judging;

    LocalRunner(TrainTask training, MergeTask merging, ControlTask controls, EvaluateTask evaluation, Judging judging) {
        this.training = training;
        this.merging = merging;
        this.controls = controls;
        this.evaluation = evaluation;
        this.judging = judging;
    }

    /** The same for a task that is at its end: it runs from its beginning, and leaves nothing in the store. */
    TaskOutcome replay(Lease lease, Progress progress) {
        return outcome(() -> lease.spec()
                .fold(
                        train -> training.replay(train, lease, progress),
                        merge -> merging.run(merge, lease, progress),
                        control -> controls.run(control, lease, progress),
                        evaluate -> evaluation.run(evaluate, lease, progress),
                        judge -> {
                            throw new UnsupportedOperationException(
                                    "a verdict is issued once, task %s".formatted(lease.taskId()));
                        },
                        probe -> ProbeTask.run(probe, lease, progress)));
    }

    /**
     * The same for one network along a training: what is handed back is that network alone.
     *
     * @param step of the training
     * @throws IllegalArgumentException if the task is no training, or passes no such network
     */
    TaskOutcome replayTo(long step, Lease lease, Progress progress) {
        if (!(lease.spec() instanceof TaskSpec.Train train)) {
            throw new IllegalArgumentException("only a training has steps, task %s is of kind %s"
                    .formatted(lease.taskId(), lease.spec().kind().label()));
        }
        return outcome(() -> training.replayTo(step, train, lease, progress)
                .<TaskOutcome>map(bytes -> new TaskOutcome.Succeeded(
                        Optional.of(new NewNetwork(train.architecture(), bytes, List.of())), List.of()))
                .orElseGet(() -> new TaskOutcome.Rejected("the training passes no network after step " + step)));
    }

    @Override
    public TaskOutcome run(Lease lease, Progress whole) {
        Progress progress = FaultyProgress.of(lease.spec(), whole);
        return outcome(() -> lease.spec()
                .fold(
                        train -> training.run(train, lease, progress),
                        merge -> merging.run(merge, lease, progress),
                        control -> controls.run(control, lease, progress),
                        evaluate -> evaluation.run(evaluate, lease, progress),
                        judge -> new TaskOutcome.Concluded(judging.conclude(lease.studyId(), judge, progress)),
                        probe -> ProbeTask.run(probe, lease, progress)));
    }

    private static TaskOutcome outcome(Supplier<TaskOutcome> task) {
        return unlessRejected(() -> unlessDeviceFails(task));
    }

    /** A fault of the device comes first, whatever exception brings it: it says nothing of the task. */
    private static TaskOutcome unlessDeviceFails(Supplier<TaskOutcome> task) {
        try {
            return task.get();
        } catch (RuntimeException | OutOfMemoryError | LinkageError e) {
            DeviceFaults.find(e).ifPresent(why -> {
                throw new DeviceFailedException(why, e);
            });
            throw e;
        }
    }

    private static TaskOutcome unlessRejected(Supplier<TaskOutcome> task) {
        try {
            return task.get();
        } catch (ClaimQueryException e) {
            if (e.fault() == ClaimQueryException.Fault.TIME) {
                throw e; // another time it may end
            }
            return new TaskOutcome.Rejected(String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException
                | ArithmeticException
                | CheckpointException
                | DeterminismException
                | FunctionChangedException e) {
            // It would come again: shapes that differ, sizes that overflow, a damaged checkpoint, other bytes than the
            // last time, a permutation that is none. Data that is missing here may be elsewhere.
            return new TaskOutcome.Rejected(String.valueOf(e.getMessage()));
        }
    }
}

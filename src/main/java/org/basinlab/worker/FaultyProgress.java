package org.basinlab.worker;

import org.basinlab.ledger.FaultPoint;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Progress;
import org.basinlab.workflow.TaskSpec;

/** The steps of a task as places at which a process can be made to die. */
final class FaultyProgress {

    private FaultyProgress() {}

    /** The same progress, which passes the place that belongs to what the task does at each of its steps. */
    static Progress of(TaskSpec task, Progress progress) {
        if (!FaultPoint.isArmed()) {
            return progress;
        }
        if (task instanceof TaskSpec.Train) {
            return passing(FaultPoint.MID_EPOCH, progress);
        }
        if (task instanceof TaskSpec.Merge) {
            return passing(FaultPoint.MID_PERMUTATION, progress);
        }
        if (task instanceof TaskSpec.Evaluate evaluate && isGrid(evaluate.metric())) {
            return passing(FaultPoint.MID_EPSILON_GRID, progress);
        }
        return progress;
    }

    private static boolean isGrid(MetricRequest metric) {
        return metric instanceof MetricRequest.Fgsm
                || metric instanceof MetricRequest.Pgd
                || metric instanceof MetricRequest.DeepFool;
    }

    private static Progress passing(FaultPoint point, Progress progress) {
        return done -> {
            progress.at(done);
            point.reached();
        };
    }
}

package org.basinlab.workflow;

import java.util.List;
import java.util.Set;
import org.basinlab.study.Study;

/** What single tasks of a plan will measure, for tests that make the numbers up. */
public final class PlannedNumbers {

    private PlannedNumbers() {}

    public static Set<PlannedMetric> of(Study study, PlannedTask task) {
        PlannedTask alone = new PlannedTask(0, task.spec(), List.of(), task.placement(), task.flops());
        return PlannedMetrics.of(study, new Plan(List.of(alone), List.of(), 0));
    }
}

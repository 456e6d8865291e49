package org.basinlab.workflow;

import java.util.List;

/**
 * One task of a plan.
 *
 * @param ordinal its place in the plan, from 0
 * @param inputs ordinals of the tasks whose networks it takes, in order; two inputs may be equal; the {@link Plan} sees to it that they
 *     come before what needs them
 * @param placement of the network that it makes or measures
 * @param flops rough number of floating-point operations, by which times are estimated
 */
public record PlannedTask(int ordinal, TaskSpec spec, List<Integer> inputs, Placement placement, double flops) {

    public PlannedTask {
        inputs = List.copyOf(inputs);
    }
}

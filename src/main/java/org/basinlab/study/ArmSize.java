package org.basinlab.study;

import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.MetricRequest;

/**
 * How much work a population is, known before any of it is laid out; n trained networks in groups of g give ⌊n/g⌋
 * merged ones.
 *
 * @param networks trained and merged
 * @param tasks to train, to merge and to measure them
 * @param inputs of all tasks together: a task's inputs are the networks that it takes
 */
public record ArmSize(long networks, long tasks, long inputs) {

    /** Of one population. */
    public static final int MOST_NETWORKS = 20_000;

    /** Of a whole study. */
    public static final int MOST_TASKS = 100_000;

    /** Of a whole study. */
    public static final int MOST_INPUTS = 1_000_000;

    public static ArmSize of(Arm arm) {
        // No overflow: at most 100,000 seeds in less than a million groups' sizes (a specification has 1 MiB).
        long leaves = arm.seeds().count();
        long networks = leaves;
        long merged = 0;
        for (MergeScheme scheme : arm.merge()) {
            for (int size : scheme.sizes()) {
                networks += leaves / size;
                merged += leaves / size * (scheme.pairwise() ? 2 : size);
            }
        }
        long measurements = 0;
        for (MetricRequest metric : arm.evaluate()) {
            measurements += metric.readsImages() ? 2 : 1;
        }
        return new ArmSize(networks, networks * (1 + measurements), merged + networks * measurements);
    }
}

package org.basinlab.ledger;

import java.util.List;

/**
 * How far a study is.
 *
 * @param state of the study
 * @param kinds one entry for each kind of task that its plan has
 * @param failures up to five reasons of failed tasks, the first ones
 */
public record StudyProgress(String state, List<Kind> kinds, List<String> failures) {

    public StudyProgress {
        kinds = List.copyOf(kinds);
        failures = List.copyOf(failures);
    }

    /**
     * The tasks of one kind.
     *
     * @param flopsLeft rough floating-point operations of those that are not at their end
     */
    public record Kind(
            String kind, int all, int done, int running, int failed, int blocked, double flops, double flopsLeft) {}
}

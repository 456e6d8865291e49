package org.basinlab.verdict;

import org.basinlab.ledger.StudyClaim;
import org.basinlab.workflow.StudyState;

/**
 * How far a study is when its claims are looked at.
 *
 * @param isJudged whether its judge asks, who alone tests and issues verdicts
 * @param isOver whether nothing comes any more: units that are missing have failed
 * @param provisional what is said before numbers that are no verdict
 */
record Standing(boolean isJudged, boolean isOver, String provisional) {

    static final Standing JUDGED = new Standing(true, true, "");

    static final Standing RUNNING = new Standing(false, false, "the study has not ended: ");

    /** Of a claim without a verdict. */
    static Standing of(StudyClaim claim) {
        StudyState state = StudyState.valueOf(claim.state());
        if (!state.isTerminal()) {
            return RUNNING;
        }
        if (state == StudyState.CANCELLED) {
            return over("the study was cancelled: ");
        }
        return over(claim.judgeFailure()
                .map("its judge failed: %s; run the study again; so far "::formatted)
                .orElse("the study has ended without a verdict on it: "));
    }

    private static Standing over(String provisional) {
        return new Standing(false, true, provisional);
    }
}

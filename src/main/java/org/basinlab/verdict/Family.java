package org.basinlab.verdict;

import java.util.List;
import org.basinlab.workflow.Conclusion;

/** The claims of one paper in one study, decided together: their p are adjusted together. */
final class Family {

    private Family() {}

    /**
     * One conclusion a claim, in their order.
     *
     * @param claims all that the study lists of the paper, whatever was measured of them
     * @param ended whether everything else in the study has ended; before that all are provisional
     * @param seed of the bootstrap
     */
    static List<Conclusion> conclude(List<MeasuredClaim> claims, boolean ended, long seed) {
        throw new UnsupportedOperationException();
    }
}

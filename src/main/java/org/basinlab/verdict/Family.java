package org.basinlab.verdict;

import java.util.ArrayList;
import java.util.List;
import org.basinlab.workflow.Conclusion;

/** The claims of one paper in one study, decided together: their p are adjusted together. */
final class Family {

    private Family() {}

    /**
     * One conclusion a claim, in their order. Equal arguments give equal conclusions; the order of claims changes none of them.
     *
     * @param claims all that the study lists of the paper, whatever was measured of them: one without p counts in the adjustment as one with p = 1
     * @param ended whether everything else in the study has ended; before that all are provisional
     * @param seed of the bootstrap
     * @throws IllegalStateException if the units of a claim are not what it registered: one twice, more than planned, or images that give another value
     */
    static List<Conclusion> conclude(List<MeasuredClaim> claims, boolean ended, long seed) {
        return conclude(claims, ended, seed, Resamples.FULL);
    }

    /** The same with another number of resamples, for simulations. */
    static List<Conclusion> conclude(List<MeasuredClaim> claims, boolean ended, long seed, Resamples resamples) {
        List<ClaimCase> cases = new ArrayList<>();
        for (MeasuredClaim claim : claims) {
            cases.add(new CaseReader(claim, seed, resamples).read(ended));
        }
        double[] claimed =
                Holm.adjusted(cases.stream().mapToDouble(ClaimCase::claimed).toArray());
        double[] denied =
                Holm.adjusted(cases.stream().mapToDouble(ClaimCase::denied).toArray());
        List<Conclusion> conclusions = new ArrayList<>();
        for (int i = 0; i < claims.size(); i++) {
            conclusions.add(cases.get(i).conclude(claimed[i], denied[i], claims.size()));
        }
        return conclusions;
    }
}

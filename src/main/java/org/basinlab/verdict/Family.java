package org.basinlab.verdict;

import java.util.ArrayList;
import java.util.List;
import org.basinlab.recipe.Progress;
import org.basinlab.workflow.Conclusion;

/** The claims of one paper in one study, decided together: their p are adjusted together. */
final class Family {

    private Family() {}

    /**
     * One conclusion a claim, in their order. Equal arguments give equal conclusions; the order of claims changes none of them.
     *
     * @param claims all that the study lists of the paper, whatever was measured of them: one without p counts in the adjustment as one with p = 1
     * @param standing how far the study is; until it is judged all are provisional
     * @param seed of the bootstrap
     * @throws IllegalStateException if the units of a claim are not what it registered: one twice, or more than planned
     */
    static List<Conclusion> conclude(List<MeasuredClaim> claims, Standing standing, long seed) {
        return conclude(claims, standing, seed, Resamples.FULL);
    }

    /** The same with another number of resamples, for simulations. */
    static List<Conclusion> conclude(List<MeasuredClaim> claims, Standing standing, long seed, Resamples resamples) {
        return conclude(claims, standing, seed, resamples, Progress.UNWATCHED);
    }

    /** The same, watched: {@code progress} learns from 0 to 1 how many claims are read. */
    static List<Conclusion> conclude(
            List<MeasuredClaim> claims, Standing standing, long seed, Resamples resamples, Progress progress) {
        List<ClaimCase> cases = new ArrayList<>();
        for (MeasuredClaim claim : claims) {
            progress.at((double) cases.size() / claims.size());
            cases.add(new CaseReader(claim, seed, resamples).read(standing));
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

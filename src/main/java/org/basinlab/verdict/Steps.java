package org.basinlab.verdict;

import java.util.List;
import org.basinlab.ledger.StudyClaim;
import org.basinlab.recipe.Progress;
import org.basinlab.study.Claim;

/** How far a judgement is: its queries are the first half of it, what is computed from them the second. For one thread. */
final class Steps {

    private static final double QUERIES = 0.5;

    private final int most;
    private final Progress progress;
    private int done;

    Steps(int most, Progress progress) {
        this.most = Math.max(1, most);
        this.progress = progress;
    }

    /** Of what nobody watches. */
    static Steps unwatched() {
        return new Steps(1, Progress.UNWATCHED);
    }

    static Steps of(List<StudyClaim> family, Progress progress) {
        return new Steps(
                family.stream().map(StudyClaim::claim).mapToInt(Steps::queries).sum(), progress);
    }

    /** Each part of each specification, and the images behind the primary one's. */
    private static int queries(Claim claim) {
        return claim.specifications().stream()
                .mapToInt(specification ->
                        specification.queries().size() + specification.images().size())
                .sum();
    }

    /** The next query begins. */
    void next() {
        progress.at(QUERIES * Math.min(most, done) / most);
        done++;
    }

    /** All queries are read, and of what follows {@code fraction} is done, in [0, 1]. */
    void decided(double fraction) {
        progress.at(QUERIES + (1 - QUERIES) * fraction);
    }
}

package org.basinlab.matching;

import java.time.Duration;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;

/**
 * The best of several weight matchings: each visits the layers in other random orders and may end in another local optimum.
 */
public final class BestOf {

    private BestOf() {}

    /**
     * Aligns {@code b} with {@code a} {@code k} times and returns the alignment of the greatest objective, of equal ones the
     * first. The matching j is {@link WeightMatching#align} with the seed derived from {@code seed}, {@code best-of} and j,
     * so that the best of more is never worse.
     *
     * @param k at least 1
     * @return with the time of all
     * @throws IllegalArgumentException if the architectures differ, a weight is not finite or {@code k} is below 1
     * @throws java.util.concurrent.CancellationException if {@code progress} says so
     */
    public static Alignment align(Weights a, Weights b, int k, long seed, Progress progress) {
        if (k < 1) {
            throw new IllegalArgumentException("there must be at least 1 matching to choose from, was " + k);
        }
        long started = System.nanoTime();
        Alignment best = WeightMatching.align(a, b, Seeds.derive(seed, "best-of", 0), part(progress, 0, k));
        for (int j = 1; j < k; j++) {
            Alignment next = WeightMatching.align(a, b, Seeds.derive(seed, "best-of", j), part(progress, j, k));
            best = next.objective() > best.objective() ? next : best;
        }
        return new Alignment(
                best.permutations(),
                best.objective(),
                best.l2Before(),
                best.l2After(),
                best.sweeps(),
                Duration.ofNanos(System.nanoTime() - started));
    }

    private static Progress part(Progress whole, int index, int of) {
        return fraction -> whole.at((index + fraction) / of);
    }
}

package org.basinlab.matching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Progress;

/**
 * Weight matching: permutes the hidden units of B so that Σ⟨A, πB⟩ grows, one layer at a time, each step an exact linear
 * assignment, until a whole sweep over the layers brings no progress.
 *
 * <p>The answer is a local optimum that depends on the order of visits, which the seed gives: a fresh random order every
 * sweep. In float64 throughout, from the identity, at most {@value MutualMatching#MOST_SWEEPS} sweeps. Equal inputs and seed
 * give equal permutations on one BLAS kernel. Where no two pairings of a layer are equally good, they are those of the plain
 * algorithm, which makes every product and solves every assignment anew. The first sweep over the 512-512-512-256 network of
 * the papers costs six products of 512×512×512, four assignments, and the product of the inputs' weights, which no
 * permutation touches; the following sweeps cost what moves in them.
 *
 * @see <a href="https://arxiv.org/abs/2209.04836">Ainsworth et al. 2022, Git Re-Basin, algorithm 1</a>
 */
public final class WeightMatching {

    private WeightMatching() {}

    /**
     * Aligns {@code b} with {@code a}.
     *
     * @param progress told of every visit of a layer
     * @throws IllegalArgumentException if the architectures differ or a weight is not finite
     * @throws java.util.concurrent.CancellationException if {@code progress} says so
     */
    public static Alignment align(Weights a, Weights b, long seed, Progress progress) {
        return alignWithMean(List.of(a), b, seed, progress);
    }

    /**
     * Aligns {@code b} with the mean of {@code others}, which is taken in float64 and never rounded.
     *
     * @param others at least one, of b's architecture
     * @param progress told of every visit of a layer
     * @throws IllegalArgumentException if the architectures differ or a weight is not finite
     * @throws java.util.concurrent.CancellationException if {@code progress} says so
     */
    public static Alignment alignWithMean(List<Weights> others, Weights b, long seed, Progress progress) {
        return alignWithMean(others, b, seed, progress, MutualMatching.MOST_SWEEPS);
    }

    static Alignment alignWithMean(List<Weights> others, Weights b, long seed, Progress progress, int mostSweeps) {
        long started = System.nanoTime();
        List<Weights> all = new ArrayList<>(others);
        all.add(b);
        try (MutualMatching matching = new MutualMatching(all, 0)) { // nothing is matched twice: nothing is kept
            MutualMatching.Move move = matching.align(others.size(), seed, progress, mostSweeps);
            Permutations permutations = matching.permutations(others.size());
            Sums before = Sums.of(others, b);
            Sums after = move.moved() ? Sums.of(others, permutations.apply(b)) : before;
            return new Alignment(
                    permutations,
                    after.inner(),
                    before.distance(),
                    after.distance(),
                    move.sweeps(),
                    Duration.ofNanos(System.nanoTime() - started));
        }
    }
}

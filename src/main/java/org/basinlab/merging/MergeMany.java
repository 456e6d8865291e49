package org.basinlab.merging;

import java.util.ArrayList;
import java.util.List;
import org.basinlab.matching.Alignment;
import org.basinlab.network.Weights;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;

/**
 * MergeMany: goes around the networks, each time in a fresh random order, and aligns each with the mean of the others as
 * they are at that moment (Gauss and Seidel), until a whole round brings no progress.
 *
 * <p>Every matching starts at the identity. The mean of the others is a float64 value that is never rounded, and a network
 * before and after its matching is measured against the same one; both networks hold the same float32 numbers in another
 * order. So the distances of the L2 rule carry only the rounding of their float64 sums, about 10⁻¹⁴, and a network that
 * stays as it is has exactly equal distances: neither is mistaken for a gain of 10⁻¹². As in the original, a matching may
 * answer a tie with another pairing, which is applied and is no progress by the L2 rule (it is by the rule of the identity).
 *
 * @see <a href="https://arxiv.org/abs/2209.04836">Ainsworth et al. 2022, Git Re-Basin, algorithm 3</a>
 */
final class MergeMany {

    /** The gain in L2 that counts as progress, as in the original code. */
    private static final double MARGIN = 1e-12;

    /** Rounds after which {@link Progress} is told one half; how many there will be is not known beforehand. */
    private static final double USUAL_ROUNDS = 20;

    private final MergeStep.Many step;
    private final List<AlignedNetwork> networks;
    private final long seed;
    private final Progress progress;
    private int matchings;
    private int rounds;
    private boolean converged;

    MergeMany(MergeStep.Many step, List<AlignedNetwork> networks, long seed, Progress progress) {
        this.step = step;
        this.networks = networks;
        this.seed = seed;
        this.progress = progress;
    }

    /** Permutes the networks in place; runs once. */
    void run() {
        while (!converged && rounds < step.rounds().most()) {
            rounds++;
            converged = !round();
        }
    }

    int rounds() {
        return rounds;
    }

    boolean converged() {
        return converged;
    }

    /** Whether any network made progress. */
    private boolean round() {
        boolean moved = false;
        long orderSeed = Seeds.derive(seed, "merge-many-order", rounds);
        for (int k : Seeds.shuffled(networks.size(), Seeds.generator(orderSeed))) {
            long matchingSeed = Seeds.derive(seed, "merge-many-matching", rounds, k);
            Alignment found =
                    networks.get(k).alignWithMean(currentWithout(k), step.matching(), matchingSeed, this::tell);
            matchings++;
            moved |= isProgress(found);
        }
        return moved;
    }

    private boolean isProgress(Alignment found) {
        return switch (step.stop()) {
            case L2 -> found.l2After() < found.l2Before() - MARGIN;
            case IDENTITY -> !found.permutations().isIdentity();
        };
    }

    private List<Weights> currentWithout(int left) {
        List<Weights> others = new ArrayList<>(networks.size() - 1);
        for (int k = 0; k < networks.size(); k++) {
            if (k != left) {
                others.add(networks.get(k).current());
            }
        }
        return others;
    }

    private void tell(double fractionOfMatching) {
        double done = matchings + fractionOfMatching;
        progress.at(done / (done + USUAL_ROUNDS * networks.size()));
    }
}

package org.basinlab.merging;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.basinlab.matching.MutualMatching;
import org.basinlab.matching.Sums;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;

/**
 * MergeMany: goes around the networks, each time in a fresh random order, and aligns each with the mean of the others as
 * they are at that moment (Gauss and Seidel), until a whole round brings no progress.
 *
 * <p>Every matching starts at the present order. The mean of the others is a float64 value that is never rounded, and the
 * distances before and after a matching are compared by how much their squares differ, which is twice what the matching
 * gained: the sum over the units that moved, exactly zero for a network that stays as it is. So no rounding of sums over
 * all parameters is mistaken for a gain of 10⁻¹². As in the original, a matching may answer a tie with another pairing, which
 * is applied and is no progress by the L2 rule (it is by the rule of the identity).
 *
 * <p>A network is permuted once, at the end: until then only the orders of its units change.
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
    private final List<Weights> originals;
    private final double largestNorm;
    private final long seed;
    private final Progress progress;
    private final RoundWatch watch;
    /** Of every network: what its matchings took in all. */
    private final int[] sweeps;

    private int matchings;
    private int rounds;
    private boolean converged;

    /** Told what the networks are before the first round and after each. */
    @FunctionalInterface
    interface RoundWatch {

        RoundWatch NONE = (rounds, networks) -> {};

        /**
         * @param rounds that are over
         * @param networks in their present order; made when they are asked for
         */
        void after(int rounds, Supplier<List<Weights>> networks);
    }

    MergeMany(MergeStep.Many step, List<AlignedNetwork> networks, long seed, Progress progress, RoundWatch watch) {
        this.step = step;
        this.watch = watch;
        this.networks = networks;
        this.seed = seed;
        this.progress = progress;
        sweeps = new int[networks.size()];
        originals = networks.stream().map(AlignedNetwork::current).toList();
        largestNorm = originals.stream()
                .mapToDouble(
                        network -> Math.sqrt(Sums.of(List.of(network), network).inner()))
                .max()
                .orElse(0);
    }

    /**
     * Permutes the networks in place; runs once.
     *
     * @throws org.basinlab.network.FunctionChangedException if a permuted network answers differently from its original
     */
    void run() {
        if (!(step.matching() instanceof Matching.Weight)) {
            throw new IllegalArgumentException(
                    "MergeMany knows no matching " + step.matching().label());
        }
        try (MutualMatching matching = new MutualMatching(originals)) {
            watch.after(rounds, () -> originals);
            while (!converged && rounds < step.rounds().most()) {
                rounds++;
                converged = !round(matching);
                watch.after(rounds, () -> permuted(matching));
            }
            for (int k = 0; k < networks.size(); k++) {
                networks.get(k).take(matching.permutations(k), rounds, sweeps[k]);
            }
        }
    }

    int rounds() {
        return rounds;
    }

    boolean converged() {
        return converged;
    }

    /** Whether any network made progress. */
    private boolean round(MutualMatching matching) {
        boolean progressed = false;
        long orderSeed = Seeds.derive(seed, "merge-many-order", rounds);
        for (int k : Seeds.shuffled(networks.size(), Seeds.generator(orderSeed))) {
            long matchingSeed = Seeds.derive(seed, "merge-many-matching", rounds, k);
            MutualMatching.Move move = matching.align(k, matchingSeed, this::tell);
            matchings++;
            sweeps[k] += move.sweeps();
            progressed |= isProgress(move, k, matching);
        }
        return progressed;
    }

    private boolean isProgress(MutualMatching.Move move, int k, MutualMatching matching) {
        return switch (step.stop()) {
            case L2 -> move.gain() > 0 && isNearer(move.gain(), k, matching);
            case IDENTITY -> move.moved();
        };
    }

    /**
     * Whether the distance fell by more than the margin, for a gain g: by 2g over the sum of the distances before and
     * after. No distance exceeds twice the largest norm, so that most gains are known to suffice without a pass over all
     * parameters.
     */
    private boolean isNearer(double gain, int k, MutualMatching matching) {
        if (gain > MARGIN * 2 * largestNorm) {
            return true;
        }
        List<Weights> others = permuted(matching);
        Weights own = others.remove(k);
        double after = Sums.of(others, own).distance();
        double before = Math.sqrt(after * after + 2 * gain);
        return 2 * gain / (before + after) > MARGIN;
    }

    private List<Weights> permuted(MutualMatching matching) {
        List<Weights> networks = new ArrayList<>();
        for (int j = 0; j < originals.size(); j++) {
            networks.add(matching.permutations(j).apply(originals.get(j)));
        }
        return networks;
    }

    private void tell(double fractionOfMatching) {
        double done = matchings + fractionOfMatching;
        progress.at(done / (done + USUAL_ROUNDS * networks.size()));
    }
}

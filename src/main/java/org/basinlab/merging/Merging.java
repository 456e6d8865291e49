package org.basinlab.merging;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.basinlab.matching.CycleConsistent;
import org.basinlab.network.Examples;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Permuted;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;

/**
 * Makes one network of several. Averages are taken in float64 and rounded to float32 once; every permutation that is applied
 * is checked to leave its network's function unchanged. What the step asks for as a repair, and the statistics of BatchNorms, are
 * seen to on every mean. Equal step, inputs, images and seed give equal bytes on one BLAS kernel.
 */
public final class Merging {

    /** The part of a merge that its alignments are told to take where images are looked at after them. */
    private static final double ALIGNING = 0.5;

    private final MergeStep step;
    private final List<Weights> inputs;
    private final long seed;
    private final Optional<MergeImages> images;
    /** What matchings and corrections look at. */
    private final Optional<Examples> seen;

    private final Finish finish;
    private final Progress aligning;
    private final Progress finishing;

    private Merging(MergeStep step, List<Weights> inputs, long seed, Optional<MergeImages> images, Progress progress) {
        Inputs.requireMergeable(inputs);
        this.step = step;
        this.inputs = inputs;
        this.seed = seed;
        this.images = images;
        seen = step instanceof MergeStep.GreedySoup ? images.map(MergeImages::fitted) : images.map(MergeImages::all);
        finish = Finish.of(step, inputs.get(0), seen);
        boolean more = !finish.isNothing() || step instanceof MergeStep.GreedySoup;
        double share = more ? ALIGNING : 1;
        aligning = fraction -> progress.at(share * fraction);
        finishing = fraction -> progress.at(share + (1 - share) * fraction);
    }

    /** A merge that looks at no images. */
    public static Merged merge(MergeStep step, List<Weights> inputs, long seed, Progress progress) {
        return merge(step, inputs, seed, Optional.empty(), progress);
    }

    /**
     * Runs one merge.
     *
     * @param inputs two or more finite networks of one architecture; exactly two for a pair
     * @param seed orders the layers of each matching and the networks of each round; the matching of a pair takes it as it
     *     is, so that aligning the two alone gives the same permutations
     * @param images where the step reads images or the networks have BatchNorms
     * @param progress told at every visit of a layer and every batch of images
     * @throws IllegalArgumentException if the inputs or images are not so; the message names which. Also if the better of a
     *     pair is to be moved: whoever has images finds out which that is, and names it
     * @throws org.basinlab.network.FunctionChangedException if a permuted network answers differently from the original
     * @throws java.util.concurrent.CancellationException if {@code progress} says so
     */
    public static Merged merge(
            MergeStep step, List<Weights> inputs, long seed, Optional<MergeImages> images, Progress progress) {
        progress.at(0);
        Merged merged = new Merging(step, inputs, seed, images, progress).run();
        progress.at(1);
        return merged;
    }

    /** The rounds of MergeMany alone, while {@code watch} looks on. */
    static void watched(
            MergeStep.Many step, List<Weights> inputs, long seed, Progress progress, MergeMany.RoundWatch watch) {
        Inputs.requireMergeable(inputs);
        new MergeMany(step, networks(inputs, seed), seed, progress, watch).run();
    }

    private Merged run() {
        if (step instanceof MergeStep.Pair pair) {
            return pair(pair);
        }
        if (step instanceof MergeStep.Many many) {
            return many(many);
        }
        if (step instanceof MergeStep.Reference || step instanceof MergeStep.Sequential) {
            return eachWithAnother();
        }
        if (step instanceof MergeStep.GreedySoup) {
            return greedySoup();
        }
        if (step instanceof MergeStep.CycleConsistent all) {
            return cycleConsistent(all);
        }
        return unmoved(Averages.mean(inputs), equalShares());
    }

    private Merged pair(MergeStep.Pair pair) {
        if (inputs.size() != 2) {
            throw new IllegalArgumentException("a pair takes exactly 2 networks, was given " + inputs.size());
        }
        int moved = moved(pair);
        List<Double> shares = List.of(1 - pair.share(), pair.share());
        if (pair.matching() instanceof Matching.None) {
            return unmoved(Averages.lerp(inputs.get(0), inputs.get(1), pair.share()), shares);
        }
        List<AlignedNetwork> networks = networks(inputs, seed);
        networks.get(moved).alignWith(inputs.get(1 - moved), pair.matching(), seen, seed, aligning);
        List<Weights> aligned = current(networks);
        Weights second = pair.permute().equals(Optional.of(Permuted.SECOND_ALIASED))
                ? Aliasing.ofUnmoved(aligned.get(0), aligned.get(1))
                : aligned.get(1);
        return averaged(Averages.lerp(aligned.get(0), second, pair.share()), shares, networks);
    }

    /** Which of a pair is permuted, 0 or 1. */
    private static int moved(MergeStep.Pair step) {
        Permuted permuted = step.permute().orElse(Permuted.SECOND);
        return switch (permuted) {
            case FIRST -> 0;
            case SECOND, SECOND_ALIASED -> 1;
            case BETTER ->
                throw new IllegalArgumentException("a merge of two networks must say which of them is moved,"
                        + " first or second: which one is better shows on training images only");
        };
    }

    private Merged many(MergeStep.Many many) {
        List<AlignedNetwork> networks = networks(inputs, seed);
        MergeMany rounds = new MergeMany(many, networks, seed, aligning, MergeMany.RoundWatch.NONE);
        rounds.run();
        Weights mean = Averages.mean(current(networks));
        return merged(mean, equalShares(), networks, rounds.rounds(), rounds.converged());
    }

    private Merged cycleConsistent(MergeStep.CycleConsistent all) {
        List<AlignedNetwork> networks = networks(inputs, seed);
        CycleConsistent.Agreement found = CycleConsistent.align(inputs, all.iterations(), seed, aligning);
        for (int k = 0; k < networks.size(); k++) {
            boolean first = k == 0; // all are aligned in one matching
            networks.get(k).take(found.permutations().get(k), first ? 1 : 0, first ? found.iterations() : 0);
        }
        boolean converged = found.iterations() < all.iterations();
        Weights mean = Averages.mean(current(networks));
        return merged(mean, equalShares(), networks, found.iterations(), converged);
    }

    /** Every network after the first is aligned with the first, or with the one before it as that is then. */
    private Merged eachWithAnother() {
        boolean sequential = step instanceof MergeStep.Sequential;
        String role = sequential ? "sequential-matching" : "reference-matching";
        List<AlignedNetwork> networks = networks(inputs, seed);
        for (int k = 1; k < networks.size(); k++) {
            Weights other = networks.get(sequential ? k - 1 : 0).current();
            align(networks.get(k), other, Seeds.derive(seed, role, k), k - 1);
        }
        return averaged(Averages.mean(current(networks)), equalShares(), networks);
    }

    private void align(AlignedNetwork network, Weights other, long matchingSeed, int before) {
        network.alignWith(other, step.matching(), seen, matchingSeed, alignment(before));
    }

    /** Of the alignment number {@code before}, from 0, of one less than there are networks. */
    private Progress alignment(int before) {
        return fraction -> aligning.at((before + fraction) / (inputs.size() - 1));
    }

    private Merged greedySoup() {
        Examples heldOut = images.orElseThrow(() ->
                        new IllegalArgumentException("a greedy soup needs images to be judged by, there are none"))
                .heldOut();
        List<Integer> order = GreedySoup.order(inputs, heldOut, fraction -> aligning.at(0));
        List<AlignedNetwork> networks = networks(inputs, seed);
        if (!(step.matching() instanceof Matching.None)) {
            Weights best = inputs.get(order.get(0));
            for (int place = 1; place < order.size(); place++) {
                int k = order.get(place);
                align(networks.get(k), best, Seeds.derive(seed, "soup-matching", k), place - 1);
            }
        }
        GreedySoup.Soup made = new GreedySoup(heldOut, finish, finishing).of(current(networks), order);
        return report(made.weights(), made.shares(inputs.size()), networks, 1, true);
    }

    /** A merge before which no network was permuted. */
    private Merged unmoved(Weights mean, List<Double> shares) {
        PermutationSpec spec = PermutationSpec.of(inputs.get(0).architecture());
        List<Permutations> identities =
                inputs.stream().map(input -> Permutations.identity(spec)).toList();
        double spread = Averages.spread(inputs);
        Weights finished = finish.of(mean, inputs, shares, finishing);
        return new Merged(finished, identities, shares, new MergeReport(0, 1, 0, spread, spread, true));
    }

    private Merged averaged(Weights mean, List<Double> shares, List<AlignedNetwork> networks) {
        return merged(mean, shares, networks, 1, true);
    }

    private Merged merged(
            Weights mean, List<Double> shares, List<AlignedNetwork> networks, int rounds, boolean converged) {
        Weights finished = finish.of(mean, current(networks), shares, finishing);
        return report(finished, shares, networks, rounds, converged);
    }

    private Merged report(
            Weights weights, List<Double> shares, List<AlignedNetwork> networks, int rounds, boolean converged) {
        MergeReport report = new MergeReport(
                networks.stream().mapToInt(AlignedNetwork::matchings).sum(),
                rounds,
                networks.stream().mapToInt(AlignedNetwork::sweeps).sum(),
                Averages.spread(inputs),
                Averages.spread(current(networks)),
                converged);
        return new Merged(
                weights, networks.stream().map(AlignedNetwork::permutations).toList(), shares, report);
    }

    private List<Double> equalShares() {
        return Collections.nCopies(inputs.size(), 1.0 / inputs.size());
    }

    private static List<AlignedNetwork> networks(List<Weights> inputs, long seed) {
        List<AlignedNetwork> networks = new ArrayList<>(inputs.size());
        for (int k = 0; k < inputs.size(); k++) {
            networks.add(new AlignedNetwork(inputs.get(k), Seeds.derive(seed, "check-of-input", k)));
        }
        return networks;
    }

    private static List<Weights> current(List<AlignedNetwork> networks) {
        return networks.stream().map(AlignedNetwork::current).toList();
    }
}

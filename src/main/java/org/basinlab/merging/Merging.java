package org.basinlab.merging;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Permuted;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.TensorShape;

/**
 * Makes one network of several. Averages are taken in float64 and rounded to float32 once; every permutation that is applied
 * is checked to leave its network's function unchanged. Equal step, inputs and seed give equal bytes on one BLAS kernel.
 */
public final class Merging {

    private Merging() {}

    /**
     * Runs one merge.
     *
     * @param inputs two or more finite networks of one architecture; exactly two for a pair
     * @param seed orders the layers of each matching and the networks of each round; the matching of a pair takes it as it
     *     is, so that aligning the two alone gives the same permutations
     * @param progress told at every visit of a layer
     * @throws IllegalArgumentException if the inputs are not so; the message names which. Also if the better of a pair is to
     *     be moved: whoever has images finds out which that is, and names it
     * @throws org.basinlab.network.FunctionChangedException if a permuted network answers differently from the original
     * @throws java.util.concurrent.CancellationException if {@code progress} says so
     */
    public static Merged merge(MergeStep step, List<Weights> inputs, long seed, Progress progress) {
        requireMergeable(inputs);
        progress.at(0);
        Merged merged;
        if (step instanceof MergeStep.Pair pair) {
            merged = pair(pair, inputs, seed, progress);
        } else if (step instanceof MergeStep.Many many) {
            merged = many(many, inputs, seed, progress, MergeMany.RoundWatch.NONE);
        } else if (step instanceof MergeStep.Reference reference) {
            merged = reference(reference, inputs, seed, progress);
        } else {
            merged = unmoved(inputs, Averages.mean(inputs));
        }
        progress.at(1);
        return merged;
    }

    private static Merged pair(MergeStep.Pair step, List<Weights> inputs, long seed, Progress progress) {
        if (inputs.size() != 2) {
            throw new IllegalArgumentException("a pair takes exactly 2 networks, was given " + inputs.size());
        }
        int moved = moved(step);
        if (step.matching() instanceof Matching.None) {
            return unmoved(inputs, Averages.lerp(inputs.get(0), inputs.get(1), step.share()));
        }
        List<AlignedNetwork> networks = networks(inputs, seed);
        networks.get(moved).alignWithMean(List.of(inputs.get(1 - moved)), step.matching(), seed, progress);
        List<Weights> aligned = current(networks);
        Weights second = step.permute().equals(Optional.of(Permuted.SECOND_ALIASED))
                ? Aliasing.ofUnmoved(aligned.get(0), aligned.get(1))
                : aligned.get(1);
        return merged(Averages.lerp(aligned.get(0), second, step.share()), inputs, networks, 1, true);
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

    /** MergeMany while {@code watch} looks on. */
    static Merged watched(
            MergeStep.Many step, List<Weights> inputs, long seed, Progress progress, MergeMany.RoundWatch watch) {
        requireMergeable(inputs);
        return many(step, inputs, seed, progress, watch);
    }

    private static Merged many(
            MergeStep.Many step, List<Weights> inputs, long seed, Progress progress, MergeMany.RoundWatch watch) {
        List<AlignedNetwork> networks = networks(inputs, seed);
        MergeMany many = new MergeMany(step, networks, seed, progress, watch);
        many.run();
        return merged(Averages.mean(current(networks)), inputs, networks, many.rounds(), many.converged());
    }

    private static Merged reference(MergeStep.Reference step, List<Weights> inputs, long seed, Progress progress) {
        List<AlignedNetwork> networks = networks(inputs, seed);
        for (int k = 1; k < networks.size(); k++) {
            int before = k - 1;
            networks.get(k)
                    .alignWithMean(
                            inputs.subList(0, 1),
                            step.matching(),
                            Seeds.derive(seed, "reference-matching", k),
                            fraction -> progress.at((before + fraction) / (inputs.size() - 1)));
        }
        return merged(Averages.mean(current(networks)), inputs, networks, 1, true);
    }

    /** A merge before which no network was permuted. */
    private static Merged unmoved(List<Weights> inputs, Weights weights) {
        PermutationSpec spec = PermutationSpec.of(inputs.get(0).architecture());
        List<Permutations> identities =
                inputs.stream().map(input -> Permutations.identity(spec)).toList();
        double spread = Averages.spread(inputs);
        return new Merged(weights, identities, new MergeReport(0, 1, 0, spread, spread, true));
    }

    private static Merged merged(
            Weights weights, List<Weights> inputs, List<AlignedNetwork> networks, int rounds, boolean converged) {
        MergeReport report = new MergeReport(
                networks.stream().mapToInt(AlignedNetwork::matchings).sum(),
                rounds,
                networks.stream().mapToInt(AlignedNetwork::sweeps).sum(),
                Averages.spread(inputs),
                Averages.spread(current(networks)),
                converged);
        return new Merged(
                weights, networks.stream().map(AlignedNetwork::permutations).toList(), report);
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

    private static void requireMergeable(List<Weights> inputs) {
        if (inputs.size() < 2) {
            throw new IllegalArgumentException("a merge takes at least 2 networks, was given " + inputs.size());
        }
        Architecture first = inputs.get(0).architecture();
        for (int k = 0; k < inputs.size(); k++) {
            Architecture other = inputs.get(k).architecture();
            if (!other.equals(first)) {
                throw new IllegalArgumentException(
                        "networks must have one architecture to be merged: network 1 is %s, network %d is %s"
                                .formatted(first.label(), k + 1, other.label()));
            }
            requireFinite(inputs.get(k), k + 1, inputs.size());
        }
    }

    private static void requireFinite(Weights network, int place, int count) {
        if (network.isFinite()) {
            return;
        }
        for (TensorShape shape : network.architecture().tensors()) {
            for (float value : network.tensor(shape)) {
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException(
                            "weights must be finite to be merged, but network %d of %d holds %s in %s"
                                    .formatted(
                                            place, count, Float.isNaN(value) ? "a NaN" : "an infinity", shape.name()));
                }
            }
        }
    }
}

package org.basinlab.merging;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.basinlab.network.Weights;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;

/**
 * One network made of a whole group by a scheme: one step for most, a tree of pairs for the hierarchical one.
 *
 * @param weights what came out
 * @param matchings how many alignments were computed, in all steps
 * @param rounds how often MergeMany went around all networks, or C2M3 iterated; 1 for every other scheme
 * @param converged whether MergeMany or C2M3 ended before it had to; true for every other scheme
 * @param members places of the inputs that are in it, from 0 on: all but for a greedy soup
 */
public record SchemeMerge(Weights weights, int matchings, int rounds, boolean converged, List<Integer> members) {

    public SchemeMerge {
        members = List.copyOf(members);
    }

    /** One that looks at no images. */
    public static SchemeMerge of(MergeScheme scheme, List<Weights> inputs, long seed, Progress progress) {
        return of(scheme, inputs, seed, Optional.empty(), progress);
    }

    /**
     * Merges {@code inputs}, of which there are as many as the scheme's largest group takes.
     *
     * <p>A scheme of one step, and the tree of one pair, take {@code seed} as it is: the result equals that of
     * {@link Merging#merge}. In a larger tree each pair takes {@code Seeds.derive(seed, "merge", leaves…)} with the places of
     * its leaves among the inputs, from 0 on, as a study does with the seeds of its leaves. In the sweep orders k after the
     * first, every pair takes such a seed, of the role {@code merge/sweep-k}.
     *
     * @param inputs finite networks of one architecture; pairs are made in their order
     * @param images where the scheme reads images or the networks have BatchNorms
     * @param progress told at every visit of a layer and every batch of images
     * @throws IllegalArgumentException if the inputs are not so, or too many or too few; the message names which
     * @throws org.basinlab.network.FunctionChangedException if a permuted network answers differently from the original
     * @throws java.util.concurrent.CancellationException if {@code progress} says so
     */
    public static SchemeMerge of(
            MergeScheme scheme, List<Weights> inputs, long seed, Optional<MergeImages> images, Progress progress) {
        int size = scheme.sizes().get(scheme.sizes().size() - 1);
        if (inputs.size() != size) {
            throw new IllegalArgumentException(
                    "%s of this size takes %d networks, was given %d".formatted(scheme.label(), size, inputs.size()));
        }
        Optional<Integer> sweepOrder =
                scheme instanceof MergeScheme.Hierarchical tree ? tree.sweepOrder() : Optional.empty();
        if (scheme.pairwise() && (size > 2 || sweepOrder.isPresent())) {
            String role = sweepOrder.map(order -> "merge/sweep-" + order).orElse("merge");
            return tree(scheme.step(), inputs, seed, images, role, progress);
        }
        Merged merged = Merging.merge(scheme.step(), inputs, seed, images, progress);
        MergeReport report = merged.report();
        List<Integer> members = IntStream.range(0, size)
                .filter(k -> scheme.pairwise() || merged.shareOfInput().get(k) > 0)
                .boxed()
                .toList();
        return new SchemeMerge(merged.weights(), report.matchings(), report.rounds(), report.converged(), members);
    }

    private static SchemeMerge tree(
            MergeStep step,
            List<Weights> inputs,
            long seed,
            Optional<MergeImages> images,
            String role,
            Progress progress) {
        int pairs = inputs.size() - 1;
        int matchings = 0;
        int done = 0;
        List<Weights> level = inputs;
        for (int size = 2; size <= inputs.size(); size *= 2) {
            List<Weights> above = new ArrayList<>(level.size() / 2);
            for (int group = 0; group < level.size() / 2; group++) {
                long[] leaves = LongStream.range((long) group * size, (group + 1L) * size)
                        .toArray();
                int before = done;
                Merged merged = Merging.merge(
                        step,
                        level.subList(2 * group, 2 * group + 2),
                        Seeds.derive(seed, role, leaves),
                        images,
                        fraction -> progress.at((before + fraction) / pairs));
                above.add(merged.weights());
                matchings += merged.report().matchings();
                done++;
            }
            level = above;
        }
        List<Integer> all = IntStream.range(0, inputs.size()).boxed().toList();
        return new SchemeMerge(level.get(0), matchings, 1, true, all);
    }
}

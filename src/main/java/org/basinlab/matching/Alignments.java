package org.basinlab.matching;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.basinlab.network.Examples;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.Progress;

/** Every matching of a pair of networks by its description. */
public final class Alignments {

    /** Of the images that a straight-through estimator is given, one in so many, the last, is held out. */
    private static final int HELD_OUT = 10;

    private Alignments() {}

    /**
     * Aligns {@code b} with {@code a} as {@code matching} says.
     *
     * @param images training images without augmentation, for a matching that {@link Matching#readsImages}; of the
     *     straight-through estimator's, the last tenth is held out and selects
     * @param seed of what is random in it
     * @throws IllegalArgumentException if the architectures differ, a weight is not finite, or images that are needed are
     *     missing or too few
     * @throws java.util.concurrent.CancellationException if {@code progress} says so
     */
    public static Alignment align(
            Matching matching, Weights a, Weights b, Optional<Examples> images, long seed, Progress progress) {
        if (matching instanceof Matching.Weight) {
            return WeightMatching.align(a, b, seed, progress);
        }
        if (matching instanceof Matching.BestOf best) {
            return BestOf.align(a, b, best.k(), seed, progress);
        }
        if (matching instanceof Matching.Activation activation) {
            return ActivationMatching.align(a, b, required(matching, images), activation, progress);
        }
        if (matching instanceof Matching.StraightThrough straight) {
            return straightThrough(straight, a, b, required(matching, images), seed, progress);
        }
        return unmoved(a, b);
    }

    private static Examples required(Matching matching, Optional<Examples> images) {
        return images.orElseThrow(() ->
                new IllegalArgumentException("a matching by %s needs images, had none".formatted(matching.label())));
    }

    private static Alignment straightThrough(
            Matching.StraightThrough how, Weights a, Weights b, Examples images, long seed, Progress progress) {
        int heldOut = images.count() / HELD_OUT;
        if (heldOut < 1) {
            throw new IllegalArgumentException("the straight-through estimator needs at least %d images, had %d"
                    .formatted(HELD_OUT, images.count()));
        }
        int seen = images.count() - heldOut;
        return StraightThrough.align(
                a, b, new Stretch(images, 0, seen), new Stretch(images, seen, heldOut), how, seed, progress);
    }

    private static Alignment unmoved(Weights a, Weights b) {
        MutualMatching.requireAlignable(b, a);
        return of(a, b, Permutations.identity(PermutationSpec.of(b.architecture())), 0, System.nanoTime());
    }

    /** What {@code permutations} of {@code b}, found since {@code started} in some sweeps, make of the pair. */
    static Alignment of(Weights a, Weights b, Permutations permutations, int sweeps, long started) {
        Sums after = Sums.of(List.of(a), permutations.apply(b));
        return of(a, b, permutations, after, after.inner(), sweeps, started);
    }

    /** The same of a matching with an objective of its own, which takes one sweep. */
    static Alignment of(Weights a, Weights b, Permutations permutations, double objective, long started) {
        return of(a, b, permutations, Sums.of(List.of(a), permutations.apply(b)), objective, 1, started);
    }

    private static Alignment of(
            Weights a, Weights b, Permutations permutations, Sums after, double objective, int sweeps, long started) {
        double before = Sums.of(List.of(a), b).distance();
        Duration elapsed = Duration.ofNanos(System.nanoTime() - started);
        return new Alignment(permutations, objective, before, after.distance(), sweeps, elapsed);
    }
}

package org.basinlab.recipe;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_ABSENT;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Optional;

/** One merge: what is done to the networks that it is given, in their order. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
    @JsonSubTypes.Type(value = MergeStep.Pair.class, name = "pair"),
    @JsonSubTypes.Type(value = MergeStep.Many.class, name = "many"),
    @JsonSubTypes.Type(value = MergeStep.Reference.class, name = "reference"),
    @JsonSubTypes.Type(value = MergeStep.Sequential.class, name = "sequential"),
    @JsonSubTypes.Type(value = MergeStep.CycleConsistent.class, name = "c2m3"),
    @JsonSubTypes.Type(value = MergeStep.GreedySoup.class, name = "greedy-soup"),
    @JsonSubTypes.Type(value = MergeStep.Mean.class, name = "mean")
})
public sealed interface MergeStep {

    int MOST_ITERATIONS = 1_000;

    /** What is done to the hidden units of the mean; nothing where absent. */
    Optional<Repair> repair();

    /** How networks are aligned before they are averaged. */
    Matching matching();

    /** Whether it looks at images, of whatever networks. Those with BatchNorm need images in every merge. */
    @JsonIgnore
    default boolean readsImages() {
        return repair().isPresent() || matching().readsImages();
    }

    /**
     * Two networks A and B: (1−share)·A + share·πB, where π aligns B with A.
     *
     * @param share weight of the second, in [0, 1]
     * @param permute which of the two is moved; the second where absent
     */
    record Pair(
            Matching matching,
            double share,
            @JsonInclude(NON_ABSENT) Optional<Permuted> permute,
            @JsonInclude(NON_ABSENT) Optional<Repair> repair)
            implements MergeStep {
        public Pair {
            Ranges.requireBetween("share", share, 0, 1);
            // One text for the usual choice, that of earlier versions.
            permute = permute.filter(choice -> choice != Permuted.SECOND);
        }

        /** Without repair. */
        public Pair(Matching matching, double share, Optional<Permuted> permute) {
            this(matching, share, permute, Optional.empty());
        }

        /** With the second moved. */
        public Pair(Matching matching, double share) {
            this(matching, share, Optional.empty(), Optional.empty());
        }
    }

    /** MergeMany (Git Re-Basin, algorithm 3): each in turn is aligned with the mean of the others, then all are averaged. */
    record Many(
            Matching matching,
            Rounds rounds,
            StopRule stop,
            @JsonInclude(NON_ABSENT) Optional<Repair> repair) implements MergeStep {

        /** Without repair. */
        public Many(Matching matching, Rounds rounds, StopRule stop) {
            this(matching, rounds, stop, Optional.empty());
        }
    }

    /** All are aligned with the first, then averaged. */
    record Reference(
            Matching matching, @JsonInclude(NON_ABSENT) Optional<Repair> repair) implements MergeStep {

        /** Without repair. */
        public Reference(Matching matching) {
            this(matching, Optional.empty());
        }
    }

    /** Each is aligned with the one before it, as that one is then; all are averaged. */
    record Sequential(
            Matching matching, @JsonInclude(NON_ABSENT) Optional<Repair> repair) implements MergeStep {

        /** Without repair. */
        public Sequential(Matching matching) {
            this(matching, Optional.empty());
        }
    }

    /**
     * All are aligned with each other at once, so that going around any cycle of them leads back (C2M3); then averaged.
     *
     * @param iterations of Frank and Wolfe at most, 1 to 1,000
     * @see <a href="https://arxiv.org/abs/2405.17897">Crisostomi et al. 2024, C2M3</a>
     */
    record CycleConsistent(
            int iterations, @JsonInclude(NON_ABSENT) Optional<Repair> repair) implements MergeStep {
        public CycleConsistent {
            Ranges.requireBetween("iterations", iterations, 1, MOST_ITERATIONS);
        }

        /** Pairs of networks are compared by their weights. */
        @Override
        public Matching matching() {
            return new Matching.Weight();
        }
    }

    /**
     * The plain mean of those that make it better: networks are taken in falling order of their accuracy on held-out images,
     * and each stays in the mean where the mean's accuracy does not fall by it.
     *
     * @param matching by which each is aligned with the most accurate one first
     * @see <a href="https://arxiv.org/abs/2203.05482">Wortsman et al. 2022, Model soups, recipe 1</a>
     */
    record GreedySoup(
            Matching matching, @JsonInclude(NON_ABSENT) Optional<Repair> repair) implements MergeStep {
        @Override
        public boolean readsImages() {
            return true;
        }
    }

    /** The plain mean, without alignment. */
    record Mean(@JsonInclude(NON_ABSENT) Optional<Repair> repair) implements MergeStep {

        /** Without repair. */
        public Mean() {
            this(Optional.empty());
        }

        @Override
        public Matching matching() {
            return new Matching.None();
        }
    }
}

package org.basinlab.recipe;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_ABSENT;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** How a population of networks becomes merged networks: the steps, and the groups that they are taken over. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
    @JsonSubTypes.Type(value = MergeScheme.Hierarchical.class, name = "hierarchical"),
    @JsonSubTypes.Type(value = MergeScheme.MergeMany.class, name = "merge-many"),
    @JsonSubTypes.Type(value = MergeScheme.Reference.class, name = "reference"),
    @JsonSubTypes.Type(value = MergeScheme.Sequential.class, name = "sequential"),
    @JsonSubTypes.Type(value = MergeScheme.CycleConsistent.class, name = "c2m3"),
    @JsonSubTypes.Type(value = MergeScheme.GreedySoup.class, name = "greedy-soup"),
    @JsonSubTypes.Type(value = MergeScheme.Naive.class, name = "naive")
})
public sealed interface MergeScheme {

    int MOST_STAGES = 12;
    int LARGEST_GROUP = 1 << MOST_STAGES;
    int MOST_SWEEP_ORDERS = 1_000;
    int MOST_IMAGES = 10_000_000;

    /** Its name in a specification and in SQL. */
    @JsonIgnore
    String label();

    /** What tells apart two settings of one scheme in SQL; empty where nothing does. */
    @JsonIgnore
    default String variant() {
        return settings(this, List.of());
    }

    /** What is done to the hidden units after every merge of it; nothing where absent. */
    Optional<Repair> repair();

    /** How many training images, in file order, its merges look at where they look at any; all where absent. */
    Optional<Integer> images();

    /** Numbers of leaves in its groups; the groups of one size share no leaf. */
    @JsonIgnore
    List<Integer> sizes();

    /** What is done to each group. */
    @JsonIgnore
    MergeStep step();

    /** Name of the matching in SQL; {@code none} where nothing is aligned. */
    @JsonIgnore
    default String matchingLabel() {
        return step().matching().label();
    }

    /** Whether a group is made of the two merged halves of it, not of its leaves at once. */
    @JsonIgnore
    default boolean pairwise() {
        return false;
    }

    /** Its own settings, then those that every scheme has. */
    private static String settings(MergeScheme scheme, List<String> own) {
        List<String> parts = new ArrayList<>(own);
        scheme.repair().ifPresent(repair -> parts.add("repair=" + repair.label()));
        scheme.images().ifPresent(images -> parts.add("images=" + images));
        return String.join(",", parts);
    }

    /**
     * Hierarchical Re-Basin (arXiv 2510.09174): pairs, then pairs of pairs, for a number of stages.
     *
     * @param share weight of the second of a pair, in [0, 1]
     * @param stages 1 to 12; stage s holds merges of 2^s leaves
     * @param permute which of a pair is moved; the second where absent
     * @param sweepOrder which draw of the order in which matchings visit layers, 2 to 1,000; the first where absent
     */
    record Hierarchical(
            Matching matching,
            double share,
            int stages,
            @JsonInclude(NON_ABSENT) Optional<Permuted> permute,
            @JsonInclude(NON_ABSENT) Optional<Integer> sweepOrder,
            @JsonInclude(NON_ABSENT) Optional<Repair> repair,
            @JsonInclude(NON_ABSENT) Optional<Integer> images)
            implements MergeScheme {
        public Hierarchical {
            Ranges.requireBetween("share", share, 0, 1);
            Ranges.requireBetween("stages", stages, 1, MOST_STAGES);
            permute = permute.filter(choice -> choice != Permuted.SECOND);
            sweepOrder = sweepOrder.filter(order -> order != 1);
            sweepOrder.ifPresent(order -> Ranges.requireBetween("a sweep order", order, 1, MOST_SWEEP_ORDERS));
            requireImages(images);
        }

        /** Without repair. */
        public Hierarchical(
                Matching matching, double share, int stages, Optional<Permuted> permute, Optional<Integer> sweepOrder) {
            this(matching, share, stages, permute, sweepOrder, Optional.empty(), Optional.empty());
        }

        /** With the second of a pair moved, in the first sweep order. */
        public Hierarchical(Matching matching, double share, int stages) {
            this(matching, share, stages, Optional.empty(), Optional.empty());
        }

        /** {@code hierarchical}, or {@code naive} where nothing is aligned. */
        @Override
        public String label() {
            return matching instanceof Matching.None ? "naive" : "hierarchical";
        }

        @Override
        public String variant() {
            List<String> parts = new ArrayList<>();
            if (share != 0.5) {
                parts.add("share=" + share);
            }
            permute.ifPresent(choice ->
                    parts.add(choice == Permuted.SECOND_ALIASED ? "output-bias=aliased" : "permute=" + choice.label()));
            sweepOrder.ifPresent(order -> parts.add("sweep=" + order));
            return settings(this, parts);
        }

        @Override
        public List<Integer> sizes() {
            return IntStream.rangeClosed(1, stages).mapToObj(s -> 1 << s).toList();
        }

        @Override
        public MergeStep step() {
            return new MergeStep.Pair(matching, share, permute, repair);
        }

        @Override
        public boolean pairwise() {
            return true;
        }
    }

    /** MergeMany of every group (Git Re-Basin, arXiv 2209.04836, algorithm 3). */
    record MergeMany(
            Matching matching,
            List<Integer> groups,
            Rounds rounds,
            StopRule stop,
            @JsonInclude(NON_ABSENT) Optional<Repair> repair,
            @JsonInclude(NON_ABSENT) Optional<Integer> images)
            implements MergeScheme {
        public MergeMany {
            groups = requireGroups(groups);
            requireImages(images);
        }

        /** Without repair. */
        public MergeMany(Matching matching, List<Integer> groups, Rounds rounds, StopRule stop) {
            this(matching, groups, rounds, stop, Optional.empty(), Optional.empty());
        }

        @Override
        public String label() {
            return "merge-many";
        }

        @Override
        public String variant() {
            return settings(this, List.of("rounds=" + rounds.label(), "stop=" + stop.label()));
        }

        @Override
        public List<Integer> sizes() {
            return groups;
        }

        @Override
        public MergeStep step() {
            return new MergeStep.Many(matching, rounds, stop, repair);
        }
    }

    /** All networks of a group aligned with its first, then averaged. */
    record Reference(
            Matching matching,
            List<Integer> groups,
            @JsonInclude(NON_ABSENT) Optional<Repair> repair,
            @JsonInclude(NON_ABSENT) Optional<Integer> images)
            implements MergeScheme {
        public Reference {
            groups = requireGroups(groups);
            requireImages(images);
        }

        /** Without repair. */
        public Reference(Matching matching, List<Integer> groups) {
            this(matching, groups, Optional.empty(), Optional.empty());
        }

        @Override
        public String label() {
            return "reference";
        }

        @Override
        public List<Integer> sizes() {
            return groups;
        }

        @Override
        public MergeStep step() {
            return new MergeStep.Reference(matching, repair);
        }
    }

    /** Each network of a group aligned with the one before it, as that one is then; all averaged. */
    record Sequential(
            Matching matching,
            List<Integer> groups,
            @JsonInclude(NON_ABSENT) Optional<Repair> repair,
            @JsonInclude(NON_ABSENT) Optional<Integer> images)
            implements MergeScheme {
        public Sequential {
            groups = requireGroups(groups);
            requireImages(images);
        }

        @Override
        public String label() {
            return "sequential";
        }

        @Override
        public List<Integer> sizes() {
            return groups;
        }

        @Override
        public MergeStep step() {
            return new MergeStep.Sequential(matching, repair);
        }
    }

    /**
     * All networks of a group aligned with each other at once (C2M3, arXiv 2405.17897), then averaged.
     *
     * @param iterations of Frank and Wolfe at most
     */
    record CycleConsistent(
            List<Integer> groups,
            int iterations,
            @JsonInclude(NON_ABSENT) Optional<Repair> repair,
            @JsonInclude(NON_ABSENT) Optional<Integer> images)
            implements MergeScheme {

        /** More than were seen until the objective stood still. */
        public static final int USUAL_ITERATIONS = 100;

        public CycleConsistent {
            groups = requireGroups(groups);
            Ranges.requireBetween("iterations", iterations, 1, MergeStep.MOST_ITERATIONS);
            requireImages(images);
        }

        @Override
        public String label() {
            return "c2m3";
        }

        @Override
        public String variant() {
            return settings(this, iterations == USUAL_ITERATIONS ? List.of() : List.of("iterations=" + iterations));
        }

        @Override
        public List<Integer> sizes() {
            return groups;
        }

        @Override
        public MergeStep step() {
            return new MergeStep.CycleConsistent(iterations, repair);
        }
    }

    /** Of every group the mean of those networks that make it better on held-out images (arXiv 2203.05482). */
    record GreedySoup(
            Matching matching,
            List<Integer> groups,
            @JsonInclude(NON_ABSENT) Optional<Repair> repair,
            @JsonInclude(NON_ABSENT) Optional<Integer> images)
            implements MergeScheme {
        public GreedySoup {
            groups = requireGroups(groups);
            requireImages(images);
        }

        @Override
        public String label() {
            return "greedy-soup";
        }

        @Override
        public List<Integer> sizes() {
            return groups;
        }

        @Override
        public MergeStep step() {
            return new MergeStep.GreedySoup(matching, repair);
        }
    }

    /** The plain mean of every group, without alignment. */
    record Naive(
            List<Integer> groups,
            @JsonInclude(NON_ABSENT) Optional<Repair> repair,
            @JsonInclude(NON_ABSENT) Optional<Integer> images)
            implements MergeScheme {
        public Naive {
            groups = requireGroups(groups);
            requireImages(images);
        }

        /** Without repair. */
        public Naive(List<Integer> groups) {
            this(groups, Optional.empty(), Optional.empty());
        }

        @Override
        public String label() {
            return "naive";
        }

        @Override
        public List<Integer> sizes() {
            return groups;
        }

        @Override
        public MergeStep step() {
            return new MergeStep.Mean(repair);
        }
    }

    private static List<Integer> requireGroups(List<Integer> groups) {
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("groups must name at least one size, was empty");
        }
        groups.forEach(size -> Ranges.requireBetween("a group", size, 2, LARGEST_GROUP));
        if (groups.stream().distinct().count() < groups.size()) {
            throw new IllegalArgumentException("groups must name each size once, was " + groups);
        }
        return List.copyOf(groups);
    }

    private static void requireImages(Optional<Integer> images) {
        images.ifPresent(most -> Ranges.requireBetween("the images of a merge", most, 2, MOST_IMAGES));
    }
}

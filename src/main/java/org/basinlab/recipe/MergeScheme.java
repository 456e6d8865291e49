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
    @JsonSubTypes.Type(value = MergeScheme.Naive.class, name = "naive")
})
public sealed interface MergeScheme {

    int MOST_STAGES = 12;
    int LARGEST_GROUP = 1 << MOST_STAGES;
    int MOST_SWEEP_ORDERS = 1_000;

    /** Its name in a specification and in SQL. */
    @JsonIgnore
    String label();

    /** What tells apart two settings of one scheme in SQL; empty where nothing does. */
    @JsonIgnore
    String variant();

    /** Numbers of leaves in its groups; the groups of one size share no leaf. */
    @JsonIgnore
    List<Integer> sizes();

    /** What is done to each group. */
    @JsonIgnore
    MergeStep step();

    /** Name of the matching in SQL; {@code none} where nothing is aligned. */
    @JsonIgnore
    String matchingLabel();

    /** Whether a group is made of the two merged halves of it, not of its leaves at once. */
    @JsonIgnore
    default boolean pairwise() {
        return false;
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
            @JsonInclude(NON_ABSENT) Optional<Integer> sweepOrder)
            implements MergeScheme {
        public Hierarchical {
            Ranges.requireBetween("share", share, 0, 1);
            Ranges.requireBetween("stages", stages, 1, MOST_STAGES);
            permute = permute.filter(choice -> choice != Permuted.SECOND);
            sweepOrder = sweepOrder.filter(order -> order != 1);
            sweepOrder.ifPresent(order -> Ranges.requireBetween("a sweep order", order, 1, MOST_SWEEP_ORDERS));
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
            return String.join(",", parts);
        }

        @Override
        public List<Integer> sizes() {
            return IntStream.rangeClosed(1, stages).mapToObj(s -> 1 << s).toList();
        }

        @Override
        public MergeStep step() {
            return new MergeStep.Pair(matching, share, permute);
        }

        @Override
        public String matchingLabel() {
            return matching.label();
        }

        @Override
        public boolean pairwise() {
            return true;
        }
    }

    /** MergeMany of every group (Git Re-Basin, arXiv 2209.04836, algorithm 3). */
    record MergeMany(Matching matching, List<Integer> groups, Rounds rounds, StopRule stop) implements MergeScheme {
        public MergeMany {
            groups = requireGroups(groups);
        }

        @Override
        public String label() {
            return "merge-many";
        }

        @Override
        public String variant() {
            return "rounds=%s,stop=%s".formatted(rounds.label(), stop.label());
        }

        @Override
        public List<Integer> sizes() {
            return groups;
        }

        @Override
        public MergeStep step() {
            return new MergeStep.Many(matching, rounds, stop);
        }

        @Override
        public String matchingLabel() {
            return matching.label();
        }
    }

    /** All networks of a group aligned with its first, then averaged. */
    record Reference(Matching matching, List<Integer> groups) implements MergeScheme {
        public Reference {
            groups = requireGroups(groups);
        }

        @Override
        public String label() {
            return "reference";
        }

        @Override
        public String variant() {
            return "";
        }

        @Override
        public List<Integer> sizes() {
            return groups;
        }

        @Override
        public MergeStep step() {
            return new MergeStep.Reference(matching);
        }

        @Override
        public String matchingLabel() {
            return matching.label();
        }
    }

    /** The plain mean of every group, without alignment. */
    record Naive(List<Integer> groups) implements MergeScheme {
        public Naive {
            groups = requireGroups(groups);
        }

        @Override
        public String label() {
            return "naive";
        }

        @Override
        public String variant() {
            return "";
        }

        @Override
        public List<Integer> sizes() {
            return groups;
        }

        @Override
        public MergeStep step() {
            return new MergeStep.Mean();
        }

        @Override
        public String matchingLabel() {
            return "none";
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
}

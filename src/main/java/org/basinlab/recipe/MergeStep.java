package org.basinlab.recipe;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_ABSENT;

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
    @JsonSubTypes.Type(value = MergeStep.Mean.class, name = "mean")
})
public sealed interface MergeStep {

    /**
     * Two networks A and B: (1−share)·A + share·πB, where π aligns B with A.
     *
     * @param share weight of the second, in [0, 1]
     * @param permute which of the two is moved; the second where absent
     */
    record Pair(
            Matching matching,
            double share,
            @JsonInclude(NON_ABSENT) Optional<Permuted> permute) implements MergeStep {
        public Pair {
            Ranges.requireBetween("share", share, 0, 1);
            // One text for the usual choice, that of earlier versions.
            permute = permute.filter(choice -> choice != Permuted.SECOND);
        }

        /** With the second moved. */
        public Pair(Matching matching, double share) {
            this(matching, share, Optional.empty());
        }
    }

    /** MergeMany (Git Re-Basin, algorithm 3): each in turn is aligned with the mean of the others, then all are averaged. */
    record Many(Matching matching, Rounds rounds, StopRule stop) implements MergeStep {}

    /** All are aligned with the first, then averaged. */
    record Reference(Matching matching) implements MergeStep {}

    /** The plain mean, without alignment. */
    record Mean() implements MergeStep {}
}

package org.basinlab.study;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * What the merges of an arm's first tree are set against. The naive tree, which is a merge like any other, stands among
 * the arm's merges instead.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
    @JsonSubTypes.Type(value = Control.EarlyStop.class, name = "equal-accuracy-early-stop"),
    @JsonSubTypes.Type(value = Control.L2Path.class, name = "equal-accuracy-l2"),
    @JsonSubTypes.Type(value = Control.WeightNoise.class, name = "equal-accuracy-weight-noise"),
    @JsonSubTypes.Type(value = Control.NormRescaled.class, name = "norm-rescaled"),
    @JsonSubTypes.Type(value = Control.NoiseMatched.class, name = "noise-matched"),
    @JsonSubTypes.Type(value = Control.LogitEnsemble.class, name = "logit-ensemble")
})
public sealed interface Control {

    /** Its name in a specification. */
    @JsonIgnore
    String label();

    /** The first leaf's training, stopped at the merge's accuracy. */
    record EarlyStop() implements Control {
        @Override
        public String label() {
            return "equal-accuracy-early-stop";
        }
    }

    /**
     * The first leaf trained with the L2 penalty that gives the merge's accuracy.
     *
     * @param coefficients rising, positive: one network each is trained for every tree
     * @param refinements further trainings for every merge, at strengths between those
     */
    record L2Path(List<Double> coefficients, int refinements) implements Control {
        public L2Path {
            coefficients = List.copyOf(coefficients);
        }

        @Override
        public String label() {
            return "equal-accuracy-l2";
        }
    }

    /** The first leaf with as much noise on its weights as gives the merge's accuracy. */
    record WeightNoise() implements Control {
        @Override
        public String label() {
            return "equal-accuracy-weight-noise";
        }
    }

    /** The first leaf scaled to the merge's norms. */
    record NormRescaled() implements Control {
        @Override
        public String label() {
            return "norm-rescaled";
        }
    }

    /** The first leaf plus noise, with the merge's norms and its cosines with that leaf. */
    record NoiseMatched() implements Control {
        @Override
        public String label() {
            return "noise-matched";
        }
    }

    /** The leaves of a merge answering together by the mean of their logits: measured, not a network. */
    record LogitEnsemble() implements Control {
        @Override
        public String label() {
            return "logit-ensemble";
        }
    }
}

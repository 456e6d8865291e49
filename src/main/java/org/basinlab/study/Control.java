package org.basinlab.study;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
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
    @JsonSubTypes.Type(value = Control.LogitEnsemble.class, name = "logit-ensemble"),
    @JsonSubTypes.Type(value = Control.ProbabilityEnsemble.class, name = "probability-ensemble"),
    @JsonSubTypes.Type(value = Control.FeatureEnsemble.class, name = "feature-ensemble"),
    @JsonSubTypes.Type(value = Control.FeatureEnsembleMeanHead.class, name = "feature-ensemble-mean-head")
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

    /** The leaves of a merge answering together: measured, not a network. */
    sealed interface Ensemble extends Control {

        /** Sizes of the groups that answer together; those of the arm's first tree where empty. */
        List<Integer> groups();

        /** Whether features are averaged, which is done as they are and after alignment with the first network. */
        @JsonIgnore
        default boolean ofFeatures() {
            return false;
        }
    }

    /** By the mean of their logits. */
    record LogitEnsemble(
            @JsonInclude(NON_EMPTY) @JsonSetter(nulls = Nulls.AS_EMPTY)
            List<Integer> groups) implements Ensemble {
        public LogitEnsemble {
            groups = List.copyOf(groups);
        }

        /** Of the tree's groups. */
        public LogitEnsemble() {
            this(List.of());
        }

        @Override
        public String label() {
            return "logit-ensemble";
        }
    }

    /** By the mean of their probabilities. */
    record ProbabilityEnsemble(
            @JsonInclude(NON_EMPTY) @JsonSetter(nulls = Nulls.AS_EMPTY)
            List<Integer> groups) implements Ensemble {
        public ProbabilityEnsemble {
            groups = List.copyOf(groups);
        }

        @Override
        public String label() {
            return "probability-ensemble";
        }
    }

    /** By the first network's last layer of the mean of what their last layers take. */
    record FeatureEnsemble(
            @JsonInclude(NON_EMPTY) @JsonSetter(nulls = Nulls.AS_EMPTY)
            List<Integer> groups) implements Ensemble {
        public FeatureEnsemble {
            groups = List.copyOf(groups);
        }

        @Override
        public String label() {
            return "feature-ensemble";
        }

        @Override
        public boolean ofFeatures() {
            return true;
        }
    }

    /** By the mean of their last layers of the mean of what those take. */
    record FeatureEnsembleMeanHead(
            @JsonInclude(NON_EMPTY) @JsonSetter(nulls = Nulls.AS_EMPTY)
            List<Integer> groups) implements Ensemble {
        public FeatureEnsembleMeanHead {
            groups = List.copyOf(groups);
        }

        @Override
        public String label() {
            return "feature-ensemble-mean-head";
        }

        @Override
        public boolean ofFeatures() {
            return true;
        }
    }
}

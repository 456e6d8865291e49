package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * How a network is made that a merge is set against: of the same clean accuracy, norm, or distance from its first leaf,
 * but not by merging. The merge, called the target, is the first input.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
    @JsonSubTypes.Type(value = ControlStep.EarlyStop.class, name = "equal-accuracy-early-stop"),
    @JsonSubTypes.Type(value = ControlStep.L2Path.class, name = "equal-accuracy-l2"),
    @JsonSubTypes.Type(value = ControlStep.WeightNoise.class, name = "equal-accuracy-weight-noise"),
    @JsonSubTypes.Type(value = ControlStep.NormRescaled.class, name = "norm-rescaled"),
    @JsonSubTypes.Type(value = ControlStep.NoiseMatched.class, name = "noise-matched")
})
public sealed interface ControlStep {

    /** How far an accuracy may lie from the target's to count as equal: half a percentage point. */
    double EQUAL_ACCURACY = 0.005;

    int MOST_COEFFICIENTS = 100;
    int MOST_REFINEMENTS = 20;

    /** Its name in specifications, and as a scheme in SQL. */
    @JsonIgnore
    String label();

    /** Whether it looks for a network whose accuracy equals the target's, and so needs images. */
    @JsonIgnore
    default boolean readsImages() {
        return true;
    }

    /**
     * The leaf's own training, stopped where its accuracy is nearest the target's. Inputs: the target.
     *
     * @param trainingSeed of the leaf
     */
    record EarlyStop(Architecture architecture, TrainingRecipe training, long trainingSeed) implements ControlStep {
        @Override
        public String label() {
            return "equal-accuracy-early-stop";
        }
    }

    /**
     * A network trained like the leaf but with an L2 penalty whose strength brings its accuracy nearest the target's.
     * Inputs: the target, the leaf, then the networks that were trained with each of the coefficients.
     *
     * @param coefficients rising, positive
     * @param refinements further trainings at strengths between two coefficients, or beyond the last, 0 to 20
     */
    record L2Path(
            Architecture architecture,
            TrainingRecipe training,
            long trainingSeed,
            List<Double> coefficients,
            int refinements)
            implements ControlStep {
        public L2Path {
            coefficients = List.copyOf(coefficients);
            Ranges.requireBetween("the number of coefficients", coefficients.size(), 1, MOST_COEFFICIENTS);
            double before = 0;
            for (double coefficient : coefficients) {
                Ranges.requirePositive("a coefficient", coefficient, 1_000);
                if (coefficient <= before) {
                    throw new IllegalArgumentException("coefficients must rise, were " + coefficients);
                }
                before = coefficient;
            }
            Ranges.requireBetween("refinements", refinements, 0, MOST_REFINEMENTS);
        }

        @Override
        public String label() {
            return "equal-accuracy-l2";
        }
    }

    /** The leaf with Gaussian noise on its weights, as much as brings its accuracy to the target's. Inputs: target, leaf. */
    record WeightNoise() implements ControlStep {
        @Override
        public String label() {
            return "equal-accuracy-weight-noise";
        }
    }

    /**
     * The leaf with every weight matrix scaled to the Frobenius norm of the target's, and biases so that the function
     * keeps its shape: logits by one factor. Inputs: target, leaf.
     */
    record NormRescaled() implements ControlStep {
        @Override
        public String label() {
            return "norm-rescaled";
        }

        @Override
        public boolean readsImages() {
            return false;
        }
    }

    /**
     * The leaf plus Gaussian noise, so that every tensor has the norm of the target's and its cosine with the leaf's.
     * Inputs: target, leaf.
     */
    record NoiseMatched() implements ControlStep {
        @Override
        public String label() {
            return "noise-matched";
        }

        @Override
        public boolean readsImages() {
            return false;
        }
    }
}

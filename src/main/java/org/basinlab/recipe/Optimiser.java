package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How a gradient changes the weights. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
    @JsonSubTypes.Type(value = Optimiser.Sgd.class, name = "sgd"),
    @JsonSubTypes.Type(value = Optimiser.Adam.class, name = "adam")
})
public sealed interface Optimiser {

    /** The rate at the start, before the schedule. */
    double learningRate();

    /**
     * Stochastic gradient descent as PyTorch has it: v ← momentum·v + g, θ ← θ − rate·v.
     *
     * @param learningRate in (0, 100]
     * @param momentum in [0, 1)
     */
    record Sgd(double learningRate, double momentum) implements Optimiser {
        public Sgd {
            Ranges.requirePositive("learningRate", learningRate, 100);
            Ranges.requireBetween("momentum", momentum, 0, Math.nextDown(1.0));
        }
    }

    /**
     * Adam with bias correction (Kingma and Ba, arXiv 1412.6980, algorithm 1; ε outside the root, as in PyTorch).
     *
     * @param learningRate in (0, 100]
     * @param beta1 in [0, 1)
     * @param beta2 in [0, 1)
     * @param epsilon in (0, 1]
     */
    record Adam(double learningRate, double beta1, double beta2, double epsilon) implements Optimiser {
        public Adam {
            Ranges.requirePositive("learningRate", learningRate, 100);
            Ranges.requireBetween("beta1", beta1, 0, Math.nextDown(1.0));
            Ranges.requireBetween("beta2", beta2, 0, Math.nextDown(1.0));
            Ranges.requirePositive("epsilon", epsilon, 1);
        }

        /** β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸, as in the paper and in PyTorch. */
        public static Adam withDefaults(double learningRate) {
            return new Adam(learningRate, 0.9, 0.999, 1e-8);
        }
    }
}

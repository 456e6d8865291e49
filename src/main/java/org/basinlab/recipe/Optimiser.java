package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Optional;

/** How a gradient changes the weights. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
    @JsonSubTypes.Type(value = Optimiser.Sgd.class, name = "sgd"),
    @JsonSubTypes.Type(value = Optimiser.Adam.class, name = "adam"),
    @JsonSubTypes.Type(value = Optimiser.AdamW.class, name = "adamw")
})
public sealed interface Optimiser {

    /** The rate at the start, before the schedule. */
    double learningRate();

    /**
     * Stochastic gradient descent as PyTorch has it: v ← momentum·v + g, θ ← θ − rate·v, and with Nesterov's look ahead
     * θ ← θ − rate·(g + momentum·v).
     *
     * @param learningRate in (0, 100]
     * @param momentum in [0, 1)
     * @param nesterov only with a momentum above 0; written as JSON only where it is true
     */
    record Sgd(
            double learningRate,
            double momentum,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean nesterov) implements Optimiser {
        public Sgd {
            Ranges.requirePositive("learningRate", learningRate, 100);
            Ranges.requireBetween("momentum", momentum, 0, Math.nextDown(1.0));
            if (nesterov && momentum == 0) {
                throw new IllegalArgumentException("nesterov needs a momentum above 0");
            }
        }

        /** Without Nesterov's look ahead. */
        public Sgd(double learningRate, double momentum) {
            this(learningRate, momentum, false);
        }

        @JsonCreator
        static Sgd read(
                @JsonProperty(value = "learningRate", required = true) double learningRate,
                @JsonProperty(value = "momentum", required = true) double momentum,
                @JsonProperty("nesterov") Optional<Boolean> nesterov) {
            return new Sgd(learningRate, momentum, nesterov.orElse(false));
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

    /**
     * Adam with decoupled weight decay: θ ← θ − rate·weightDecay·θ before Adam's own step, as PyTorch has it.
     *
     * @param adam the step itself
     * @param weightDecay in [0, 10]
     * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter, algorithm 2</a>
     */
    record AdamW(Adam adam, double weightDecay) implements Optimiser {

        /** PyTorch's. */
        public static final double USUAL_WEIGHT_DECAY = 0.01;

        public AdamW {
            Ranges.requireBetween("weightDecay", weightDecay, 0, Penalty.MOST);
        }

        @Override
        @JsonIgnore
        public double learningRate() {
            return adam.learningRate();
        }
    }
}

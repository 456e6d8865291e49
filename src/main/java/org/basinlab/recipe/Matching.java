package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Arrays;
import java.util.Optional;

/** How the hidden units of one network are paired with those of another. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
    @JsonSubTypes.Type(value = Matching.Weight.class, name = "weight"),
    @JsonSubTypes.Type(value = Matching.None.class, name = "none"),
    @JsonSubTypes.Type(value = Matching.Activation.class, name = "activation"),
    @JsonSubTypes.Type(value = Matching.StraightThrough.class, name = "straight-through"),
    @JsonSubTypes.Type(value = Matching.BestOf.class, name = "best-of")
})
public sealed interface Matching {

    /** Its name in SQL and in tables: that of a specification, with what tells two of one name apart. */
    @JsonIgnore
    String label();

    /** Whether it needs images, beside the weights. */
    boolean readsImages();

    /** Weight matching by coordinate descent over layers (Git Re-Basin, arXiv 2209.04836, algorithm 1). */
    record Weight() implements Matching {
        @Override
        public String label() {
            return "weight";
        }

        @Override
        public boolean readsImages() {
            return false;
        }
    }

    /** Every unit stays where it is. */
    record None() implements Matching {
        @Override
        public String label() {
            return "none";
        }

        @Override
        public boolean readsImages() {
            return false;
        }
    }

    /** What of two units' activations a pairing adds up. */
    enum Statistic {
        /** The mean of the products, E[ab]. */
        @JsonProperty("cross-moment")
        CROSS_MOMENT("cross-moment"),
        /** The correlation; that with a unit that never changes is 0. */
        @JsonProperty("pearson")
        PEARSON("pearson");

        private final String label;

        Statistic(String label) {
            this.label = label;
        }

        /** Its name in a specification and on the command line. */
        public String label() {
            return label;
        }

        /** The one of that name. */
        public static Optional<Statistic> find(String label) {
            return Arrays.stream(values())
                    .filter(one -> one.label.equals(label))
                    .findFirst();
        }
    }

    /**
     * Pairs the units that fire alike on images.
     *
     * @param images the first so many training images, at least 2; all where absent
     */
    record Activation(
            Statistic statistic,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Integer> images) implements Matching {

        /** The fewest images that have a correlation. */
        public static final int FEWEST_IMAGES = 2;

        public Activation {
            images.ifPresent(count -> Ranges.requireBetween("images", count, FEWEST_IMAGES, Integer.MAX_VALUE));
        }

        /** E[ab] over all training images. */
        public static Activation withDefaults() {
            return new Activation(Statistic.CROSS_MOMENT, Optional.empty());
        }

        /** {@code activation} of E[ab], {@code activation-pearson}. */
        @Override
        public String label() {
            return statistic == Statistic.CROSS_MOMENT ? "activation" : "activation-" + statistic.label();
        }

        @Override
        public boolean readsImages() {
            return true;
        }
    }

    /**
     * The straight-through estimator of Git Re-Basin, its second variant: SGD on shadow weights, by the loss at the midpoint
     * of A and of B as it is permuted to be nearest to them.
     *
     * @param epochs through the training images, 1 to 1,000
     * @param batch images of a step, 1 to 65,536
     * @param learningRate in (0, 100]
     * @param momentum in [0, 1)
     */
    record StraightThrough(int epochs, int batch, double learningRate, double momentum) implements Matching {
        public StraightThrough {
            Ranges.requireBetween("epochs", epochs, 1, 1_000);
            Ranges.requireBetween("batch", batch, 1, 65_536);
            Ranges.requirePositive("learningRate", learningRate, 100);
            Ranges.requireBetween("momentum", momentum, 0, Math.nextDown(1.0));
        }

        /** Batches of 1,000, rate 0.01 and momentum 0.9, as in Git Re-Basin's code. */
        public static StraightThrough withDefaults(int epochs) {
            return new StraightThrough(epochs, 1_000, 0.01, 0.9);
        }

        @Override
        public String label() {
            return "straight-through";
        }

        @Override
        public boolean readsImages() {
            return true;
        }
    }

    /**
     * The best of several weight matchings that visit the layers in other orders.
     *
     * @param k how many, 1 to 10,000
     */
    record BestOf(int k) implements Matching {
        public BestOf {
            Ranges.requireBetween("the number of matchings to choose from", k, 1, 10_000);
        }

        @Override
        public String label() {
            return "best-of-" + k;
        }

        @Override
        public boolean readsImages() {
            return false;
        }
    }
}

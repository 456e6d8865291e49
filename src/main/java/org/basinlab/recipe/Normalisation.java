package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;

/** How pixels in [0, 1] become inputs: a named choice, or constants for each channel. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
    @JsonSubTypes.Type(value = Normalisation.Named.class, name = "named"),
    @JsonSubTypes.Type(value = Normalisation.Constants.class, name = "constants")
})
public sealed interface Normalisation {

    /** A choice whose constants may depend on the data. */
    record Named(Choice choice) implements Normalisation {}

    /** The named choices. */
    enum Choice {
        /** The customary constants of the data set. */
        STANDARD,
        /** Computed from the training images. */
        TRAIN,
        /** Mean 0.5 and standard deviation 0.5 in every channel. */
        HALF,
        /** Pixels as they are. */
        NONE;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Input = (pixel − mean) / standard deviation, by channel, of pixels in [0, 1].
     *
     * @param mean one number a channel, each in [0, 1]
     * @param std one positive number a channel, at most 10
     */
    record Constants(List<Double> mean, List<Double> std) implements Normalisation {

        public Constants {
            mean = List.copyOf(mean);
            std = List.copyOf(std);
            if (mean.isEmpty() || mean.size() != std.size()) {
                throw new IllegalArgumentException(
                        "normalisation needs as many means as standard deviations, was %d and %d"
                                .formatted(mean.size(), std.size()));
            }
            mean.forEach(value -> Ranges.requireBetween("a mean", value, 0, 1));
            std.forEach(value -> Ranges.requirePositive("a standard deviation", value, 10));
        }
    }
}

package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What is normalised to mean 0 and variance 1, before a scale and a shift of each channel. */
public enum Norm {
    /** Nothing. */
    NONE(""),
    /** The channels of one position, as flax's LayerNorm and PyTorch's over the last axis of channels-last data. */
    LAYER("ln"),
    /** All channels and positions of one image: GroupNorm of one group. */
    GROUP("gn"),
    /** Each channel over images and positions; over the training data in evaluation (BatchNorm). */
    BATCH("bn");

    /** Added to every variance, as in PyTorch. */
    public static final double EPSILON = 1e-5;

    private final String letters;

    Norm(String letters) {
        this.letters = letters;
    }

    /** Its name in a specification and in JSON. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its part of an architecture's label, {@code ln}; empty where nothing is normalised. */
    public String letters() {
        return letters;
    }
}

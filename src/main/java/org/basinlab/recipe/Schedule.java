package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How the learning rate changes over the epochs. */
public enum Schedule {
    /** The same rate throughout. */
    CONSTANT,
    /** rate · ½(1 + cos(π·e/E)) in epoch e of E, counted from 0: cosine annealing stepped once an epoch. */
    COSINE;

    /** The factor on the rate in epoch {@code epoch} (from 0) of {@code epochs}; in (0, 1]. */
    public double factor(int epoch, int epochs) {
        return this == CONSTANT ? 1 : 0.5 * (1 + Math.cos(Math.PI * epoch / epochs));
    }

    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

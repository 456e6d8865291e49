package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** By which the size of a change of an input is measured. */
public enum VectorNorm {
    /** Euclidean length. */
    L2,
    /** Largest absolute value. */
    LINF;

    /** Its name in metrics and specifications. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

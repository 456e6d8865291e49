package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How random noise on inputs is distributed. */
public enum NoiseShape {
    /** Normal with mean 0; its size is the standard deviation. */
    GAUSSIAN,
    /** Uniform on [−size, size]. */
    UNIFORM;

    /** Its name in metrics and specifications. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a change of an input is measured. */
public enum InputSpace {
    /** Pixels in [0, 1], as images are stored; a changed image is clipped to that box. */
    PIXEL,
    /** What the network takes: (pixel − mean) / std; nothing is clipped. */
    NORMALISED;

    /** Its name in SQL, JSON and specifications. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

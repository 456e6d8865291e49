package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What becomes of the tensors that no permutation moves, of a perceptron its output bias, when the second of a pair is moved. */
public enum OutputBias {
    /** Each network has its own, as it should be. */
    OWN,
    /**
     * The moved network has the first's: a fault of a public port of Git Re-Basin, which hands on such tensors without a copy
     * and then overwrites them.
     */
    ALIASED;

    /** Its name in specifications. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

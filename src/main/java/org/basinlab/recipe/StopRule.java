package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** When a round of MergeMany counts as without progress. */
public enum StopRule {
    /** No network came nearer to the mean of the others, in L2 by more than 10⁻¹² (the original code's rule). */
    L2,
    /** No matching returned a permutation other than the identity. */
    IDENTITY;

    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

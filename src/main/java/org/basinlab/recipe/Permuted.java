package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Which of a pair is moved to the order of the other's units before both are averaged. */
public enum Permuted {
    /** The second, the usual choice. */
    SECOND,
    /** The first. */
    FIRST,
    /** The one of the lower mean loss on the first 10,000 training images; the second of two equal ones. */
    BETTER,
    /** The second, which then has the first's {@link OutputBias}; a specification says it by that. */
    SECOND_ALIASED;

    /** Its name in specifications. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a task behaves that computes nothing, so that it can be seen what the queue makes of it. */
public enum ProbeBehaviour {
    /** Waits its time and succeeds. */
    OK,
    /** Fails at every attempt, in a way that may not come again. */
    THROWS,
    /** Fails so at its first attempt alone. */
    THROWS_ONCE,
    /** Fails in a way that would come again. */
    REJECTS,
    /** Asks the Java machine for more memory than any has. */
    OUT_OF_MEMORY,
    /** Ends the process of its worker at once, without a word. */
    CRASH,
    /** Goes on for ever and neither says anything nor listens; an interruption ends it. */
    HANG,
    /** Goes on for ever and gets no further, but stops when it is asked to. */
    SILENT;

    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

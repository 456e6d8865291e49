package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * How many rounds MergeMany may take: a number, or until its stopping rule is met.
 *
 * @param most 1 to {@value #MOST}; {@value #MOST} stands for "converged", far above the 17 to 49 that were seen
 */
public record Rounds(int most) {

    public static final int MOST = 1_000;
    public static final Rounds CONVERGED = new Rounds(MOST);

    public Rounds {
        Ranges.requireBetween("rounds", most, 1, MOST);
    }

    public boolean isConverged() {
        return most == MOST;
    }

    /** {@code converged}, or the number. */
    public String label() {
        return isConverged() ? "converged" : Integer.toString(most);
    }

    @JsonValue
    Object json() {
        return isConverged() ? "converged" : most;
    }

    @JsonCreator
    static Rounds parse(Object json) {
        if (json instanceof Integer most) {
            return new Rounds(most);
        }
        if ("converged".equals(json)) {
            return CONVERGED;
        }
        throw new IllegalArgumentException("rounds must be converged or a whole number, was " + json);
    }
}

package org.basinlab.verdict;

import org.basinlab.study.Decision;

/** What the size is that a conclusion calls detectable: each type of decision could have found something else. */
public final class Detectable {

    private Detectable() {}

    /** {@code the smallest effect that would have been found (power 0.8)}. */
    public static String words(Decision.Type type) {
        return switch (type) {
            case DIRECTION, TREND, VARIANCE -> "the smallest effect that would have been found (power 0.8)";
            case EQUIVALENCE, SHAPE -> "the smallest margin that the interval fits in";
            case BARRIER -> "the smallest distance from the margin that would have been found (power 0.8)";
        };
    }
}

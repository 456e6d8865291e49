package org.basinlab.study;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;

/**
 * By what a claim is decided: numbers of one value a unit, each with its type, the side that the claim takes and the least size
 * that counts.
 *
 * @param together how several parts make one verdict
 */
public record Decision(Together together, List<Part> parts) {

    public Decision {
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a decision must have at least one part, had none");
        }
        if (together == Together.CROSSING && parts.size() != 2) {
            throw new IllegalArgumentException("a crossing must have two parts, had " + parts.size());
        }
    }

    /**
     * One number a unit.
     *
     * @param name {@code accuracy}: a specification has a query of this name
     * @param sign the claim's side; {@code POSITIVE} for a barrier. Equivalence and shape have {@code NONE}, or the side on which a
     *     difference does no harm: {@code NEGATIVE} says "at most δ"
     * @param margin δ ≥ 0, in the part's scale
     * @param scale what the number is measured in: {@code accuracy}, {@code log ratio}, {@code nats}
     */
    public record Part(String name, Type type, Sign sign, double margin, String scale) {}

    /** Which interval and which test decide a part. */
    public enum Type {
        /** A mean difference: BCa 95 % interval on one side of 0, exact sign-flip p, estimate of at least the margin. */
        DIRECTION,
        /** The same of each unit's slope, in change over all stages. */
        TREND,
        /** Log ratio of two variances over units: two values a unit. */
        VARIANCE,
        /** BCa 95 % interval within or without ± margin, twice the larger p of two one-sided sign-flips. */
        EQUIVALENCE,
        /** The same of each unit's curvature. */
        SHAPE,
        /** BCa 95 % interval above or below the margin, twice the p of a one-sided sign-flip against it. */
        BARRIER;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A side of zero. */
    public enum Sign {
        POSITIVE,
        NEGATIVE,
        NONE;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** 1 or −1 for sides. */
        public int factor() {
            return this == NEGATIVE ? -1 : 1;
        }
    }

    /** How parts make one verdict. For "reproduced" all must hold: the largest p counts. */
    public enum Together {
        /** Contradicted when all parts are: the largest p counts. */
        ALL,
        /** Contradicted when one part is: its p is of sign-flips of all parts at once, its interval that of all parts. */
        ANY_AGAINST,
        /** As {@link #ALL}: of two directions at two points. */
        CROSSING;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}

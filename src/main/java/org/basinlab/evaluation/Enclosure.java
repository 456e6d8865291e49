package org.basinlab.evaluation;

/**
 * A number known by two others that it lies between.
 *
 * @param lower at most the number
 * @param upper at least the number; may be infinite
 */
public record Enclosure(double lower, double upper) {

    /** What float64 is trusted with here: eigenvalues of a few thousand rows are off by less than 10⁻¹¹. */
    private static final double ROUNDING = 1e-10;

    public Enclosure {
        if (!(lower >= 0 && lower <= upper)) { // also refuses NaN
            throw new IllegalArgumentException(
                    "an enclosure must have 0 ≤ lower ≤ upper, was [%s, %s]".formatted(lower, upper));
        }
    }

    /** A number that rounding alone keeps from being known: one part in 10¹⁰ to both sides. */
    static Enclosure around(double value) {
        return new Enclosure(value * (1 - ROUNDING), value * (1 + ROUNDING));
    }

    /** How far the upper bound can be off, as a share of it: (upper − lower) / upper; 0 where both are 0. */
    public double relativeGap() {
        return upper == 0 ? 0 : (upper - lower) / upper;
    }

    Enclosure times(Enclosure other) {
        return new Enclosure(lower * other.lower, upper * other.upper);
    }

    Enclosure plus(Enclosure other) {
        return new Enclosure(lower + other.lower, upper + other.upper);
    }
}

package org.basinlab.verdict;

/** The ends of an interval, {@code low} ≤ {@code high}. */
record Interval(double low, double high) {

    Interval {
        if (!(low <= high)) { // also refuses NaN
            throw new IllegalArgumentException("low must be at most high, was [%s, %s]".formatted(low, high));
        }
    }

    /** As seen from the other side of zero where {@code sign} is −1. */
    Interval oriented(int sign) {
        return sign < 0 ? new Interval(-high, -low) : this;
    }

    boolean isAbove(double bound) {
        return low > bound;
    }

    boolean isBelow(double bound) {
        return high < bound;
    }

    boolean isWithin(double bound) {
        return low > -bound && high < bound;
    }
}

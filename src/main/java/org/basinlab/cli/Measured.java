package org.basinlab.cli;

import java.util.Locale;
import java.util.Optional;

/** Numbers of claims as people read them. */
final class Measured {

    /** Less than this is what sums of numbers of the size of accuracies are off by. */
    private static final double ROUNDING = 1e-12;

    private Measured() {}

    /** {@code +0.0123}: four places, or four digits where that says too little. */
    static String number(double value) {
        boolean isSmall = Math.abs(value) > ROUNDING && Math.abs(value) < 0.001;
        String format = Math.abs(value) >= 1_000 || isSmall ? "%+.2e" : "%+.4f";
        return String.format(Locale.ROOT, format, value).replace('-', '−').replaceFirst("e−", "e-");
    }

    /** {@code [−0.0040, +0.0123]}, nothing where there is none. */
    static String interval(Optional<Double> low, Optional<Double> high) {
        return low.isPresent() && high.isPresent() ? "[%s, %s]".formatted(number(low.get()), number(high.get())) : "";
    }

    /** {@code 0.0312}, {@code < 0.0001}. */
    static String p(double p) {
        return p < 0.0001 ? "< 0.0001" : String.format(Locale.ROOT, "%.4f", p);
    }
}

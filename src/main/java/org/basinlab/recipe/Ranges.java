package org.basinlab.recipe;

/** Checks of a value against its range, with messages that say what must hold and what was found. */
final class Ranges {

    private Ranges() {}

    static void requireBetween(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("%s must lie in [%d, %d], was %d".formatted(name, least, most, value));
        }
    }

    static void requireBetween(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) { // also refuses NaN
            throw new IllegalArgumentException("%s must lie in [%s, %s], was %s".formatted(name, least, most, value));
        }
    }

    static void requirePositive(String name, double value, double most) {
        if (!(value > 0 && value <= most)) {
            throw new IllegalArgumentException("%s must lie in (0, %s], was %s".formatted(name, most, value));
        }
    }
}

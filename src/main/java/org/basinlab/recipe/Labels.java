package org.basinlab.recipe;

/** Names of architectures, as they stand in tables and in SQL. */
final class Labels {

    private Labels() {}

    /** {@code family-norm-width}, without what is not there. */
    static String of(String family, Norm norm, double width) {
        String number = width == Math.rint(width) ? String.valueOf((long) width) : String.valueOf(width);
        return norm == Norm.NONE ? family + "-" + number : family + "-" + norm.letters() + "-" + number;
    }
}

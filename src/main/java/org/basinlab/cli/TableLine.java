package org.basinlab.cli;

import org.basinlab.ledger.ResultRow;

/**
 * Which line of a table a result belongs to.
 *
 * @param variant of the scheme, and of the metric where it has any
 */
record TableLine(String arm, String scheme, String variant, int group) {

    static final String MAIN = "main";

    static TableLine of(ResultRow row) {
        return new TableLine(row.arm(), row.scheme(), row.variant(), row.groupSize());
    }

    /** Scheme and variant; the usual rounds are said in one word. */
    String label() {
        String shown = variant.replace("rounds=converged", "converged");
        return shown.isEmpty() ? scheme : scheme + " " + shown;
    }

    /** The same, told apart from equal ones of other arms. */
    String labelWithArm() {
        return arm.equals(MAIN) ? label() : arm + ": " + label();
    }
}

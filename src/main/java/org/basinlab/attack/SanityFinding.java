package org.basinlab.attack;

/**
 * Whether an attack did what every working attack does.
 *
 * @param check what must hold, {@code clean-at-zero}
 * @param measured what was found
 * @param limit the bound that it was held against
 */
public record SanityFinding(String check, double measured, double limit, boolean passed) {}

package org.basinlab.workflow;

import java.util.Optional;

/**
 * Whether an attack did what every working attack does; metrics of one that did not decide nothing.
 *
 * @param metric of the attack, {@code fgsm-accuracy}
 * @param space {@code pixel} or {@code normalised}
 * @param check what must hold, {@code clean-at-zero}
 * @param measured what was found
 * @param limit the bound that it was held against
 */
public record SanityCheck(
        String metric, Optional<String> space, String check, double measured, double limit, boolean passed) {}

package org.basinlab.matching;

import java.time.Duration;
import org.basinlab.network.Permutations;

/**
 * How the units of a network B were paired with those of a network A.
 *
 * @param permutations p, by name; {@code p[i]} is the unit of B put in place i
 * @param objective Σ⟨A, πB⟩ over all parameters; of activation matching the sum of what the pairs of units give
 * @param l2Before ‖A − B‖₂ over all parameters
 * @param l2After ‖A − πB‖₂ over all parameters
 * @param sweeps how often every layer was visited, the last sweep without progress included; of several matchings by
 *     which a straight-through estimator was led, all together; 0 where nothing was matched
 * @param elapsed time of the matching alone; the only part that two equal matchings do not share
 */
public record Alignment(
        Permutations permutations, double objective, double l2Before, double l2After, int sweeps, Duration elapsed) {}

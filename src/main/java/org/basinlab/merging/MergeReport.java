package org.basinlab.merging;

/**
 * What a merge cost and how near its networks came to each other.
 *
 * @param matchings how many alignments were computed
 * @param rounds how often MergeMany went around all networks, the last round without progress included; the iterations of C2M3;
 *     1 for every other step
 * @param sweeps sum over all alignments; the iterations of C2M3
 * @param l2Before root mean square, over all pairs of inputs, of their L2 distance over all parameters; of two networks
 *     simply their distance
 * @param l2After the same of the permuted inputs
 * @param converged whether MergeMany met its stopping rule before its limit of rounds, or C2M3 before that of iterations; true
 *     for every other step
 */
public record MergeReport(int matchings, int rounds, int sweeps, double l2Before, double l2After, boolean converged) {}

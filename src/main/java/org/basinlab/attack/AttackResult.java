package org.basinlab.attack;

import java.math.BigDecimal;
import java.util.BitSet;
import java.util.List;

/**
 * Which images a network still gets right, point by point.
 *
 * @param points ε or budgets
 * @param correct for each point, bit i is set where image i was classified as its label
 * @param images how many there were
 * @param checks of this attack
 */
public record AttackResult(List<BigDecimal> points, List<BitSet> correct, int images, List<SanityFinding> checks) {

    public AttackResult {
        points = List.copyOf(points);
        correct = List.copyOf(correct);
        checks = List.copyOf(checks);
    }

    /** Share of images that are right at a point, 0–1. */
    public double accuracy(int point) {
        return (double) correct.get(point).cardinality() / images;
    }

    /** Whether all checks passed. */
    public boolean isSound() {
        return checks.stream().allMatch(SanityFinding::passed);
    }
}

package org.basinlab.attack;

import java.math.BigDecimal;
import java.util.BitSet;
import java.util.List;

/**
 * Which images a network gets right under random noise.
 *
 * @param points sizes of the noise
 * @param correct for each point and each draw
 */
public record NoiseResult(List<BigDecimal> points, List<List<BitSet>> correct, int images) {

    public NoiseResult {
        points = List.copyOf(points);
        correct = correct.stream().map(List::copyOf).toList();
    }

    /** Mean over draws of the share of images that are right at a point, 0–1. */
    public double accuracy(int point) {
        return correct.get(point).stream()
                        .mapToInt(BitSet::cardinality)
                        .average()
                        .orElseThrow()
                / images;
    }
}

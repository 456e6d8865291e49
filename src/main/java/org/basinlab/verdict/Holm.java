package org.basinlab.verdict;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Holm's step-down adjustment: whoever is rejected at α by it, no true hypothesis is rejected with a probability above α. */
final class Holm {

    private Holm() {}

    /**
     * @param p of all hypotheses of the family, in [0, 1]
     * @return adjusted p in the same order, at least p and at most 1
     * @see <a href="https://www.jstor.org/stable/4615733">Holm 1979</a>
     */
    static double[] adjusted(double[] p) {
        int[] ascending = IntStream.range(0, p.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] adjusted = new double[p.length];
        double least = 0;
        for (int rank = 0; rank < p.length; rank++) {
            least = Math.max(least, Math.min(1, (p.length - rank) * p[ascending[rank]]));
            adjusted[ascending[rank]] = least;
        }
        return adjusted;
    }
}

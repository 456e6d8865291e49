package org.basinlab.verdict;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Optional;
import org.basinlab.ledger.ImageTerm;

/** One network's number over images, for any draw of them: {@code v} of {@link ImageTerm}. */
@FunctionalInterface
interface ImageRow {

    /** NaN where the draw holds no image that it is about. */
    double of(ImageDraw draw);

    static ImageRow of(ImageTerm term) {
        long[] correct = words(term.correct(), term);
        Optional<float[]> distances = term.distances();
        if (distances.isPresent()) {
            return logMedian(correct, distances.get(), term);
        }
        Optional<BitSet> of = term.of();
        if (of.isPresent()) {
            long[] base = words(of.get(), term);
            return draw -> (double) draw.count(correct) / draw.count(base);
        }
        return draw -> (double) draw.count(correct) / draw.size();
    }

    private static long[] words(BitSet set, ImageTerm term) {
        if (set.length() > term.images()) {
            throw new IllegalStateException("outcomes of unit %s must be of %d images, had one of image %d"
                    .formatted(term.unit(), term.images(), set.length() - 1));
        }
        return Arrays.copyOf(set.toLongArray(), ImageDraw.words(term.images()));
    }

    /** ln of the median over drawn images of the set, which is the mean of the two in the middle where their number is even. */
    private static ImageRow logMedian(long[] set, float[] distances, ImageTerm term) {
        if (distances.length != term.images()) {
            throw new IllegalStateException("distances of unit %s must be of %d images, were of %d"
                    .formatted(term.unit(), term.images(), distances.length));
        }
        int[] ascending = term.correct().stream()
                .boxed()
                .sorted(Comparator.comparing(image -> distances[image])) // NaN last
                .mapToInt(Integer::intValue)
                .toArray();
        return draw -> {
            int count = draw.count(set);
            return count == 0 ? Double.NaN : Math.log(median(ascending, distances, draw, count));
        };
    }

    private static double median(int[] ascending, float[] distances, ImageDraw draw, int count) {
        int place = 0;
        int passed = draw.times(ascending[0]);
        while (passed <= (count - 1) / 2) {
            passed += draw.times(ascending[++place]);
        }
        double low = distances[ascending[place]];
        while (passed <= count / 2) {
            passed += draw.times(ascending[++place]);
        }
        return (low + distances[ascending[place]]) / 2;
    }
}

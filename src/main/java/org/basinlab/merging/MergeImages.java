package org.basinlab.merging;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.basinlab.network.Examples;

/**
 * The images that a merge looks at: training images without augmentation.
 *
 * @param all in the order of their files
 */
public record MergeImages(Examples all) {

    /** How many parts of all images are one part held out for selection. */
    private static final int PARTS = 10;

    /** All but the last tenth: what a merge that selects is fitted to. */
    Examples fitted() {
        requireParts();
        return new Range(all, 0, all.count() - heldOutCount());
    }

    /** The last tenth, by which a merge selects. */
    Examples heldOut() {
        requireParts();
        return new Range(all, all.count() - heldOutCount(), heldOutCount());
    }

    private int heldOutCount() {
        return all.count() / PARTS;
    }

    private void requireParts() {
        if (all.count() < PARTS) {
            throw new IllegalArgumentException(
                    "a merge that selects holds a tenth of its images out and needs at least %d, there are %d"
                            .formatted(PARTS, all.count()));
        }
    }

    /** Neighbouring ones of all. */
    private record Range(Examples all, int from, int count) implements Examples {

        @Override
        public int inputs() {
            return all.inputs();
        }

        @Override
        public int label(int index) {
            return all.label(from + index);
        }

        @Override
        public void fill(int[] order, int first, int images, FloatBuffer into) {
            int[] moved = Arrays.stream(order, first, first + images)
                    .map(index -> from + index)
                    .toArray();
            all.fill(moved, 0, images, into);
        }
    }
}

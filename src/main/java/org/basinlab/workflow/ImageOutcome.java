package org.basinlab.workflow;

import java.math.BigDecimal;
import java.util.BitSet;
import java.util.Optional;
import org.basinlab.recipe.Split;

/**
 * What one metric found at one point, image by image, so that intervals can draw images again and comparisons can keep to
 * those that several networks get right. Its names are those of the {@link Measurement} that it stands behind.
 *
 * @param images how many, in file order from the first
 * @param correct bit i is set where image i was classified as its label; handed over, not copied
 * @param distances of each image to the nearest point of another class; NaN where none was found; handed over
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, not shared
public record ImageOutcome(
        String metric,
        String variant,
        Optional<String> space,
        Optional<BigDecimal> at,
        Split split,
        int images,
        Optional<BitSet> correct,
        Optional<float[]> distances) {

    /** Correct or not. */
    public static ImageOutcome correct(Measurement of, BitSet correct) {
        return of(of, Optional.of(correct), Optional.empty());
    }

    /** How far. */
    public static ImageOutcome distances(Measurement of, float[] distances) {
        return of(of, Optional.empty(), Optional.of(distances));
    }

    private static ImageOutcome of(Measurement of, Optional<BitSet> correct, Optional<float[]> distances) {
        return new ImageOutcome(
                of.metric(),
                of.variant(),
                of.space(),
                of.at(),
                of.split().orElseThrow(),
                of.images().orElseThrow(),
                correct,
                distances);
    }
}

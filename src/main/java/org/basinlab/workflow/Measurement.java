package org.basinlab.workflow;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalInt;
import org.basinlab.recipe.Split;

/**
 * One measured number about a network.
 *
 * @param metric its name in SQL and JSON, {@code accuracy}
 * @param variant what tells apart equal metrics of one network; empty where nothing does
 * @param space {@code pixel} or {@code normalised} for attacks and noise
 * @param at the point that it was taken at (an ε, an epoch), with at most six decimal places
 * @param images how many images it was taken over
 * @param value may be NaN or infinite: it is stored as such
 */
public record Measurement(
        String metric,
        String variant,
        Optional<String> space,
        Optional<BigDecimal> at,
        Optional<Split> split,
        OptionalInt images,
        double value) {

    /** A number about the network as a whole. */
    public static Measurement scalar(String metric, double value) {
        return new Measurement(
                metric, "", Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty(), value);
    }

    /** A number taken over the images of one split. */
    public static Measurement onImages(String metric, Split split, int images, double value) {
        return new Measurement(
                metric, "", Optional.empty(), Optional.empty(), Optional.of(split), OptionalInt.of(images), value);
    }

    /** The same number, taken at a whole-numbered point such as an epoch. */
    public Measurement at(int point) {
        return new Measurement(metric, variant, space, Optional.of(BigDecimal.valueOf(point)), split, images, value);
    }

    /** {@code nan} for a value that is no finite number, else {@code ok}. */
    public String status() {
        return Double.isFinite(value) ? "ok" : "nan";
    }
}

package org.basinlab.workflow;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.OptionalInt;
import org.basinlab.recipe.InputSpace;
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
 * @param sound whether it passed its sanity checks; one that did not is kept, but decides nothing
 */
public record Measurement(
        String metric,
        String variant,
        Optional<String> space,
        Optional<BigDecimal> at,
        Optional<Split> split,
        OptionalInt images,
        double value,
        boolean sound) {

    /** Decimal places of a point. */
    private static final int PLACES = 6;

    /** A number about the network as a whole. */
    public static Measurement scalar(String metric, double value) {
        return new Measurement(
                metric, "", Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty(), value, true);
    }

    /** A number taken over the images of one split. */
    public static Measurement onImages(String metric, Split split, int images, double value) {
        return new Measurement(
                metric,
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.of(split),
                OptionalInt.of(images),
                value,
                true);
    }

    /** The same number, taken at a whole-numbered point such as an epoch. */
    public Measurement at(int point) {
        return at(BigDecimal.valueOf(point));
    }

    /** The same number, taken at a point, which is rounded to six decimal places. */
    public Measurement at(BigDecimal point) {
        BigDecimal plain = point.setScale(PLACES, RoundingMode.HALF_EVEN).stripTrailingZeros();
        Optional<BigDecimal> at = Optional.of(plain.scale() < 0 ? plain.setScale(0) : plain);
        return new Measurement(metric, variant, space, at, split, images, value, sound);
    }

    /** The same number about changes of inputs in a space. */
    public Measurement in(InputSpace where) {
        return new Measurement(metric, variant, Optional.of(where.label()), at, split, images, value, sound);
    }

    /** The same number, told apart from equal ones by {@code name}. */
    public Measurement variant(String name) {
        return new Measurement(metric, name, space, at, split, images, value, sound);
    }

    /** The same number, sound only if {@code checked} holds. */
    public Measurement soundIf(boolean checked) {
        return new Measurement(metric, variant, space, at, split, images, value, checked);
    }

    /** {@code nan} for a value that is no finite number, {@code check-failed} for one that is not sound, else {@code ok}. */
    public String status() {
        if (!Double.isFinite(value)) {
            return "nan";
        }
        return sound ? "ok" : "check-failed";
    }
}

package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The points at which a curve is taken, such as the ε of an attack: exact decimals, never binary sums.
 *
 * @param values rising, at least one and at most {@value #MOST}, each 0 to 1,000 with at most {@value #PLACES} decimal
 *     places; kept without trailing zeros, so that equal points have one text
 */
public record Points(@JsonValue List<BigDecimal> values) {

    public static final int MOST = 1_000;
    public static final int PLACES = 6;
    public static final BigDecimal LARGEST = BigDecimal.valueOf(1_000);

    @JsonCreator
    public Points {
        if (values.isEmpty() || values.size() > MOST) {
            throw new IllegalArgumentException("there must be 1 to %d points, were %d".formatted(MOST, values.size()));
        }
        List<BigDecimal> plain = new ArrayList<>();
        for (BigDecimal value : values) {
            BigDecimal point = plain(value);
            if (point.signum() < 0 || point.compareTo(LARGEST) > 0 || point.scale() > PLACES) {
                throw new IllegalArgumentException("a point must lie in [0, %s] with at most %d decimal places, was %s"
                        .formatted(LARGEST, PLACES, value.toPlainString()));
            }
            if (!plain.isEmpty() && point.compareTo(plain.get(plain.size() - 1)) <= 0) {
                throw new IllegalArgumentException("points must rise, but %s follows %s"
                        .formatted(
                                point.toPlainString(),
                                plain.get(plain.size() - 1).toPlainString()));
            }
            plain.add(point);
        }
        values = List.copyOf(plain);
    }

    /** Of decimal texts, {@code Points.of("0", "0.002")}. */
    public static Points of(String... values) {
        return new Points(Arrays.stream(values).map(BigDecimal::new).toList());
    }

    /**
     * From {@code from} in steps to at most {@code to}, which is a point where a whole number of steps leads to it.
     *
     * @throws IllegalArgumentException if the step is not positive or there are more than {@value #MOST} points
     */
    public static Points range(BigDecimal from, BigDecimal to, BigDecimal step) {
        if (step.signum() <= 0) {
            throw new IllegalArgumentException("a step must be positive, was " + step.toPlainString());
        }
        if (to.subtract(from).compareTo(step.multiply(BigDecimal.valueOf(MOST))) >= 0) {
            throw new IllegalArgumentException("there must be 1 to %d points, would be more".formatted(MOST));
        }
        List<BigDecimal> values = new ArrayList<>();
        for (BigDecimal value = from; value.compareTo(to) <= 0; value = value.add(step)) {
            values.add(value);
        }
        return new Points(values);
    }

    private static BigDecimal plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}

package org.basinlab.study;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.basinlab.recipe.Points;

/** Reads the points of a curve: {@code [0, 0.01]}, or {@code { from: 0, to: 0.02, step: 0.002 }}. */
final class PointsReader {

    private static final Keys RANGE = Keys.of("a range", "from", "to", "step");
    private static final String FORMS = "a list of numbers, or a mapping with from, to and step";

    private PointsReader() {}

    static Points read(Value value) {
        return value.isMapping() ? range(value) : list(value);
    }

    private static Points list(Value value) {
        List<BigDecimal> points = new ArrayList<>();
        for (Value item : value.items(FORMS)) {
            BigDecimal point = item.decimal(BigDecimal.ZERO, Points.LARGEST, Points.PLACES);
            if (!points.isEmpty() && point.compareTo(points.get(points.size() - 1)) <= 0) {
                throw item.refuse("must be above the point before it, %s, was %s"
                        .formatted(
                                points.get(points.size() - 1).toPlainString(),
                                item.yaml().described()));
            }
            points.add(point);
        }
        if (points.isEmpty() || points.size() > Points.MOST) {
            throw value.refuse("must have 1 to %d points, had %d".formatted(Points.MOST, points.size()));
        }
        return new Points(points);
    }

    private static Points range(Value value) {
        Section range = value.section(RANGE);
        BigDecimal from = range.get("from").decimal(BigDecimal.ZERO, Points.LARGEST, Points.PLACES);
        BigDecimal to = range.get("to").decimal(from, Points.LARGEST, Points.PLACES);
        BigDecimal step =
                range.get("step").decimal(BigDecimal.ONE.movePointLeft(Points.PLACES), Points.LARGEST, Points.PLACES);
        if (to.subtract(from).compareTo(step.multiply(BigDecimal.valueOf(Points.MOST))) >= 0) {
            throw value.refuse("must have 1 to %d points, would have more".formatted(Points.MOST));
        }
        return Points.range(from, to, step);
    }
}

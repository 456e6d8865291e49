package org.basinlab.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Points;
import org.basinlab.workflow.Measurement;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one family that a user asked for, of the family's one computation.
 *
 * @param metrics which of what it finds is shown
 */
record MetricChoice(MetricFamily family, Set<String> metrics, MetricRequest request) {

    /** Nothing that is short to write and long to expand. */
    private static final Pattern DECIMAL = Pattern.compile("\\d{1,6}(\\.\\d{1,12})?");

    boolean holds(Measurement measurement) {
        return metrics.contains(measurement.metric());
    }

    /**
     * Each family once, with the points of all that was asked of it together.
     *
     * @param wanted {@code NAME} or {@code NAME@points}
     * @throws UsageException if there is no such metric, or its points are none
     */
    static List<MetricChoice> of(List<String> wanted, MetricFamily.Settings settings) {
        Map<MetricFamily, Set<String>> metrics = new TreeMap<>();
        Map<MetricFamily, Set<BigDecimal>> points = new TreeMap<>();
        for (String one : wanted) {
            int at = one.indexOf('@');
            String name = at < 0 ? one : one.substring(0, at);
            MetricFamily family = MetricFamily.of(name)
                    .orElseThrow(() -> new UsageException("--metric must name a metric, was '%s'%s"
                            .formatted(name, Spelling.suggestion(name, MetricFamily.allMetrics()))));
            metrics.computeIfAbsent(family, none -> new TreeSet<>()).add(name);
            if (at >= 0 && !family.hasPoints(name)) {
                throw new UsageException("--metric %s must have no points, it is one number a network".formatted(name));
            }
            if (family.hasPoints(name)) {
                List<BigDecimal> values = at < 0
                        ? family.usualPoints().orElseThrow().values()
                        : points(one, one.substring(at + 1)).values();
                points.computeIfAbsent(family, none -> new TreeSet<>()).addAll(values);
            }
        }
        List<MetricChoice> choices = new ArrayList<>();
        metrics.forEach((family, names) -> choices.add(
                new MetricChoice(family, Set.copyOf(names), request(family, points.get(family), settings))));
        return choices;
    }

    private static MetricRequest request(
            MetricFamily family, @Nullable Set<BigDecimal> points, MetricFamily.Settings settings) {
        try {
            Points curve = points == null
                    ? family.usualPoints().orElseGet(() -> Points.of("0"))
                    : new Points(List.copyOf(points));
            return family.request(curve, settings);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    /** {@code 0,0.002,0.004} or {@code 0:0.004:0.002}. */
    private static Points points(String metric, String text) {
        boolean range = text.contains(":");
        String[] parts = text.split(range ? ":" : ",", -1);
        boolean decimals =
                Arrays.stream(parts).allMatch(part -> DECIMAL.matcher(part).matches());
        if (!decimals || (range && parts.length != 3)) {
            throw new UsageException(
                    "--metric %s must have points as decimals with commas between (0,0.002) or from:to:step (0:0.02:0.002), had '%s'"
                            .formatted(metric.substring(0, metric.indexOf('@')), text));
        }
        List<BigDecimal> values = Arrays.stream(parts).map(BigDecimal::new).collect(Collectors.toList());
        try {
            return range
                    ? Points.range(values.get(0), values.get(1), values.get(2))
                    : new Points(List.copyOf(new TreeSet<>(values)));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--metric %s: %s".formatted(metric, e.getMessage()), e);
        }
    }
}

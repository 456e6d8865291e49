package org.basinlab.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.basinlab.ledger.ResultRow;

/**
 * Networks of a study by accuracy, robustness and what they cost, and which of them no other is at least as good as in all
 * three and better in one. Means over groups, of one arm.
 *
 * @param robustness what stands for it
 */
record ParetoFront(Robustness robustness, List<Point> points) {

    private static final List<String> USUAL = List.of("deepfool-l2-median", "fgsm-accuracy", "pgd-linf-accuracy");

    ParetoFront {
        points = List.copyOf(points);
    }

    /**
     * A metric of which more is better.
     *
     * @param at its point where it is a curve; the largest that was measured where none is said
     */
    record Robustness(String metric, Optional<BigDecimal> at) {

        /** {@code NAME} or {@code NAME@point}. */
        static Robustness of(String text) {
            int at = text.indexOf('@');
            if (at < 0) {
                return new Robustness(text, Optional.empty());
            }
            try {
                return new Robustness(text.substring(0, at), Optional.of(new BigDecimal(text.substring(at + 1))));
            } catch (NumberFormatException e) {
                throw new UsageException("--robustness must be NAME or NAME@point, was '%s'".formatted(text), e);
            }
        }

        String label() {
            return metric + at.map(point -> "@" + point.toPlainString()).orElse("");
        }

        private boolean isIn(ResultRow row) {
            return row.metric().equals(metric)
                    && at.map(point -> row.at()
                                    .filter(own -> own.compareTo(point) == 0)
                                    .isPresent())
                            .orElse(true);
        }
    }

    /**
     * One kind of network.
     *
     * @param accuracy on test images, 0–1
     * @param matchings that it takes to make one, those of the merges below it with them
     * @param best whether it is on the front
     */
    record Point(
            String arm,
            String scheme,
            int groupSize,
            String matching,
            String variant,
            double accuracy,
            double robustness,
            double matchings,
            boolean best) {

        String label() {
            String setting = variant.isEmpty() ? "" : " " + variant;
            return "%s%s, %d".formatted(scheme, setting, groupSize);
        }

        private boolean beats(Point other) {
            return accuracy >= other.accuracy
                    && robustness >= other.robustness
                    && matchings <= other.matchings
                    && (accuracy > other.accuracy || robustness > other.robustness || matchings < other.matchings);
        }
    }

    private record Kind(String arm, String scheme, int groupSize, String matching, String variant) {
        static Kind of(ResultRow row) {
            return new Kind(row.arm(), row.scheme(), row.groupSize(), row.matching(), row.variant());
        }

        Kind of(int size) {
            return new Kind(arm, scheme, size, matching, variant);
        }
    }

    /**
     * Of a study's table.
     *
     * @param asked what stands for robustness; DeepFool's median distance or what else there is where nothing is asked
     * @throws UsageException if the study has no such metric
     */
    static ParetoFront of(List<ResultRow> rows, Optional<Robustness> asked) {
        Robustness robustness = settled(rows, asked);
        Map<Kind, Double> robust = means(rows, row -> robustness.isIn(row));
        Map<Kind, Double> matchings = means(rows, row -> row.metric().equals("matchings"));
        Map<Kind, Double> accuracies = means(
                rows, row -> row.metric().equals("accuracy") && row.split().equals(Optional.of("test")));
        List<Point> points = new ArrayList<>();
        accuracies.forEach((kind, accuracy) -> {
            Double distance = robust.get(kind);
            if (distance != null) {
                points.add(new Point(
                        kind.arm,
                        kind.scheme,
                        kind.groupSize,
                        kind.matching,
                        kind.variant,
                        accuracy,
                        distance,
                        cost(kind, matchings),
                        false));
            }
        });
        return new ParetoFront(robustness, marked(points));
    }

    private static Robustness settled(List<ResultRow> rows, Optional<Robustness> asked) {
        List<Robustness> candidates = asked.map(List::of)
                .orElseGet(() -> USUAL.stream()
                        .map(metric -> new Robustness(metric, Optional.empty()))
                        .toList());
        for (Robustness candidate : candidates) {
            List<ResultRow> found = rows.stream().filter(candidate::isIn).toList();
            if (!found.isEmpty()) {
                Optional<BigDecimal> largest =
                        found.stream().flatMap(row -> row.at().stream()).max(Comparator.naturalOrder());
                return new Robustness(candidate.metric, largest);
            }
        }
        throw new UsageException("the study must have measured %s to be set against accuracy, has not"
                .formatted(asked.map(Robustness::label).orElse("one of " + String.join(", ", USUAL))));
    }

    /** In pixel space where there are two. */
    private static Map<Kind, Double> means(List<ResultRow> rows, Predicate<ResultRow> of) {
        Map<Kind, Double> means = new LinkedHashMap<>();
        rows.stream()
                .filter(of)
                .filter(row -> row.mean().isPresent())
                .sorted(Comparator.comparing(row -> !row.space().orElse("pixel").equals("pixel")))
                .forEach(row -> means.putIfAbsent(Kind.of(row), row.mean().orElseThrow()));
        return means;
    }

    /** Of a tree, those of all merges below it: so many of each smaller size as go into the group. */
    private static double cost(Kind kind, Map<Kind, Double> matchings) {
        boolean aligned = kind.scheme.startsWith("feature-ensemble") && kind.variant.isEmpty();
        if (aligned) {
            return kind.groupSize - 1.0; // each but the first with the first
        }
        double sum = matchings.getOrDefault(kind, 0.0);
        for (int size = 2; kind.scheme.equals("hierarchical") && size < kind.groupSize; size *= 2) {
            sum += matchings.getOrDefault(kind.of(size), 0.0) * kind.groupSize / size;
        }
        return sum;
    }

    private static List<Point> marked(List<Point> points) {
        List<Point> marked = new ArrayList<>();
        for (Point point : points) {
            boolean best = points.stream().noneMatch(other -> other.arm.equals(point.arm) && other.beats(point));
            marked.add(new Point(
                    point.arm,
                    point.scheme,
                    point.groupSize,
                    point.matching,
                    point.variant,
                    point.accuracy,
                    point.robustness,
                    point.matchings,
                    best));
        }
        marked.sort(Comparator.comparing((Point point) -> !point.arm.equals("main"))
                .thenComparing(Point::arm)
                .thenComparing(point -> !point.best)
                .thenComparing(Point::accuracy, Comparator.reverseOrder()));
        return marked;
    }

    /** As text, the front first. */
    void print(PrintWriter out) {
        TextTable table = new TextTable(
                "arm",
                "scheme",
                ">n",
                "matching",
                "variant",
                ">accuracy",
                ">" + robustness.label(),
                ">matchings",
                "best");
        for (Point point : points) {
            table.add(List.of(
                    point.arm,
                    point.scheme,
                    String.valueOf(point.groupSize),
                    point.matching,
                    point.variant,
                    String.format(Locale.ROOT, "%.4f", point.accuracy),
                    String.format(Locale.ROOT, "%.4f", point.robustness),
                    String.format(Locale.ROOT, "%.1f", point.matchings),
                    point.best ? "*" : ""));
        }
        table.print(out);
    }
}

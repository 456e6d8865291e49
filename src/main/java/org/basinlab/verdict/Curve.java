package org.basinlab.verdict;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.basinlab.study.Decision;
import org.basinlab.study.Specification;
import org.basinlab.verdict.ClaimTest.Finding;
import org.basinlab.workflow.Conclusion.Estimate;
import org.basinlab.workflow.Conclusion.Reading;
import org.basinlab.workflow.Conclusion.Side;

/** The specification curve: on which side of the claim every registered specification lies, the primary one first. */
record Curve(List<Point> points) {

    Curve {
        points = List.copyOf(points);
    }

    /** @param isOnSide whether every estimate lies on the claim's side, whatever its size */
    record Point(Reading reading, boolean isOnSide) {

        /**
         * @param parts what the specification measured, by part; without those that it did not
         * @param fault why its numbers cannot be computed
         */
        static Point of(
                Specification specification,
                Decision decision,
                Map<String, PartReading> parts,
                Optional<String> fault) {
            Map<String, Estimate> estimates = new LinkedHashMap<>();
            parts.forEach((name, part) ->
                    part.estimate().ifPresent(value -> estimates.put(name, estimate(value, part.interval()))));
            int n = parts.size() < decision.parts().size()
                    ? 0
                    : parts.values().stream()
                            .mapToInt(part -> part.units().count())
                            .min()
                            .orElse(0);
            boolean isMeasured = estimates.size() == decision.parts().size();
            Side side = isMeasured ? side(decision.together(), List.copyOf(parts.values())) : Side.NOT_MEASURED;
            Reading reading = new Reading(
                    specification.name(),
                    specification.assumption(),
                    specification.value(),
                    specification.control(),
                    estimates,
                    n,
                    side,
                    fault);
            return new Point(reading, isMeasured && parts.values().stream().allMatch(PartReading::isOnSide));
        }

        private static Estimate estimate(double value, Optional<Interval> interval) {
            return new Estimate(value, interval.map(Interval::low), interval.map(Interval::high));
        }

        private static Side side(Decision.Together together, List<PartReading> parts) {
            if (parts.stream().allMatch(PartReading::agrees)) {
                return Side.FOR;
            }
            boolean isAgainst = together == Decision.Together.ANY_AGAINST
                    ? parts.stream().anyMatch(PartReading::differs)
                    : parts.stream().allMatch(PartReading::differs);
            return isAgainst ? Side.AGAINST : Side.BETWEEN;
        }

        private boolean counts() {
            return !reading.control();
        }

        private boolean isMeasured() {
            return reading.side() != Side.NOT_MEASURED;
        }

        private boolean agrees(Finding finding) {
            return switch (finding) {
                case HOLDS -> reading.side() == Side.FOR;
                case HOLDS_SMALLER -> isOnSide;
                case FAILS -> reading.side() == Side.AGAINST;
                case OPEN -> false;
            };
        }
    }

    List<Reading> readings() {
        return points.stream().map(Point::reading).toList();
    }

    /** How many specifications there are, without those that answer a confound. */
    int size() {
        return (int) points.stream().filter(Point::counts).count();
    }

    /** How many registered specifications agree with what the primary one found; one that is not measured does not. */
    int agreeing(Finding finding) {
        return (int) points.stream()
                .filter(point -> point.counts() && point.agrees(finding))
                .count();
    }

    /** Whether at least 80 % agree. */
    boolean carries(Finding finding) {
        return 5 * agreeing(finding) >= 4 * size();
    }

    int unmeasured() {
        return (int) points.stream()
                .filter(point -> point.counts() && !point.isMeasured())
                .count();
    }

    /** Which assumptions those vary that were measured and do not agree; empty for one that varies none. */
    Set<Optional<String>> varied(Finding finding) {
        return points.stream()
                .filter(point -> point.counts() && point.isMeasured() && !point.agrees(finding))
                .map(point -> point.reading().assumption())
                .collect(Collectors.toSet());
    }

    /** The one assumption that every measured dissenter varies, if there is such. */
    Optional<String> explanation(Finding finding) {
        Set<Optional<String>> varied = varied(finding);
        return varied.size() == 1 ? varied.iterator().next() : Optional.empty();
    }
}

package org.basinlab.verdict;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.basinlab.study.Claim;
import org.basinlab.study.Decision;
import org.basinlab.verdict.ClaimTest.Finding;
import org.basinlab.workflow.Conclusion.Outcome;

/** Says in one sentence why a claim stands where it stands, with the numbers that led there. */
final class Wording {

    private static final int MOST_IN_A_SENTENCE = 4;

    private final ClaimCase of;
    private final Claim claim;
    private final double claimed;
    private final double denied;
    private final int family;

    Wording(ClaimCase of, double claimed, double denied, int family) {
        this.of = of;
        this.claim = of.measured().claim();
        this.claimed = claimed;
        this.denied = denied;
        this.family = family;
    }

    String reason(Outcome outcome, Finding finding) {
        return switch (outcome) {
            case NOT_RUN -> claim.awaits().orElse("the study does not measure its primary specification");
            case NOT_TESTABLE -> "nothing that could be measured would decide it as it is stated";
            case PROVISIONAL ->
                of.isTooSmall()
                        ? "needs %d units, this study has %d: %s"
                                .formatted(claim.minimum(), of.measured().planned(), numbers())
                        : of.standing().provisional() + numbers();
            case REPRODUCED -> "%s; adjusted p %s; %s".formatted(numbers(), p(claimed), agreement(finding));
            case SMALLER ->
                "on the claim's side, but smaller than the margin of %s: %s; adjusted p %s; %s"
                        .formatted(margins(), numbers(), p(claimed), agreement(finding));
            case CONTRADICTED ->
                "the opposite holds: %s; adjusted p %s; %s".formatted(numbers(), p(denied), agreement(finding));
            case DEPENDS ->
                "%s, but only %s, and what differs varies %s: %s"
                        .formatted(
                                found(finding),
                                agreement(finding),
                                of.curve().explanation(finding).orElseThrow(),
                                numbers());
            case INCONCLUSIVE -> inconclusive(finding);
        };
    }

    private String inconclusive(Finding finding) {
        if (of.measured().fault().isPresent()) {
            return numbers();
        }
        if (of.test().isEmpty()) {
            return "only %d of %d planned units count where at least %d are needed: %s%s"
                    .formatted(least(), of.measured().planned(), claim.minimum(), numbers(), detectable());
        }
        if (finding == Finding.OPEN) {
            return "neither the claim nor its opposite holds: %s; adjusted p %s, of the opposite %s%s"
                    .formatted(numbers(), p(claimed), p(denied), detectable());
        }
        return "%s, but only %s (%d not measured), and no single assumption explains it: %s%s"
                .formatted(found(finding), agreement(finding), of.curve().unmeasured(), numbers(), detectable());
    }

    private static String found(Finding finding) {
        return switch (finding) {
            case HOLDS -> "it holds by the primary specification";
            case HOLDS_SMALLER -> "it holds by the primary specification, smaller than the margin";
            case FAILS -> "its opposite holds by the primary specification";
            case OPEN -> "the primary specification decides nothing";
        };
    }

    private String agreement(Finding finding) {
        return "%d of %d specifications agree"
                .formatted(of.curve().agreeing(finding), of.curve().size());
    }

    private int least() {
        return of.parts().stream().mapToInt(part -> part.units().count()).min().orElse(0);
    }

    private String numbers() {
        Optional<String> fault = of.measured().fault();
        if (fault.isPresent()) {
            return "its numbers cannot be computed from what was measured: " + fault.get();
        }
        return isLong() ? counts() : of.parts().stream().map(this::numbers).collect(Collectors.joining("; "));
    }

    private boolean isLong() {
        return of.parts().size() > MOST_IN_A_SENTENCE;
    }

    /** {@code of 18 numbers, 6 [names] lie …}: whose intervals lie where, of more numbers than a sentence holds. */
    private String counts() {
        List<String> found = new ArrayList<>();
        found.add(named("lie on the claim's side with their whole interval", PartReading::holds));
        found.add(named("on the other", PartReading::fails));
        found.add(named("on neither", part -> !part.holds() && !part.fails()));
        int fewest = least();
        return "of %d numbers, %s; each over at least %d of %d units"
                .formatted(
                        of.parts().size(),
                        found.stream().filter(text -> !text.isEmpty()).collect(Collectors.joining(", ")),
                        fewest,
                        of.measured().planned());
    }

    private String named(String what, Predicate<PartReading> which) {
        List<String> names = of.parts().stream()
                .filter(which)
                .map(part -> part.part().name())
                .toList();
        return names.isEmpty() ? "" : "%d %s (%s)".formatted(names.size(), what, String.join(", ", names));
    }

    /** {@code accuracy +1.90 pp [+1.20, +2.60] over 23 of 24 units (1 failed), 21 on the claim's side}. */
    private String numbers(PartReading reading) {
        Decision.Part part = reading.part();
        String estimate = reading.estimate().isPresent()
                ? size(reading.estimate().getAsDouble(), part.scale())
                : "no finite estimate";
        String interval = reading.interval()
                .map(i -> " [%s, %s]".formatted(number(i.low(), part.scale()), number(i.high(), part.scale())))
                .orElse("");
        return "%s %s%s over %d of %d units%s%s"
                .formatted(
                        part.name(),
                        estimate,
                        interval,
                        reading.units().count(),
                        of.measured().planned(),
                        excluded(reading.units().excluded()),
                        side(reading));
    }

    private static String excluded(Map<String, Integer> excluded) {
        return excluded.isEmpty()
                ? ""
                : excluded.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    /** The share of pairs on the claim's side is the probability of superiority; Cliff's delta of pairs is twice it minus one. */
    private static String side(PartReading reading) {
        return switch (reading.part().type()) {
            case DIRECTION, TREND -> ", %d on the claim's side".formatted(reading.unitsOnSide());
            case VARIANCE, EQUIVALENCE, SHAPE, BARRIER -> "";
        };
    }

    private String margins() {
        return of.parts().stream()
                .map(reading -> size(reading.part().margin(), reading.part().scale()))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** For each kind of size and each scale one sentence, whose many sizes are told by the least and the largest. */
    private String detectable() {
        Map<List<String>, List<Double>> sizes = new LinkedHashMap<>();
        for (PartReading reading : of.parts()) {
            Decision.Part part = reading.part();
            reading.detectable(family)
                    .ifPresent(size -> sizes.computeIfAbsent(
                                    List.of(Detectable.words(part.type()), part.scale()), key -> new ArrayList<>())
                            .add(size));
        }
        StringBuilder words = new StringBuilder();
        sizes.forEach((kind, some) ->
                words.append("; ").append(kind.get(0)).append(" is ").append(sizes(some, kind.get(1))));
        return words.toString();
    }

    private static String sizes(List<Double> sizes, String scale) {
        return sizes.size() > MOST_IN_A_SENTENCE
                ? "between %s and %s"
                        .formatted(size(Collections.min(sizes), scale), size(Collections.max(sizes), scale))
                : sizes.stream().map(one -> size(one, scale)).collect(Collectors.joining(" and "));
    }

    private static String size(double value, String scale) {
        String number = number(value, scale);
        return scale.equals("accuracy") ? number + " pp" : number + " " + scale.replaceFirst(" \\(.*", "");
    }

    private static String number(double value, String scale) {
        return scale.equals("accuracy")
                ? String.format(Locale.ROOT, "%+.2f", 100 * value)
                : String.format(Locale.ROOT, "%+.3g", value);
    }

    private static String p(double p) {
        return p < 0.0001 ? String.format(Locale.ROOT, "%.1e", p) : String.format(Locale.ROOT, "%.4f", p);
    }
}

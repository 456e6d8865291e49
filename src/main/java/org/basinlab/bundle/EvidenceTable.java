package org.basinlab.bundle;

import java.util.Comparator;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The claims of the README: what was said, what was reported, what was measured, and the verdict, as Markdown. */
final class EvidenceTable {

    static final String NONE = "No verdicts come with this version yet.";

    private static final int DIGITS = 3;

    /** What has more numbers names them nowhere but on its card. */
    private static final int MOST_PARTS = 4;

    private final StringBuilder text = new StringBuilder();

    private EvidenceTable() {}

    /** The same for the same verdicts, whatever their order. */
    static String of(List<IssuedVerdict> items) {
        EvidenceTable table = new EvidenceTable();
        List<IssuedVerdict> sorted = items.stream()
                .sorted(Comparator.comparing(
                                (IssuedVerdict item) -> item.claim().paper().id())
                        .thenComparing(item -> letters(item.claim().id()))
                        .thenComparingInt(item -> number(item.claim().id()))
                        .thenComparing(item -> item.claim().id())
                        .thenComparingInt(IssuedVerdict::version))
                .toList();
        if (sorted.isEmpty()) {
            return NONE + "\n";
        }
        table.text.append("| claim | reported | measured | verdict |\n|---|---|---|---|\n");
        sorted.forEach(table::row);
        return table.text.toString();
    }

    private void row(IssuedVerdict item) {
        IssuedVerdict.Claimed claim = item.claim();
        String measured = measured(item.conclusion().parts(), claim);
        String verdict = item.conclusion().outcome()
                + item.conclusion().assumption().map(on -> " " + on).orElse("")
                + item.exploratory()
                        .map(why -> " (exploratory: %s)".formatted(why))
                        .orElse("");
        text.append("| **%s** %s | %s | %s | %s |%n"
                .formatted(
                        claim.id(),
                        cell(claim.wording()),
                        cell(claim.reported()),
                        measured.isEmpty() ? "–" : measured,
                        cell(verdict))
                .replace("\r", ""));
    }

    /** Of many parts how many lie on which side of zero: the card lists them. */
    private static String measured(List<IssuedVerdict.Part> parts, IssuedVerdict.Claimed claim) {
        if (parts.size() <= MOST_PARTS) {
            return parts.stream()
                    .map(part -> measured(part, claim, parts.size() > 1))
                    .collect(Collectors.joining("<br>"));
        }
        List<Double> estimates =
                parts.stream().flatMap(part -> part.estimate().stream()).toList();
        IntSummaryStatistics n = parts.stream().mapToInt(IssuedVerdict.Part::n).summaryStatistics();
        return "%d numbers, %d above 0, %d below, n = %s: `claims %s`"
                .formatted(
                        parts.size(),
                        estimates.stream().filter(value -> value > 0).count(),
                        estimates.stream().filter(value -> value < 0).count(),
                        n.getMin() == n.getMax()
                                ? Integer.toString(n.getMin())
                                : "%d to %d".formatted(n.getMin(), n.getMax()),
                        claim.id());
    }

    /** {@code -0.0123 [-0.0200, 0.0010], n = 12}; the brackets hold the interval that decides. */
    private static String measured(IssuedVerdict.Part part, IssuedVerdict.Claimed claim, boolean named) {
        String value = part.estimate().map(EvidenceTable::number).orElse("none");
        String interval = part.low()
                .flatMap(low -> part.high().map(high -> " [%s, %s]".formatted(number(low), number(high))))
                .orElse("");
        String scale = scale(claim, part.name()).map(name -> " " + cell(name)).orElse("");
        String name = named ? cell(part.name()) + ": " : "";
        return "%s%s%s%s, n = %d".formatted(name, value, interval, scale, part.n());
    }

    private static Optional<String> scale(IssuedVerdict.Claimed claim, String part) {
        return claim.decision().stream()
                .flatMap(decision -> decision.parts().stream())
                .filter(one -> one.name().equals(part))
                .map(IssuedVerdict.Scale::scale)
                .findFirst();
    }

    /** Three significant digits; the sign is a character that no line breaks after. */
    private static String number(double value) {
        if (value == 0 || !Double.isFinite(value)) {
            return value == 0 ? "0" : "none";
        }
        int places = Math.max(0, DIGITS - 1 - (int) Math.floor(Math.log10(Math.abs(value))));
        return String.format(Locale.ROOT, "%." + Math.min(places, 9) + "f", value)
                .replace('-', '−');
    }

    private static String cell(String words) {
        return words.replaceAll("\\s+", " ").strip().replace("|", "\\|");
    }

    private static String letters(String id) {
        return id.replaceAll("\\d.*", "");
    }

    private static int number(String id) {
        String digits = id.replaceAll("^\\D+", "").replaceAll("\\D.*", "");
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }
}

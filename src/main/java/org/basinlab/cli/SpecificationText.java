package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.basinlab.study.Decision;
import org.basinlab.verdict.ClaimCard;
import org.basinlab.workflow.Conclusion;

/** The specification curve of a claim, for a card: what comes out if one assumption is another. */
final class SpecificationText {

    private static final int LONGEST_NAME = 20;
    private static final int LEAST_ASSUMED = 24;

    private final List<String> parts;
    private final List<Conclusion.Reading> readings;

    SpecificationText(ClaimCard card) {
        this.readings = card.conclusion().specifications();
        this.parts = card.claim().decision().stream()
                .flatMap(decision -> decision.parts().stream())
                .map(Decision.Part::name)
                .toList();
    }

    void print(PrintWriter out) {
        List<Conclusion.Reading> counted =
                readings.stream().filter(reading -> !reading.control()).toList();
        long agree = counted.stream()
                .filter(reading -> reading.side() == Conclusion.Side.FOR)
                .count();
        out.println();
        out.println("Specifications: %d of %d on the claim's side".formatted(agree, counted.size()));
        int room = ClaimCardText.WIDTH - table(0).width();
        table(Math.max(LEAST_ASSUMED, room)).print(out);
        String controls = counted.size() < readings.size()
                ? "; (control): it answers a confound and counts neither for nor against"
                : "";
        ClaimCardText.lines(
                "+ for the claim, with the size that its margin asks for; − against it; · between" + controls, out);
        readings.forEach(
                reading -> reading.fault().ifPresent(fault -> ClaimCardText.lines("Not computed: " + fault, out)));
    }

    private TextTable table(int room) {
        TextTable table = new TextTable("", "name", "assumes instead", measured(), ">n", "side");
        for (Conclusion.Reading reading : readings) {
            List<String> assumed = room == 0 ? List.of("") : Paragraph.lines(assumed(reading), room);
            table.add(List.of(
                    reading.control() ? " " : mark(reading.side()),
                    Paragraph.cut(reading.name(), LONGEST_NAME),
                    Paragraph.cut(assumed.get(0), Math.max(1, room)),
                    estimates(reading),
                    reading.side() == Conclusion.Side.NOT_MEASURED ? "" : Integer.toString(reading.n()),
                    reading.control() ? "(control)" : side(reading.side())));
            assumed.stream()
                    .skip(1)
                    .forEach(line -> table.add(List.of("", "", Paragraph.cut(line, Math.max(1, room)), "", "", "")));
        }
        return table;
    }

    /** Names the numbers where there are several. */
    private String measured() {
        return parts.size() < 2 || parts.size() > PartsText.MOST_PARAGRAPHS ? "measured" : String.join(", ", parts);
    }

    private static String side(Conclusion.Side side) {
        return side == Conclusion.Side.NOT_MEASURED ? "not measured" : side.label();
    }

    private static String mark(Conclusion.Side side) {
        return switch (side) {
            case FOR -> "+";
            case AGAINST -> "−";
            case BETWEEN -> "·";
            case NOT_MEASURED -> " ";
        };
    }

    private static String assumed(Conclusion.Reading reading) {
        return reading.assumption()
                .map(assumption ->
                        "%s: %s".formatted(assumption, reading.value().orElse("")))
                .orElse("(primary)");
    }

    /** One with its interval; of several the numbers alone, in the order of the claim; of many how many are positive. */
    private String estimates(Conclusion.Reading reading) {
        Map<String, Conclusion.Estimate> estimates = reading.estimates();
        if (estimates.size() == 1) {
            Conclusion.Estimate only = estimates.values().iterator().next();
            return (Measured.number(only.value()) + " " + Measured.interval(only.low(), only.high())).strip();
        }
        if (estimates.size() > PartsText.MOST_PARAGRAPHS) {
            long positive = estimates.values().stream()
                    .filter(estimate -> estimate.value() > 0)
                    .count();
            return "%d of %d parts above 0".formatted(positive, estimates.size());
        }
        return parts.stream()
                .flatMap(part -> Optional.ofNullable(estimates.get(part)).stream())
                .map(estimate -> Measured.number(estimate.value()))
                .collect(Collectors.joining(", "));
    }
}

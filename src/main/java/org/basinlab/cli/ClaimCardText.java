package org.basinlab.cli;

import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.basinlab.study.Claim;
import org.basinlab.study.Decision;
import org.basinlab.verdict.ClaimCard;
import org.basinlab.workflow.Conclusion;

/** One claim in full, for a terminal of 100 columns. */
final class ClaimCardText {

    private static final int WIDTH = 100;
    private static final int LABEL = 12;

    private final ClaimCard card;
    private final Claim claim;
    private final Conclusion conclusion;

    ClaimCardText(ClaimCard card) {
        this.card = card;
        this.claim = card.claim();
        this.conclusion = card.conclusion();
    }

    void print(PrintWriter out) {
        printVerdict(out);
        out.println();
        printClaim(out);
        conclusion.parts().forEach(part -> printPart(part, out));
        if (!conclusion.specifications().isEmpty()) {
            printCurve(out);
        }
        if (!card.others().isEmpty()) {
            out.println();
            out.println("By other studies");
            card.others()
                    .forEach(other -> out.println("  %s  %s%s  %s"
                            .formatted(
                                    other.studyId().map(Object::toString).orElse(""),
                                    other.verdict(),
                                    other.exploratory().isPresent() ? " (exploratory)" : "",
                                    other.study().orElse(""))));
        }
        printQueries(out);
        out.println();
        lines(
                "In the words of ACM's badges (v1.1) \"reproduced\" here is a replication: by our own code, without the authors'"
                        + " artefacts.",
                out);
    }

    private void printVerdict(PrintWriter out) {
        out.println("%s  %s".formatted(claim.id(), card.verdict().toUpperCase(Locale.ROOT)));
        card.errors().forEach(error -> field("ERROR", error, out));
        lines(conclusion.reason(), out);
        card.study().ifPresent(study -> {
            field(
                    "study",
                    "%s (%s), version %d, %s"
                            .formatted(
                                    study.name(),
                                    study.id(),
                                    study.version(),
                                    study.state().toLowerCase(Locale.ROOT)),
                    out);
            study.issuedAt()
                    .ifPresent(at ->
                            field("issued", at.truncatedTo(ChronoUnit.SECONDS).toString(), out));
            study.exploratory().ifPresent(why -> field("exploratory", why + "; it confirms nothing", out));
        });
        if (card.reworded()) {
            field(
                    "wording",
                    "this program's register words or decides it otherwise by now; what the study registered is shown",
                    out);
        }
    }

    private void printClaim(PrintWriter out) {
        field("claim", claim.wording(), out);
        field(
                "source",
                "%s: %s %s, %s (%s); %s"
                        .formatted(
                                claim.source().label(),
                                claim.paper().id(),
                                claim.paper().version(),
                                claim.paper().title(),
                                claim.paper().authors(),
                                claim.place()),
                out);
        field("reported", claim.reported(), out);
        field("estimand", claim.estimand(), out);
        field("unit", claim.unit(), out);
        String planned = card.study()
                .map(study -> "; this study plans " + study.planned())
                .orElse("");
        field("minimum", "%d units%s".formatted(claim.minimum(), planned), out);
        if (claim.pilot()) {
            field("pilot", "an earlier, independent pilot looked at it; studies that confirm use fresh seeds", out);
        }
        claim.awaits().ifPresent(what -> field("awaits", what, out));
        items("rule", card.rule(), out);
        items("assumes", claim.assumptions(), out);
        items("confounds", claim.confounds(), out);
        items("controls", claim.controls(), out);
        field("digest", card.digest(), out);
    }

    private void printPart(Conclusion.Part part, PrintWriter out) {
        out.println();
        out.println("Part %s%s".formatted(part.name(), scale(part.name())));
        field(
                "measured",
                "%s, %.0f %% interval over units %s%s"
                        .formatted(
                                part.estimate().map(Measured::number).orElse("nothing"),
                                100 * part.level(),
                                or(Measured.interval(part.low(), part.high()), "none"),
                                part.imageLow().isPresent()
                                        ? ", with images drawn again as well "
                                                + Measured.interval(part.imageLow(), part.imageHigh())
                                        : ""),
                out);
        field("n", "%d units%s".formatted(part.n(), excluded(part.excluded())), out);
        part.p().ifPresent(p -> field("p", p(part, p), out));
        part.detectable()
                .ifPresent(size -> field(
                        "detectable",
                        "%s is the smallest effect that would have been found with a power of 0.8"
                                .formatted(Measured.number(size).replace("+", "")),
                        out));
    }

    private String p(Conclusion.Part part, double p) {
        return "for it %s%s%s%s; Holm over %d claims%s"
                .formatted(
                        Measured.p(p),
                        part.adjusted()
                                .map(adjusted -> ", adjusted " + Measured.p(adjusted))
                                .orElse(""),
                        part.against()
                                .map(against -> "; against it " + Measured.p(against))
                                .orElse(""),
                        part.againstAdjusted()
                                .map(adjusted -> ", adjusted " + Measured.p(adjusted))
                                .orElse(""),
                        conclusion.family(),
                        part.exact() ? ", all sign-flips counted" : ", a million sign-flips drawn");
    }

    private String scale(String part) {
        return claim.decision().stream()
                .flatMap(decision -> decision.parts().stream())
                .filter(one -> one.name().equals(part))
                .map(Decision.Part::scale)
                .map(scale -> " (%s)".formatted(scale))
                .findFirst()
                .orElse("");
    }

    private static String excluded(Map<String, Integer> excluded) {
        return excluded.isEmpty()
                ? ", none excluded"
                : "; excluded "
                        + excluded.entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(entry -> "%d (%s)".formatted(entry.getValue(), entry.getKey()))
                                .collect(Collectors.joining(", "));
    }

    private void printCurve(PrintWriter out) {
        long agree = conclusion.specifications().stream()
                .filter(reading -> reading.side() == Conclusion.Side.FOR)
                .count();
        out.println();
        out.println("Specifications: %d of %d on the claim's side"
                .formatted(agree, conclusion.specifications().size()));
        TextTable table = new TextTable("", "name", "assumes instead", "measured", ">n", "side");
        for (Conclusion.Reading reading : conclusion.specifications()) {
            table.add(List.of(
                    mark(reading.side()),
                    Paragraph.cut(reading.name(), 20),
                    Paragraph.cut(assumed(reading), 28),
                    Paragraph.cut(estimates(reading), 34),
                    reading.side() == Conclusion.Side.NOT_MEASURED ? "" : Integer.toString(reading.n()),
                    reading.side().label()));
        }
        table.print(out);
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

    /** One with its interval; of several the numbers alone. */
    private static String estimates(Conclusion.Reading reading) {
        if (reading.estimates().size() == 1) {
            Conclusion.Estimate only = reading.estimates().values().iterator().next();
            return (Measured.number(only.value()) + " " + Measured.interval(only.low(), only.high())).strip();
        }
        return reading.estimates().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> Measured.number(entry.getValue().value()))
                .collect(Collectors.joining(" "));
    }

    /** As they are to be copied: lines are not broken. */
    private void printQueries(PrintWriter out) {
        for (Conclusion.Part part : conclusion.parts()) {
            out.println();
            out.println("SQL of part %s; the SHA-256 of its rows is".formatted(part.name()));
            out.println("  " + part.digest());
            part.sql().strip().lines().forEach(line -> out.println("  " + line));
        }
    }

    private static void items(String label, List<String> items, PrintWriter out) {
        for (int i = 0; i < items.size(); i++) {
            field(i == 0 ? label : "", items.size() == 1 ? items.get(i) : "- " + items.get(i), out);
        }
    }

    private static void field(String label, String text, PrintWriter out) {
        List<String> lines = Paragraph.lines(text, WIDTH - LABEL);
        for (int i = 0; i < lines.size(); i++) {
            String indent = text.startsWith("- ") && i > 0 ? "  " : "";
            out.println("%-12s%s%s".formatted(i == 0 ? label : "", indent, lines.get(i)));
        }
    }

    private static void lines(String text, PrintWriter out) {
        Paragraph.lines(text, WIDTH).forEach(out::println);
    }

    private static String or(String text, String otherwise) {
        return text.isEmpty() ? otherwise : text;
    }
}

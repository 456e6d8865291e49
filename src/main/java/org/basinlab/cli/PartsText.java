package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.basinlab.study.Decision;
import org.basinlab.verdict.ClaimCard;
import org.basinlab.verdict.Detectable;
import org.basinlab.workflow.Conclusion;

/** The numbers by which a claim is decided, for a card: a paragraph each, or tables where they are more than four. */
final class PartsText {

    /** More than these are printed as tables, and their SQL only where it is asked for. */
    static final int MOST_PARAGRAPHS = 4;

    private static final int LEAST_NAME = 12;

    private final ClaimCard card;
    private final Conclusion conclusion;

    PartsText(ClaimCard card) {
        this.card = card;
        this.conclusion = card.conclusion();
    }

    void print(PrintWriter out) {
        List<Conclusion.Part> parts = conclusion.parts();
        if (parts.size() <= MOST_PARAGRAPHS) {
            parts.forEach(part -> paragraph(part, out));
            return;
        }
        Map<String, List<Conclusion.Part>> byScale =
                parts.stream().collect(Collectors.groupingBy(this::scale, LinkedHashMap::new, Collectors.toList()));
        byScale.forEach((scale, some) -> {
            out.println();
            ClaimCardText.lines(
                    "%s, measured in %s"
                            .formatted(some.size() == 1 ? "1 part" : some.size() + " parts", explained(scale)),
                    out);
            table(some, out);
            detectable(some, out);
        });
        out.println();
        if (parts.stream().allMatch(part -> part.excluded().isEmpty())) {
            ClaimCardText.field("n", "units that count, of %s; none excluded".formatted(planned()), out);
        } else {
            ClaimCardText.items("excluded", excluded(parts), out);
        }
        parts.stream().filter(part -> part.p().isPresent()).findFirst().ifPresent(part -> {
            String all = "of each part by itself, %s; adjusted for the claim: %s"
                    .formatted(counted(parts.stream().allMatch(Conclusion.Part::exact)), adjusted(part));
            ClaimCardText.field("p", all, out);
        });
    }

    private void paragraph(Conclusion.Part part, PrintWriter out) {
        String scale = scale(part);
        out.println();
        ClaimCardText.lines("Part %s%s".formatted(part.name(), scale.isEmpty() ? "" : ", in " + explained(scale)), out);
        String images = part.imageLow().isPresent()
                ? "; with images drawn again as well " + Measured.interval(part.imageLow(), part.imageHigh())
                : "";
        String interval = Measured.interval(part.low(), part.high());
        ClaimCardText.field(
                "measured",
                "%s, %.0f %% interval over units %s%s"
                        .formatted(
                                part.estimate().map(Measured::number).orElse("nothing"),
                                100 * part.level(),
                                interval.isEmpty() ? "none" : interval,
                                images),
                out);
        ClaimCardText.field("n", "%d of %s%s".formatted(part.n(), planned(), reasons(part.excluded())), out);
        part.p()
                .ifPresent(p -> ClaimCardText.field(
                        "p",
                        "%s, %s; adjusted: %s"
                                .formatted(
                                        part.against()
                                                .filter(against -> !against.equals(p))
                                                .map(against -> "for the claim %s, against it %s"
                                                        .formatted(Measured.p(p), Measured.p(against)))
                                                .orElse(Measured.p(p) + ", two-sided"),
                                        counted(part.exact()),
                                        adjusted(part)),
                        out));
        part.detectable()
                .ifPresent(size ->
                        ClaimCardText.field("detectable", "%s is %s".formatted(unsigned(size), sizeOf(part)), out));
    }

    private void table(List<Conclusion.Part> parts, PrintWriter out) {
        int longest =
                parts.stream().mapToInt(part -> part.name().length()).max().orElse(0);
        int excess = table(parts, longest).width() - ClaimCardText.WIDTH;
        table(parts, excess <= 0 ? longest : Math.max(LEAST_NAME, longest - excess))
                .print(out);
    }

    private static TextTable table(List<Conclusion.Part> parts, int longest) {
        boolean withImages = parts.stream().anyMatch(part -> part.imageLow().isPresent());
        boolean withP = parts.stream().anyMatch(part -> part.p().isPresent());
        List<String> headings = new ArrayList<>(List.of("part", ">measured", "95 % interval"));
        if (withImages) {
            headings.add("with images");
        }
        headings.add(">n");
        if (withP) {
            headings.addAll(List.of(">p for", ">against"));
        }
        TextTable table = new TextTable(headings.toArray(String[]::new));
        for (Conclusion.Part part : parts) {
            List<String> cells = new ArrayList<>(List.of(
                    Paragraph.cut(part.name(), longest),
                    part.estimate().map(Measured::number).orElse("–"),
                    bare(part.low(), part.high())));
            if (withImages) {
                cells.add(bare(part.imageLow(), part.imageHigh()));
            }
            cells.add(Integer.toString(part.n()));
            if (withP) {
                cells.add(part.p().map(Measured::p).orElse(""));
                cells.add(part.against().map(Measured::p).orElse(""));
            }
            table.add(cells);
        }
        return table;
    }

    /** An interval without brackets, which a table has no room for. */
    private static String bare(Optional<Double> low, Optional<Double> high) {
        String interval = Measured.interval(low, high);
        return interval.isEmpty() ? "" : interval.substring(1, interval.length() - 1);
    }

    private void detectable(List<Conclusion.Part> parts, PrintWriter out) {
        Map<String, List<Double>> byKind = new LinkedHashMap<>();
        parts.forEach(part -> part.detectable()
                .ifPresent(size -> byKind.computeIfAbsent(sizeOf(part), kind -> new ArrayList<>())
                        .add(size)));
        byKind.forEach((kind, sizes) -> {
            String least = unsigned(Collections.min(sizes));
            String largest = unsigned(Collections.max(sizes));
            String range = least.equals(largest) ? least : "%s to %s".formatted(least, largest);
            ClaimCardText.lines("Of each part, %s: %s.".formatted(kind, range), out);
        });
    }

    /** What the size of a part's {@code detectable} is the size of. */
    private String sizeOf(Conclusion.Part part) {
        return decided(part)
                .map(Decision.Part::type)
                .map(Detectable::words)
                .orElse("what would have been found (power 0.8)");
    }

    private Optional<Decision.Part> decided(Conclusion.Part part) {
        return card.claim().decision().stream()
                .flatMap(decision -> decision.parts().stream())
                .filter(one -> one.name().equals(part.name()))
                .findFirst();
    }

    private String planned() {
        return card.study()
                .map(study -> "%d planned units".formatted(study.planned()))
                .orElse("all units");
    }

    private static List<String> excluded(List<Conclusion.Part> parts) {
        Map<String, List<String>> names = new LinkedHashMap<>();
        parts.stream()
                .filter(part -> !part.excluded().isEmpty())
                .forEach(part -> names.computeIfAbsent(counts(part.excluded()), key -> new ArrayList<>())
                        .add(part.name()));
        return names.entrySet().stream()
                .map(entry -> entry.getValue().size() == parts.size()
                        ? "%s in every part".formatted(entry.getKey())
                        : "%s in %s".formatted(entry.getKey(), String.join(", ", entry.getValue())))
                .toList();
    }

    private static String reasons(Map<String, Integer> excluded) {
        return excluded.isEmpty() ? ", none excluded" : "; excluded " + counts(excluded);
    }

    private static String counts(Map<String, Integer> excluded) {
        return excluded.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> "%d (%s)".formatted(entry.getValue(), entry.getKey()))
                .collect(Collectors.joining(", "));
    }

    private static String counted(boolean exact) {
        return exact ? "all sign-flips counted" : "a million sign-flips drawn";
    }

    /** The claim's p: of its weakest part, by Holm. */
    private String adjusted(Conclusion.Part part) {
        String family = conclusion.family() == 1
                ? "the only claim of this paper in the study"
                : "by Holm over the %d claims of this paper in the study".formatted(conclusion.family());
        return "%s for, %s against, %s"
                .formatted(
                        part.adjusted().map(Measured::p).orElse("–"),
                        part.againstAdjusted().map(Measured::p).orElse("–"),
                        family);
    }

    private String scale(Conclusion.Part part) {
        return decided(part).map(Decision.Part::scale).orElse("");
    }

    /** The scale, with a size that people know where the number alone says little. */
    private static String explained(String scale) {
        if (scale.startsWith("accuracy") || scale.equals("relative accuracy")) {
            return scale + " (0.01 is one percentage point)";
        }
        return scale.startsWith("log ratio") ? scale + " (0.0488 is 5 % more, 0.0953 is 10 %)" : scale;
    }

    private static String unsigned(double size) {
        return Measured.number(size).replace("+", "");
    }
}

package org.basinlab.cli;

import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.basinlab.study.Claim;
import org.basinlab.verdict.ClaimCard;
import org.basinlab.workflow.Conclusion;

/** One claim in full, for a terminal of 100 columns. */
final class ClaimCardText {

    static final int WIDTH = 100;
    private static final int LABEL = 12;

    /** Of a study that lost many each is told by {@code checkpoint verify}. */
    private static final int MOST_DAMAGED = 3;

    private static final int SHOWN_OF_A_DIGEST = 16;

    private final ClaimCard card;
    private final Claim claim;
    private final Conclusion conclusion;
    private final boolean withSql;

    /** @param withSql whether the SQL of a claim with many parts is printed as well */
    ClaimCardText(ClaimCard card, boolean withSql) {
        this.card = card;
        this.withSql = withSql;
        this.claim = card.claim();
        this.conclusion = card.conclusion();
    }

    void print(PrintWriter out) {
        printVerdict(out);
        out.println();
        printClaim(out);
        new PartsText(card).print(out);
        if (!conclusion.specifications().isEmpty()) {
            new SpecificationText(card).print(out);
        } else if (!claim.specifications().isEmpty()) {
            new NeedsText(claim, withSql).print(out);
        }
        if (!card.others().isEmpty()) {
            out.println();
            out.println("By other studies");
            card.others()
                    .forEach(other -> out.println(Paragraph.cut(
                            "  %s  %s%s  %s"
                                    .formatted(
                                            other.studyId()
                                                    .map(Object::toString)
                                                    .orElse(""),
                                            other.verdict(),
                                            other.exploratory().isPresent() ? " (exploratory)" : "",
                                            other.study().orElse("")),
                            WIDTH)));
        }
        printQueries(out);
        printWords(out);
        out.println();
        lines(
                "In the words of ACM's badges (v1.1) \"reproduced\" here is a replication: by our own code, without the authors'"
                        + " artefacts.",
                out);
    }

    private void printVerdict(PrintWriter out) {
        boolean isExploratory =
                card.study().flatMap(ClaimCard.MeasuredBy::exploratory).isPresent();
        out.println("%s  %s%s"
                .formatted(claim.id(), card.verdict().toUpperCase(Locale.ROOT), isExploratory ? " (exploratory)" : ""));
        card.errors().forEach(error -> field("ERROR", error, out));
        card.stale().stream().limit(MOST_DAMAGED).forEach(sha256 -> printDamaged(sha256, out));
        if (card.stale().size() > MOST_DAMAGED) {
            field(
                    "",
                    "and %d more: basinlab checkpoint verify --study %s"
                            .formatted(
                                    card.stale().size() - MOST_DAMAGED,
                                    card.study()
                                            .map(study -> study.id().toString())
                                            .orElse("ID")),
                    out);
        }
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

    private static void printDamaged(String sha256, PrintWriter out) {
        field("STALE", "a network of its evidence is damaged: checkpoint %s, restore it with".formatted(sha256), out);
        // To be copied in one piece.
        out.println("%-12s%s".formatted("", "basinlab checkpoint restore " + sha256.substring(0, SHOWN_OF_A_DIGEST)));
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
        field("minimum", "at least %d units%s".formatted(claim.minimum(), planned), out);
        if (claim.pilot()) {
            field("pilot", "an earlier, independent pilot looked at it; studies that confirm use fresh seeds", out);
        }
        claim.awaits().ifPresent(what -> field("awaits", what, out));
        items("rule", card.rule(), out);
        items("assumes", claim.assumptions(), out);
        items("confounds", claim.confounds(), out);
        items("controls", claim.controls(), out);
        field("digest", card.digest() + " (SHA-256 of wording, rule, margins and queries)", out);
    }

    /** Of a card with numbers: what its words mean. */
    private void printWords(PrintWriter out) {
        if (conclusion.parts().isEmpty()) {
            return;
        }
        boolean withImages =
                conclusion.parts().stream().anyMatch(part -> part.imageLow().isPresent());
        String images =
                withImages ? ". The one that draws images again as well stands beside it and decides nothing" : "";
        out.println();
        out.println("Words");
        field("interval", "a bootstrap (BCa) over independent units; it decides, together with p" + images, out);
        List<Conclusion.Part> tested =
                conclusion.parts().stream().filter(part -> part.p().isPresent()).toList();
        if (!tested.isEmpty()) {
            field(
                    "p",
                    flips(tested)
                            + "; adjusted by Holm, since a study that tests many claims would find some by chance",
                    out);
        }
        field("more", "docs/claims.md has the rules; claims %s --json has every number".formatted(claim.id()), out);
    }

    private static String flips(List<Conclusion.Part> tested) {
        if (tested.stream().allMatch(Conclusion.Part::exact)) {
            return "of exact two-sided sign-flips over units";
        }
        return tested.stream().noneMatch(Conclusion.Part::exact)
                ? "of two-sided sign-flips over units, a million drawn by seed since all are too many to count"
                : "of two-sided sign-flips over units, all of them or, where they are too many to count, a million drawn by seed";
    }

    /** As they are to be copied: lines are not broken. */
    private void printQueries(PrintWriter out) {
        int parts = conclusion.parts().size();
        if (parts > PartsText.MOST_PARAGRAPHS && !withSql) {
            out.println();
            out.println("SQL of %d parts: claims %s --sql".formatted(parts, claim.id()));
            return;
        }
        for (Conclusion.Part part : conclusion.parts()) {
            out.println();
            out.println("SQL of part %s; the SHA-256 of its rows is".formatted(part.name()));
            out.println("  " + part.digest());
            part.sql().strip().lines().forEach(line -> out.println("  " + line));
        }
    }

    static void items(String label, List<String> items, PrintWriter out) {
        for (int i = 0; i < items.size(); i++) {
            field(i == 0 ? label : "", items.size() == 1 ? items.get(i) : "- " + items.get(i), out);
        }
    }

    static void field(String label, String text, PrintWriter out) {
        String hanging = text.startsWith("- ") ? "  " : "";
        List<String> lines = Paragraph.lines(text, WIDTH - LABEL - hanging.length());
        for (int i = 0; i < lines.size(); i++) {
            out.println("%-12s%s%s".formatted(i == 0 ? label : "", i == 0 ? "" : hanging, lines.get(i)));
        }
    }

    static void lines(String text, PrintWriter out) {
        Paragraph.lines(text, WIDTH).forEach(out::println);
    }
}

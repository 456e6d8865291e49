package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.basinlab.study.Claim;
import org.basinlab.study.Specification;

/** What a study must measure for a claim, for the card of one that none has measured: who writes such a study needs it. */
final class NeedsText {

    private static final int MOST_NEEDS = 8;

    private final Claim claim;
    private final boolean withSql;

    /** @param withSql whether the queries of the primary specification are printed as well */
    NeedsText(Claim claim, boolean withSql) {
        this.claim = claim;
        this.withSql = withSql;
    }

    void print(PrintWriter out) {
        out.println();
        out.println("Specifications, and what a study must measure for each (docs/studies.md has the keys)");
        for (Specification specification : claim.specifications()) {
            String assumed = specification
                    .assumption()
                    .map(assumption ->
                            "%s: %s".formatted(assumption, specification.value().orElse("")))
                    .orElse("primary");
            String control = specification.control() ? " (control)" : "";
            ClaimCardText.lines("%s%s, %s".formatted(specification.name(), control, assumed), out);
            needs(specification, out);
        }
        if (withSql) {
            claim.primary()
                    .ifPresent(primary -> primary.queries().entrySet().stream()
                            .sorted(Map.Entry.comparingByKey())
                            .forEach(query -> query(query.getKey(), query.getValue(), out)));
        } else {
            out.println("SQL of its units: claims %s --sql".formatted(claim.id()));
        }
    }

    /** Of the others only what the primary one does not need. */
    private void needs(Specification specification, PrintWriter out) {
        List<Specification.Need> known = claim.primary()
                .filter(primary -> !primary.equals(specification))
                .map(Specification::needs)
                .orElse(List.of());
        List<String> needs = specification.needs().stream()
                .filter(need -> !known.contains(need))
                .map(NeedsText::need)
                .distinct()
                .toList();
        ClaimCardText.items("", needs.subList(0, Math.min(MOST_NEEDS, needs.size())), out);
        if (needs.size() > MOST_NEEDS) {
            ClaimCardText.field(
                    "",
                    "and %d more: claims %s --json has them all".formatted(needs.size() - MOST_NEEDS, claim.id()),
                    out);
        }
    }

    private static String need(Specification.Need need) {
        StringBuilder text = new StringBuilder(need.metric());
        need.at().ifPresent(at -> text.append(" at ").append(at));
        need.space().ifPresent(space -> text.append(" in ").append(space).append(" space"));
        need.split().ifPresent(split -> text.append(" on ").append(split).append(" images"));
        text.append(" of ").append(need.scheme());
        if (need.groupSize() > 1) {
            text.append(" networks of ").append(need.groupSize());
        }
        need.variant()
                .filter(variant -> !variant.isEmpty())
                .ifPresent(variant -> text.append(", ").append(variant));
        return text.append(", arm ").append(need.arm()).toString();
    }

    /** As it is to be copied: lines are not broken. */
    private static void query(String part, String sql, PrintWriter out) {
        out.println();
        out.println("SQL of part %s; {study} is the id of a study between apostrophes".formatted(part));
        out.println(sql.strip().lines().map(line -> "  " + line).collect(Collectors.joining(System.lineSeparator())));
    }
}

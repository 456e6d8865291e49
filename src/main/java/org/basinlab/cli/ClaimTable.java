package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.basinlab.study.Claim;
import org.basinlab.study.ClaimRegister;
import org.basinlab.verdict.ClaimLine;

/** How claims stand, for a terminal of 120 columns: a table for each paper, a line for each number of a claim. */
final class ClaimTable {

    private static final int WIDTH = 120;
    private static final int LONGEST_REPORTED = 12;
    private static final int LEAST_WORDING = 15;
    private static final int LONGEST_VERDICT = 23;
    private static final int LONGEST_PART = 9;

    /** What has more numbers shows them on its card. */
    private static final int MOST_PARTS = 4;

    private static final int SHOWN_OF_AN_ID = 8;

    private final List<ClaimLine> lines;
    private final boolean withStudy;

    /** @param withStudy whether they may be of several studies */
    ClaimTable(List<ClaimLine> lines, boolean withStudy) {
        this.lines = lines;
        this.withStudy = withStudy;
    }

    void print(PrintWriter out) {
        Map<String, List<ClaimLine>> papers = lines.stream()
                .collect(Collectors.groupingBy(ClaimLine::paper, LinkedHashMap::new, Collectors.toList()));
        papers.forEach((paper, some) -> {
            out.println(paper);
            print(some, out);
            out.println();
        });
        lines.forEach(line -> line.error().ifPresent(error -> out.println("ERROR  " + error)));
        lines.stream()
                .filter(ClaimLine::stale)
                .forEach(line ->
                        out.println("STALE  %s: a network of its evidence is damaged, basinlab claims %s names it"
                                .formatted(line.id(), line.id())));
        out.println(
                "measured: over independent units, with the interval over units that decides; n: units that count, of those planned");
        if (lines.stream().anyMatch(line -> line.exploratory().isPresent())) {
            out.println(
                    "* exploratory: it was looked at before it was registered, or only to look around; it confirms nothing");
        }
        if (withStudy) {
            Set<String> studies = new LinkedHashSet<>();
            lines.forEach(line -> line.studyId()
                    .ifPresent(id -> studies.add(
                            "%s  %s".formatted(shown(id), line.study().orElse("")))));
            studies.forEach(study -> out.println("by " + study));
        }
        out.println("One of them in full: basinlab claims ID");
    }

    private void print(List<ClaimLine> some, PrintWriter out) {
        int wording = LEAST_WORDING;
        TextTable table = table(some, wording);
        wording += Math.max(0, WIDTH - table.width());
        table = table(some, wording);
        // A text that is cut before a space is narrower than its room, so that the others may take too much.
        while (table.width() > WIDTH && wording > LEAST_WORDING) {
            wording--;
            table = table(some, wording);
        }
        table.print(out);
    }

    private TextTable table(List<ClaimLine> some, int wording) {
        List<String> headings = new ArrayList<>(List.of("id", "claim", "reported", "measured", ">n", "verdict"));
        if (withStudy) {
            headings.add("by");
        }
        TextTable table = new TextTable(headings.toArray(String[]::new));
        some.forEach(line -> rows(line, wording).forEach(table::add));
        return table;
    }

    private List<List<String>> rows(ClaimLine line, int wording) {
        boolean isLong = line.parts().size() > MOST_PARTS;
        List<ClaimLine.Part> shown = isLong ? List.of() : line.parts();
        List<List<String>> rows = new ArrayList<>();
        rows.add(cells(
                line.id(),
                Paragraph.cut(line.wording(), wording),
                Paragraph.cut(line.reported().replaceFirst(" \\(.*", ""), LONGEST_REPORTED),
                isLong
                        ? "%d numbers: claims %s".formatted(line.parts().size(), line.id())
                        : shown.stream()
                                .findFirst()
                                .map(part -> measured(line, part))
                                .orElse(""),
                line.planned() == 0 ? "" : "%d/%d".formatted(least(line), line.planned()),
                Paragraph.cut(line.error().isPresent() ? "ERROR" : verdict(line), LONGEST_VERDICT)
                        + (line.exploratory().isPresent() ? " *" : ""),
                line.studyId().map(ClaimTable::shown).orElse("")));
        shown.stream().skip(1).forEach(part -> {
            String n = "%d/%d".formatted(part.n(), line.planned());
            rows.add(cells("", "", "", measured(line, part), n, "", ""));
        });
        return rows;
    }

    /** What this version cannot measure is no matter of running something. */
    private static String verdict(ClaimLine line) {
        boolean awaits = line.studyId().isEmpty()
                && ClaimRegister.shipped()
                        .find(line.id())
                        .flatMap(Claim::awaits)
                        .isPresent();
        return awaits ? "not measurable yet" : line.verdict();
    }

    /** Of its first number; of many numbers, of the one with the fewest. */
    private static int least(ClaimLine line) {
        return line.parts().size() > MOST_PARTS
                ? line.parts().stream().mapToInt(ClaimLine.Part::n).min().orElse(0)
                : line.n();
    }

    private List<String> cells(String... cells) {
        return List.of(cells).subList(0, withStudy ? cells.length : cells.length - 1);
    }

    private static String measured(ClaimLine line, ClaimLine.Part part) {
        String name = line.parts().size() > 1 ? Paragraph.cut(part.name(), LONGEST_PART) + " " : "";
        String number = part.measured().map(Measured::number).orElse("–");
        return (name + number + " " + Measured.interval(part.low(), part.high())).strip();
    }

    private static String shown(UUID study) {
        return study.toString().substring(0, SHOWN_OF_AN_ID);
    }
}

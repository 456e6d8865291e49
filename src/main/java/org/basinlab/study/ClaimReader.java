package org.basinlab.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a file of the register: a paper or repository, and its claims. */
final class ClaimReader {

    private static final Keys FILE = Keys.of("a file of claims", "paper", "claims");
    private static final Keys PAPER = Keys.of("a paper", "id", "version", "title", "authors");
    private static final Keys CLAIM = Keys.of(
            "a claim",
            "source",
            "place",
            "wording",
            "estimand",
            "unit",
            "reported",
            "minimum",
            "pilot",
            "confounds",
            "controls",
            "assumptions",
            "decision",
            "groupSize",
            "parameters",
            "needs",
            "queries",
            "images",
            "specifications",
            "awaits");
    private static final int USUAL_MINIMUM = 12;
    private static final int LONGEST = 2_000;

    private ClaimReader() {}

    /**
     * The claims of one file, in its order.
     *
     * @param source name of the text for messages
     * @throws SpecificationException at the first thing that cannot be taken, with its line, column and key
     */
    static List<Claim> read(String text, String source) {
        Section root = Section.of(YamlText.read(text, source), "", FILE);
        Section paper = root.get("paper").section(PAPER);
        Claim.Publication publication = new Claim.Publication(
                line(paper.get("id")),
                line(paper.get("version")),
                line(paper.get("title")),
                line(paper.get("authors")));
        Value claims = root.get("claims");
        List<Claim> read = new ArrayList<>();
        for (Map.Entry<String, YamlValue.Field> entry : claims.fields().byKey().entrySet()) {
            String path = claims.path() + "." + YamlValue.shown(entry.getKey());
            if (!entry.getKey().matches("[A-Z][0-9]{1,3}[a-z]?")) {
                throw entry.getValue()
                        .keyAt()
                        .refuse(
                                path,
                                "a claim must be named by a capital letter and a number, such as H1, was '%s'"
                                        .formatted(YamlValue.shown(entry.getKey())));
            }
            read.add(claim(
                    entry.getKey(), publication, new Value(entry.getValue().value(), path).section(CLAIM)));
        }
        if (read.isEmpty()) {
            throw claims.refuse("must have at least one claim, was empty");
        }
        return read;
    }

    private static Claim claim(String id, Claim.Publication paper, Section section) {
        Optional<String> awaits = section.find("awaits").map(ClaimReader::line);
        Optional<Decision> decision = awaits.isPresent()
                ? section.find("decision").flatMap(DecisionReader::read)
                : DecisionReader.read(section.get("decision"));
        List<Specification> specifications = List.of();
        if (awaits.isEmpty() && decision.isPresent()) {
            specifications = SpecificationReader.read(section, decision.get());
        } else {
            requireUnmeasured(id, section);
        }
        return new Claim(
                id,
                paper,
                section.get("source").choice(List.of(Claim.Source.values()), Claim.Source::label),
                line(section.get("place")),
                line(section.get("wording")),
                line(section.get("estimand")),
                line(section.get("unit")),
                line(section.get("reported")),
                section.find("minimum").map(value -> value.integer(1, 100_000)).orElse(USUAL_MINIMUM),
                section.find("pilot").map(Value::truth).orElse(false),
                lines(section.get("confounds"), 1),
                lines(section.get("controls"), 0),
                section.find("assumptions").map(value -> lines(value, 0)).orElse(List.of()),
                decision,
                specifications,
                awaits);
    }

    /** What is not measured yet has no queries that nobody runs. */
    private static void requireUnmeasured(String id, Section section) {
        for (String key : SpecificationReader.KEYS) {
            section.find(key).ifPresent(value -> {
                throw value.refuse(
                        "must be left out where a claim (%s) awaits something or is not testable".formatted(id));
            });
        }
    }

    private static List<String> lines(Value value, int least) {
        List<String> lines = value.items("a list of sentences").stream()
                .map(ClaimReader::line)
                .toList();
        if (lines.size() < least) {
            throw value.refuse("must have at least %d, had %d".formatted(least, lines.size()));
        }
        return lines;
    }

    /** A text in one line, whatever the lines that it is written in. */
    static String line(Value value) {
        String line = value.text().replaceAll("\\s+", " ").strip();
        if (line.isEmpty() || line.length() > LONGEST || line.matches(".*\\p{Cntrl}.*")) {
            throw value.refuse(
                    "must have 1 to %d characters and no control characters, had %d".formatted(LONGEST, line.length()));
        }
        return line;
    }
}

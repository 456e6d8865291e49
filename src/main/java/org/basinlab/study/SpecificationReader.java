package org.basinlab.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.Split;

/** Reads how a claim is measured: the primary specification, and those that differ from it in one assumption. */
final class SpecificationReader {

    static final List<String> KEYS = List.of("groupSize", "parameters", "needs", "queries", "images", "specifications");

    private static final Keys SPECIFICATION =
            Keys.of("a specification", "assumption", "value", "parameters", "groupSize", "needs", "queries");
    private static final Keys NEED =
            Keys.of("a need", "arm", "scheme", "groupSize", "variant", "metric", "space", "at", "split");
    private static final int MOST_NEEDS = 100;
    private static final String ARM = "arm";

    private final Section claim;
    private final List<String> parts;
    private final Parameters parameters;

    /** @param parts names of the parts of the claim's decision */
    private SpecificationReader(Section claim, List<String> parts) {
        this.claim = claim;
        this.parts = parts;
        this.parameters = claim.find("parameters").map(Parameters.none()::with).orElse(Parameters.none());
    }

    /** The primary one first. */
    static List<Specification> read(Section claim, Decision decision) {
        List<String> parts = decision.parts().stream().map(Decision.Part::name).toList();
        return new SpecificationReader(claim, parts).read();
    }

    private List<Specification> read() {
        List<Specification> specifications = new ArrayList<>();
        Specification primary =
                specification("primary", Optional.empty(), Optional.empty(), parameters, Optional.empty());
        claim.find("parameters").ifPresent(parameters::requireUsed);
        for (String part : parts) {
            DecisionReader.parameters(claim.get("decision"), part).ifPresent(parameters::requireUsed);
        }
        specifications.add(primary);
        claim.find("specifications")
                .ifPresent(value -> value.fields()
                        .byKey()
                        .forEach((name, field) -> specifications.add(varied(
                                name,
                                new Value(field.value(), value.path() + "." + YamlValue.shown(name)),
                                field.keyAt(),
                                specifications))));
        return specifications;
    }

    private Specification varied(String name, Value value, Position at, List<Specification> before) {
        if (!name.matches("[a-z0-9][a-z0-9.-]{0,59}") || name.equals("primary")) {
            throw at.refuse(
                    value.path(),
                    "%s must be named by lower-case letters, digits, dots and hyphens, and not primary"
                            .formatted(value.path()));
        }
        Section section = value.section(SPECIFICATION);
        Optional<String> assumption = Optional.of(ClaimReader.line(section.get("assumption")));
        Optional<String> assumed = Optional.of(ClaimReader.line(section.get("value")));
        Optional<Value> changed = section.find("parameters");
        Parameters own = changed.map(parameters::with).orElse(parameters);
        Specification read = specification(name, assumption, assumed, own, Optional.of(section));
        // A replaced query need not use what the claim's own do; what is changed here must change something.
        changed.ifPresent(own::requireUsed);
        for (Specification other : before) {
            if (other.groupSize() == read.groupSize()
                    && other.needs().equals(read.needs())
                    && other.queries().equals(read.queries())) {
                throw at.refuse(
                        value.path(), "%s must differ from %s in something".formatted(value.path(), other.name()));
            }
            if (other.assumption().equals(assumption) && other.value().equals(assumed)) {
                throw at.refuse(
                        value.path(),
                        "%s must have an assumption and a value that no other has, %s has them"
                                .formatted(value.path(), other.name()));
            }
        }
        return read;
    }

    private Specification specification(
            String name, Optional<String> assumption, Optional<String> value, Parameters own, Optional<Section> over) {
        Value size = over.flatMap(section -> section.find("groupSize")).orElseGet(() -> claim.get("groupSize"));
        Value needs = over.flatMap(section -> section.find("needs")).orElseGet(() -> claim.get("needs"));
        return new Specification(
                name,
                assumption,
                value,
                own.integer(size, 1, MergeScheme.LARGEST_GROUP),
                own.textOf(ARM).orElse(Arm.MAIN),
                needs(needs, own),
                queries(own, over),
                over.isEmpty() ? images(own) : Map.of());
    }

    private List<Specification.Need> needs(Value value, Parameters own) {
        List<Value> items = value.items("a list of needs");
        if (items.isEmpty() || items.size() > MOST_NEEDS) {
            throw value.refuse("must have 1 to %d needs, had %d".formatted(MOST_NEEDS, items.size()));
        }
        return items.stream().map(item -> need(item.section(NEED), own)).toList();
    }

    private static Specification.Need need(Section section, Parameters own) {
        return new Specification.Need(
                section.find(ARM).map(own::text).orElseGet(() -> own.textOf(ARM).orElse(Arm.MAIN)),
                known(section.get("scheme"), own, MeasuredNames.SCHEMES, "scheme"),
                section.find("groupSize")
                        .map(value -> own.integer(value, 1, MergeScheme.LARGEST_GROUP))
                        .orElse(1),
                section.find("variant").map(own::text),
                known(section.get("metric"), own, MeasuredNames.METRICS, "metric"),
                section.find("space").map(value -> label(value, own, InputSpace.values(), InputSpace::label)),
                section.find("at").map(own::decimal),
                section.find("split").map(value -> label(value, own, Split.values(), Split::label)));
    }

    private static String known(Value value, Parameters own, Set<String> names, String what) {
        String name = own.text(value);
        if (!names.contains(name)) {
            Keys known = Keys.of("results.metrics", new TreeSet<>(names).toArray(String[]::new));
            String meant = known.nearest(name)
                    .map(near -> " (did you mean %s?)".formatted(near))
                    .orElse("");
            throw value.refuse(
                    "must be a %s of results.metrics, was '%s'%s".formatted(what, YamlValue.shown(name), meant));
        }
        return name;
    }

    private static <T> String label(Value value, Parameters own, T[] choices, Function<T, String> label) {
        String name = own.text(value);
        for (T choice : choices) {
            if (label.apply(choice).equals(name)) {
                return name;
            }
        }
        throw value.refuse("must be one of %s, was '%s'"
                .formatted(String.join(", ", Arrays.stream(choices).map(label).toList()), YamlValue.shown(name)));
    }

    /** One for each part: those of the specification, and of the claim where it has none of that name. */
    private Map<String, String> queries(Parameters own, Optional<Section> over) {
        Map<String, Value> templates = new LinkedHashMap<>(byPart(claim.get("queries")));
        over.flatMap(section -> section.find("queries")).ifPresent(value -> templates.putAll(byPart(value)));
        Map<String, String> queries = new LinkedHashMap<>();
        for (String part : parts) {
            Value template = templates.get(part);
            if (template == null) {
                throw claim.get("queries")
                        .refuse("must have a query for part %s, has %s"
                                .formatted(part, String.join(", ", templates.keySet())));
            }
            queries.put(part, ofPart(part, own).query(template));
        }
        return queries;
    }

    private Parameters ofPart(String part, Parameters own) {
        return DecisionReader.parameters(claim.get("decision"), part)
                .map(own::and)
                .orElse(own);
    }

    private Map<String, String> images(Parameters own) {
        Map<String, String> queries = new LinkedHashMap<>();
        claim.find("images")
                .ifPresent(value -> byPart(value).forEach((part, template) -> queries.put(part, ofPart(part, own).query(template))));
        return queries;
    }

    private Map<String, Value> byPart(Value value) {
        Map<String, Value> templates = new LinkedHashMap<>();
        value.fields().byKey().forEach((part, field) -> {
            String path = value.path() + "." + YamlValue.shown(part);
            if (!parts.contains(part)) {
                throw field.keyAt()
                        .refuse(
                                path,
                                "%s must be for a part of the decision, which has %s"
                                        .formatted(path, String.join(", ", parts)));
            }
            templates.put(part, new Value(field.value(), path));
        });
        return templates;
    }
}

package org.basinlab.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads {@code factors}: settings of the study's own population that are varied, each a dotted path with its values. The
 * first values are the population's own, whatever stands elsewhere; every other combination of them is a population that
 * is named by what differs, {@code share=0.3,order=1}.
 *
 * <p>A value is put where its path leads before anything is read, so that it is checked like one that stands there, and an
 * error points to it.
 */
final class Factors {

    static final int MOST_COMBINATIONS = 100;

    private static final int MOST_FACTORS = 20;
    private static final int LONGEST_LABEL = 40;
    private static final String MERGE = "merge";

    /**
     * One setting that is varied.
     *
     * @param label its name in names of arms: as much of the path's end as tells it from the other factors
     * @param path where its values go; a merge is named by its number
     */
    private record Factor(String label, List<String> path, Position at, List<Value> values, List<String> labels) {}

    /** The settings of one combination. */
    record Combination(String name, YamlValue.Fields fields) {}

    private Factors() {}

    /** The combinations, that of the first values first; one without factors. */
    static List<Combination> of(Optional<Value> factors, YamlValue.Fields own) {
        List<Factor> read = factors.map(value -> read(value, own)).orElse(List.of());
        long count = 1;
        for (Factor factor : read) {
            count *= factor.values.size();
            if (count > MOST_COMBINATIONS) {
                throw tooMany(factors.orElseThrow());
            }
        }
        List<Combination> combinations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            combinations.add(combination(read, i, own));
        }
        return combinations;
    }

    private static SpecificationException tooMany(Value factors) {
        return factors.refuse("must have at most %d combinations of values, had more".formatted(MOST_COMBINATIONS));
    }

    /** The last factor changes first. */
    private static Combination combination(List<Factor> factors, int number, YamlValue.Fields own) {
        YamlValue.Fields fields = own;
        List<String> differing = new ArrayList<>();
        int rest = number;
        for (int i = factors.size() - 1; i >= 0; i--) {
            Factor factor = factors.get(i);
            int choice = rest % factor.values.size();
            rest /= factor.values.size();
            if (choice > 0) {
                differing.add(0, factor.label + "=" + factor.labels.get(choice));
            }
        }
        rest = number;
        for (int i = factors.size() - 1; i >= 0; i--) {
            Factor factor = factors.get(i);
            fields = set(factor, fields, factor.values.get(rest % factor.values.size()));
            rest /= factor.values.size();
        }
        return new Combination(differing.isEmpty() ? Arm.MAIN : String.join(",", differing), fields);
    }

    private static YamlValue.Fields set(Factor factor, YamlValue.Fields fields, Value value) {
        return (YamlValue.Fields) set(factor, fields, 0, value.yaml());
    }

    private static YamlValue set(Factor factor, YamlValue below, int depth, YamlValue value) {
        if (depth == factor.path.size()) {
            return value;
        }
        String key = factor.path.get(depth);
        if (depth == 1 && factor.path.get(0).equals(MERGE)) {
            YamlValue.Items items = (YamlValue.Items) below;
            List<YamlValue> changed = new ArrayList<>(items.items());
            int index = Integer.parseInt(key);
            changed.set(index, set(factor, changed.get(index), depth + 1, value));
            return new YamlValue.Items(changed, items.at());
        }
        YamlValue.Fields fields = below instanceof YamlValue.Fields there
                ? there
                : new YamlValue.Fields(new LinkedHashMap<>(), value.at());
        YamlValue.Field there = fields.byKey().get(key);
        YamlValue inside = set(factor, there == null ? fields(value.at()) : there.value(), depth + 1, value);
        return fields.with(key, new YamlValue.Field(there == null ? factor.at : there.keyAt(), inside));
    }

    private static YamlValue.Fields fields(Position at) {
        return new YamlValue.Fields(new LinkedHashMap<>(), at);
    }

    /** With the number of the merge that it names, before any other factor changes what that merge is called. */
    private static List<String> resolved(List<String> path, String full, Position at, YamlValue.Fields own) {
        if (!path.get(0).equals(MERGE) || path.size() == 1) {
            return path;
        }
        YamlValue.Field merge = own.byKey().get(MERGE);
        if (merge == null || !(merge.value() instanceof YamlValue.Items items)) {
            throw at.refuse(full, "%s must name one of the study's merges, there are none".formatted(full));
        }
        List<String> numbered = new ArrayList<>(path);
        numbered.set(1, Integer.toString(merge(path.get(1), full, at, items)));
        return numbered;
    }

    /** By number from 0, or by the name of the scheme where one merge alone has it. */
    private static int merge(String key, String full, Position at, YamlValue.Items merges) {
        List<String> schemes = merges.items().stream().map(Factors::scheme).toList();
        if (key.matches("[0-9]{1,9}") && Integer.parseInt(key) < schemes.size()) {
            return Integer.parseInt(key);
        }
        int first = schemes.indexOf(key);
        int last = schemes.lastIndexOf(key);
        if (first < 0) {
            throw at.refuse(full, Keys.of(MERGE, schemes.toArray(String[]::new)).problem(key, full));
        }
        if (first != last) {
            throw at.refuse(
                    full,
                    "%s must name one merge, but merge[%d] and merge[%d] are both %s: say merge.%d or merge.%d"
                            .formatted(full, first, last, key, first, last));
        }
        return first;
    }

    /** Of two factors about one setting the later would undo the earlier, and arms would not be what they are called. */
    private static void requireApart(List<Factor> factors, List<String> names) {
        for (int i = 0; i < factors.size(); i++) {
            for (int j = 0; j < i; j++) {
                Factor later = factors.get(i);
                int shared = Math.min(later.path.size(), factors.get(j).path.size());
                if (later.path.subList(0, shared).equals(factors.get(j).path.subList(0, shared))) {
                    throw later.at.refuse(
                            names.get(i),
                            "%s must be about another setting than %s".formatted(names.get(i), names.get(j)));
                }
            }
        }
    }

    private static String scheme(YamlValue merge) {
        return merge instanceof YamlValue.Fields fields
                        && fields.byKey().get("scheme") != null
                        && fields.byKey().get("scheme").value() instanceof YamlValue.Scalar scalar
                ? scalar.text()
                : "";
    }

    private static List<Factor> read(Value value, YamlValue.Fields own) {
        Map<String, YamlValue.Field> byPath = value.fields().byKey();
        if (byPath.size() > MOST_FACTORS) {
            throw value.refuse("must name at most %d settings, had %d".formatted(MOST_FACTORS, byPath.size()));
        }
        List<List<String>> paths =
                byPath.keySet().stream().map(Factors::segments).toList();
        List<Factor> factors = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Map.Entry<String, YamlValue.Field> entry : byPath.entrySet()) {
            List<String> path = segments(entry.getKey());
            Position at = entry.getValue().keyAt();
            String full = "factors." + YamlValue.shown(entry.getKey());
            if (!StudyFile.ARM.known().contains(path.get(0))) {
                throw at.refuse(full, StudyFile.ARM.problem(path.get(0), full));
            }
            if (path.get(0).equals(MERGE) && path.size() == 2) {
                throw at.refuse(full, full + " must name a key of that merge");
            }
            List<Value> values = new Value(entry.getValue().value(), full).items("a list of values");
            if (values.size() > MOST_COMBINATIONS) {
                throw tooMany(value);
            }
            factors.add(new Factor(
                    label(path, paths), resolved(path, full, at, own), at, values, labels(values, full, at)));
            names.add(full);
        }
        requireApart(factors, names);
        return factors;
    }

    /** {@code merge[0].share} is {@code merge.0.share}. */
    private static List<String> segments(String path) {
        return List.of(path.replaceAll("\\[([0-9]{1,9})]", ".$1").split("\\.", -1));
    }

    /** In the way of names: {@code learning-rate}. */
    private static String label(List<String> path, List<List<String>> others) {
        for (int from = path.size() - 1; from > 0; from--) {
            List<String> end = path.subList(from, path.size());
            int length = end.size();
            if (others.stream()
                            .filter(other -> other.size() >= length
                                    && other.subList(other.size() - length, other.size())
                                            .equals(end))
                            .count()
                    == 1) {
                return kebab(end);
            }
        }
        return kebab(path);
    }

    private static String kebab(List<String> path) {
        return path.stream()
                .map(key -> key.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
                .collect(Collectors.joining("."));
    }

    /** What each value is called; its number from 1 where it has no short text, or not one of its own. */
    private static List<String> labels(List<Value> values, String full, Position at) {
        if (values.isEmpty()) {
            throw at.refuse(full, full + " must have at least one value, was empty");
        }
        List<String> labels = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (Value value : values) {
            String text = text(value.yaml());
            if (texts.contains(text)) {
                throw value.refuse("must be a value that is not there yet");
            }
            texts.add(text);
            labels.add(label(value.yaml()));
        }
        if (labels.stream().distinct().count() == labels.size()
                && labels.stream().allMatch(label -> label.matches("[a-z0-9.-]{1,%d}".formatted(LONGEST_LABEL)))) {
            return labels;
        }
        return texts.stream()
                .map(text -> Integer.toString(texts.indexOf(text) + 1))
                .toList();
    }

    private static String label(YamlValue value) {
        if (value instanceof YamlValue.Scalar scalar) {
            return scalar.text().toLowerCase(Locale.ROOT).replace('+', '-');
        }
        if (value instanceof YamlValue.Items items) {
            // A list of mappings has no short name.
            return items.items().stream()
                    .map(item -> item instanceof YamlValue.Fields ? "?" : label(item))
                    .collect(Collectors.joining("-"));
        }
        return String.join("-", ((YamlValue.Fields) value).byKey().keySet());
    }

    /** The whole value, without its place. */
    private static String text(YamlValue value) {
        if (value instanceof YamlValue.Scalar scalar) {
            return scalar.kind() + " " + scalar.text();
        }
        if (value instanceof YamlValue.Items items) {
            return items.items().stream().map(Factors::text).toList().toString();
        }
        return ((YamlValue.Fields) value)
                .byKey().entrySet().stream()
                        .map(entry ->
                                entry.getKey() + "=" + text(entry.getValue().value()))
                        .toList()
                        .toString();
    }
}

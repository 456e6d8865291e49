package org.basinlab.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Reads {@code factors}: settings of the study's own population that are varied, each a dotted path with its values. The
 * first values are the population's own, whatever stands elsewhere; every other combination of them is a population that
 * is named by what differs, {@code share=0.3,order=1}. Where {@code crossed} names groups of them, those of a group are
 * combined with each other, and each of the rest is varied alone, with all others at their first values.
 *
 * <p>A value is put where its path leads before anything is read, so that it is checked like one that stands there, and an
 * error points to it.
 */
final class Factors {

    static final int MOST_COMBINATIONS = 100;

    private static final int MOST_FACTORS = 20;
    private static final int LONGEST_LABEL = 40;
    private static final String MERGE = "merge";

    /** What its last key alone would mistake for something else. */
    private static final Map<List<String>, String> NAMES =
            Map.of(List.of("evaluate", "normalise"), "evaluation-normalise");

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

    /**
     * The combinations, that of the first values first; one without factors.
     *
     * @param crossed which of them are combined with each other; all where absent
     */
    static List<Combination> of(Optional<Value> factors, Optional<Value> crossed, YamlValue.Fields own) {
        List<Factor> read = factors.map(value -> read(value, own)).orElse(List.of());
        List<List<Integer>> groups = groups(crossed, factors, read.size());
        long count = 1;
        for (List<Integer> group : groups) {
            long combinations = 1;
            for (int place : group) {
                combinations *= read.get(place).values.size();
                if (count + combinations - 1 > MOST_COMBINATIONS) {
                    throw tooMany(factors.orElseThrow());
                }
            }
            count += combinations - 1;
        }
        List<Combination> all = new ArrayList<>(List.of(combination(read, new int[read.size()], own)));
        for (List<Integer> group : groups) {
            List<int[]> choices = choices(read, group);
            choices.subList(1, choices.size()).forEach(some -> all.add(combination(read, some, own)));
        }
        return all;
    }

    /** Places of the factors that are combined with each other: all, or those that are named, and each of the rest alone. */
    private static List<List<Integer>> groups(Optional<Value> crossed, Optional<Value> factors, int count) {
        List<Integer> rest = IntStream.range(0, count).boxed().collect(Collectors.toCollection(ArrayList::new));
        if (crossed.isEmpty()) {
            return List.of(rest);
        }
        List<List<Integer>> groups = new ArrayList<>();
        List<String> names = factors.map(
                        value -> List.copyOf(value.fields().byKey().keySet()))
                .orElse(List.of());
        crossed.filter(value -> !value.isFalse())
                .map(value -> value.items("a list of lists of factors, or false for none"))
                .orElse(List.of())
                .forEach(group -> groups.add(group.items("a list of factors").stream()
                        .map(item -> place(item, names, rest))
                        .sorted()
                        .toList()));
        rest.forEach(place -> groups.add(List.of(place)));
        return groups;
    }

    /** Takes it out of the rest. */
    private static Integer place(Value item, List<String> names, List<Integer> rest) {
        Integer place = names.indexOf(item.choice(names, name -> name));
        if (!rest.remove(place)) {
            throw item.refuse("must be a factor that is not there yet");
        }
        return place;
    }

    /** Every combination of the values of some factors, the others at their first; the last of them changes first. */
    private static List<int[]> choices(List<Factor> factors, List<Integer> group) {
        List<int[]> choices = new ArrayList<>(List.of(new int[factors.size()]));
        for (int place : group) {
            List<int[]> longer = new ArrayList<>();
            for (int[] before : choices) {
                for (int choice = 0; choice < factors.get(place).values.size(); choice++) {
                    int[] one = before.clone();
                    one[place] = choice;
                    longer.add(one);
                }
            }
            choices = longer;
        }
        return choices;
    }

    private static SpecificationException tooMany(Value factors) {
        return factors.refuse("must have at most %d combinations of values, had more".formatted(MOST_COMBINATIONS));
    }

    private static Combination combination(List<Factor> factors, int[] choices, YamlValue.Fields own) {
        YamlValue.Fields fields = own;
        List<String> differing = new ArrayList<>();
        for (int i = 0; i < choices.length; i++) {
            Factor factor = factors.get(i);
            if (choices[i] > 0) {
                differing.add(factor.label + "=" + factor.labels.get(choices[i]));
            }
        }
        for (int i = choices.length - 1; i >= 0; i--) {
            Factor factor = factors.get(i);
            fields = set(factor, fields, factor.values.get(choices[i]));
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
        if (NAMES.containsKey(path)) {
            return NAMES.getOrDefault(path, "");
        }
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
        if (areNames(labels)) {
            return labels;
        }
        List<String> whole = values.stream().map(value -> full(value.yaml())).toList();
        if (areNames(whole)) {
            return whole;
        }
        return texts.stream()
                .map(text -> Integer.toString(texts.indexOf(text) + 1))
                .toList();
    }

    private static boolean areNames(List<String> labels) {
        return labels.stream().distinct().count() == labels.size()
                && labels.stream().allMatch(label -> label.matches("[a-z0-9.-]{1,%d}".formatted(LONGEST_LABEL)));
    }

    /** With all that stands in it: {@code sgd-learning-rate-0.1}. */
    private static String full(YamlValue value) {
        return value instanceof YamlValue.Fields fields
                ? fields.byKey().entrySet().stream()
                        .map(entry -> kebab(List.of(entry.getKey())) + "-"
                                + full(entry.getValue().value()))
                        .collect(Collectors.joining("-"))
                : label(value);
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

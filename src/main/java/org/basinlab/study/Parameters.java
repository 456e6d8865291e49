package org.basinlab.study;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a specification puts in the place of the {@code {names}} of its templates. Remembers which were asked for, so that one
 * that nothing asks for is refused. Literal braces are written twice.
 */
final class Parameters {

    /** Stands for the study's id, which is known when a study is judged. */
    private static final String STUDY = "study";

    private static final Pattern BRACES = Pattern.compile("\\{\\{|}}|\\{([^{}]*)}|[{}]");

    private final Map<String, Parameter> byName;
    private final Set<String> used;

    private Parameters(Map<String, Parameter> byName, Set<String> used) {
        this.byName = byName;
        this.used = used;
    }

    /** A value as it stands in a text, and as an SQL literal. */
    private record Parameter(String text, String literal) {}

    static Parameters none() {
        return new Parameters(Map.of(), new TreeSet<>());
    }

    /** These, changed by what {@code value}, a mapping of names to texts and numbers, says; none of them used yet. */
    Parameters with(Value value) {
        return new Parameters(changed(value), new TreeSet<>());
    }

    /** These and, for the queries of one part, what {@code value} says of names that are not among these. */
    Parameters and(Value value) {
        value.fields().byKey().forEach((name, field) -> {
            if (byName.containsKey(name)) {
                throw field.keyAt()
                        .refuse(
                                value.path() + "." + name,
                                "%s must not stand among the parameters of the claim too, which has %s"
                                        .formatted(value.path() + "." + name, name));
            }
        });
        return new Parameters(changed(value), used);
    }

    private Map<String, Parameter> changed(Value value) {
        Map<String, Parameter> changed = new LinkedHashMap<>(byName);
        value.fields().byKey().forEach((name, field) -> {
            Value parameter = new Value(field.value(), value.path() + "." + YamlValue.shown(name));
            if (!name.matches("[a-zA-Z][a-zA-Z0-9-]{0,39}") || name.equals(STUDY)) {
                throw field.keyAt()
                        .refuse(
                                parameter.path(),
                                ("%s must be named by letters, digits and hyphens, a letter first, and not study, was"
                                                + " '%s'")
                                        .formatted(value.path(), YamlValue.shown(name)));
            }
            changed.put(name, parameter(parameter));
        });
        return changed;
    }

    private static Parameter parameter(Value value) {
        if (value.isText()) {
            String text = value.text();
            return new Parameter(text, "'" + text.replace("'", "''") + "'");
        }
        value.number("the numbers", number -> true);
        String text = new BigDecimal(((YamlValue.Scalar) value.yaml()).text()).toPlainString();
        return new Parameter(text, text);
    }

    /** A text with the parameters in it. */
    String text(Value template) {
        return filled(template, template.text(), Parameter::text, false);
    }

    /** A query with the parameters as literals in it; {@code {study}} stays. */
    String query(Value template) {
        String query = filled(template, template.text().stripTrailing(), Parameter::literal, true);
        if (!query.contains("{" + STUDY + "}")) {
            throw template.refuse("must have {study} in it, which stands for the study's id");
        }
        return query;
    }

    /** A whole number, or the parameter that is one. */
    int integer(Value template, int least, int most) {
        if (!template.isText()) {
            return template.integer(least, most);
        }
        String text = text(template);
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw template.refuse(
                    "must be a whole number in [%d, %d], was '%s'".formatted(least, most, YamlValue.shown(text)));
        }
        return Integer.parseInt(text);
    }

    /** A decimal number as SQL shows it, or the parameter that is one: {@code 0.01}. */
    String decimal(Value template) {
        String text;
        if (template.isText()) {
            text = text(template);
        } else {
            template.number("the numbers", number -> true);
            text = ((YamlValue.Scalar) template.yaml()).text();
        }
        try {
            BigDecimal plain = new BigDecimal(text).stripTrailingZeros();
            return plain.toPlainString();
        } catch (NumberFormatException e) {
            throw template.refuse("must be a number, was '%s'".formatted(YamlValue.shown(text)));
        }
    }

    /** The value of that name; asking for it is use enough. */
    Optional<String> textOf(String name) {
        used.add(name);
        return Optional.ofNullable(byName.get(name)).map(Parameter::text);
    }

    /** Refuses the first parameter of {@code value}, which they were made of, that no template asked for. */
    void requireUsed(Value value) {
        for (String name : value.fields().byKey().keySet()) {
            if (!used.contains(name)) {
                throw value.refuse("must be used: no query, need or group size has {%s} in it".formatted(name));
            }
        }
    }

    private String filled(Value template, String text, Function<Parameter, String> form, boolean study) {
        return BRACES.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(replacement(template, match, form, study)));
    }

    private String replacement(Value template, MatchResult match, Function<Parameter, String> form, boolean study) {
        String found = match.group();
        if (found.equals("{{") || found.equals("}}")) {
            return found.substring(1);
        }
        String name = match.group(1);
        if (name == null) {
            throw template.refuse("must have a lone brace written twice, {{ or }}, had '%s'".formatted(found));
        }
        if (study && name.equals(STUDY)) {
            return found;
        }
        Parameter parameter = byName.get(name);
        if (parameter == null) {
            throw template.refuse("has {%s}, which must be a parameter; there are %s"
                    .formatted(YamlValue.shown(name), byName.isEmpty() ? "none" : String.join(", ", byName.keySet())));
        }
        used.add(name);
        return form.apply(parameter);
    }
}

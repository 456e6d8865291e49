package org.basinlab.study;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The value of one key of a specification, which its reader asks to be of one type and within a range.
 *
 * @param path dotted key
 */
record Value(YamlValue yaml, String path) {

    /** The error that names this key and says {@code problem} of it: {@code must be …, was …}. */
    SpecificationException refuse(String problem) {
        return yaml.at().refuse(path, path + " " + problem);
    }

    long wholeNumber(long least, long most) {
        if (!(yaml instanceof YamlValue.Scalar scalar) || scalar.kind() != YamlValue.Kind.WHOLE_NUMBER) {
            throw refuse("must be a whole number in [%d, %d], was %s".formatted(least, most, yaml.described()));
        }
        try {
            long number = Long.parseLong(scalar.text());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // More digits than a long has: out of every range.
        }
        throw refuse("must lie in [%d, %d], was %s".formatted(least, most, yaml.described()));
    }

    String sha256() {
        return text("[0-9a-f]{64}", "64 lower-case hexadecimal digits (SHA-256)");
    }

    int integer(int least, int most) {
        return Math.toIntExact(wholeNumber(least, most));
    }

    /** A finite number of which {@code holds}; {@code range} is what messages call that, {@code (0, 100]}. */
    double number(String range, DoublePredicate holds) {
        if (!(yaml instanceof YamlValue.Scalar scalar)
                || (scalar.kind() != YamlValue.Kind.NUMBER && scalar.kind() != YamlValue.Kind.WHOLE_NUMBER)) {
            throw refuse("must be a number in %s, was %s".formatted(range, yaml.described()));
        }
        double number = parsed(scalar.text()) + 0.0; // makes −0 the 0 that it is
        if (!Double.isFinite(number) || !holds.test(number)) {
            throw refuse("must lie in %s, was %s".formatted(range, yaml.described()));
        }
        return number;
    }

    /** A decimal number in [least, most] of at most {@code places} decimal places, exactly as it is written. */
    BigDecimal decimal(BigDecimal least, BigDecimal most, int places) {
        String range = "[%s, %s]".formatted(least.toPlainString(), most.toPlainString());
        number(range, number -> true);
        try {
            BigDecimal decimal = new BigDecimal(((YamlValue.Scalar) yaml).text());
            if (decimal.compareTo(least) >= 0 && decimal.compareTo(most) <= 0) {
                if (decimal.stripTrailingZeros().scale() > places) {
                    throw refuse("must have at most %d decimal places, was %s".formatted(places, yaml.described()));
                }
                return decimal;
            }
        } catch (NumberFormatException e) {
            // An exponent beyond a decimal's: out of every range.
        }
        throw refuse("must lie in %s, was %s".formatted(range, yaml.described()));
    }

    /** Reached with another form than a number's only through an explicit tag. */
    private double parsed(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw refuse("must be a number, was " + yaml.described());
        }
    }

    String text() {
        if (yaml instanceof YamlValue.Scalar scalar && scalar.kind() == YamlValue.Kind.TEXT) {
            return scalar.text();
        }
        throw refuse("must be a text, was " + yaml.described());
    }

    /** A text that {@code pattern} matches whole; {@code rule} says of what it must consist. */
    String text(String pattern, String rule) {
        String text = text();
        if (!text.matches(pattern)) {
            throw refuse("must have %s, was %s".formatted(rule, yaml.described()));
        }
        return text;
    }

    /** That of {@code choices} whose label this is. */
    <T> T choice(List<T> choices, Function<T, String> label) {
        if (yaml instanceof YamlValue.Scalar scalar && scalar.kind() == YamlValue.Kind.TEXT) {
            for (T choice : choices) {
                if (label.apply(choice).equals(scalar.text())) {
                    return choice;
                }
            }
        }
        List<String> labels = choices.stream().map(label).toList();
        throw refuse("must be %s, was %s".formatted(alternatives(labels), yaml.described()));
    }

    boolean isText() {
        return yaml instanceof YamlValue.Scalar scalar && scalar.kind() == YamlValue.Kind.TEXT;
    }

    boolean isText(String text) {
        return isText() && text().equals(text);
    }

    boolean truth() {
        if (yaml instanceof YamlValue.Scalar scalar && scalar.kind() == YamlValue.Kind.TRUTH) {
            return !isFalse();
        }
        throw refuse("must be true or false, was " + yaml.described());
    }

    boolean isFalse() {
        return yaml instanceof YamlValue.Scalar scalar
                && scalar.kind() == YamlValue.Kind.TRUTH
                && scalar.text().equalsIgnoreCase("false");
    }

    boolean isMapping() {
        return yaml instanceof YamlValue.Fields;
    }

    boolean isList() {
        return yaml instanceof YamlValue.Items;
    }

    /** The values of a list; {@code what} is what messages call it, {@code a list of sizes}. */
    List<Value> items(String what) {
        if (!(yaml instanceof YamlValue.Items list)) {
            throw refuse("must be %s, was %s".formatted(what, yaml.described()));
        }
        return IntStream.range(0, list.items().size())
                .mapToObj(i -> new Value(list.items().get(i), "%s[%d]".formatted(path, i)))
                .toList();
    }

    /** The values of a list, or this value alone where it is no list. */
    List<Value> oneOrMore() {
        return isList() ? items("a list") : List.of(this);
    }

    /** One or several of {@code choices}, each once; at least one. */
    <T> List<T> choices(List<T> choices, Function<T, String> label) {
        return distinct(item -> item.choice(choices, label));
    }

    /** One or several values that {@code reader} makes of the items, each once; at least one. */
    <T> List<T> distinct(Function<Value, T> reader) {
        List<T> values = new ArrayList<>();
        for (Value item : oneOrMore()) {
            T value = reader.apply(item);
            if (values.contains(value)) {
                throw item.refuse(
                        "must be a value that is not there yet, was %s again".formatted(item.yaml.described()));
            }
            values.add(value);
        }
        if (values.isEmpty()) {
            throw refuse("must have at least one value, was empty");
        }
        return values;
    }

    /** A mapping, which may have these keys and no others. */
    Section section(Keys keys) {
        return Section.of(fields(), path, keys);
    }

    YamlValue.Fields fields() {
        if (yaml instanceof YamlValue.Fields fields) {
            return fields;
        }
        throw refuse("must be a mapping, was " + yaml.described());
    }

    /** A mapping of exactly one key, which names a case; the section says which. */
    Section oneOf(Keys cases) {
        Section section = section(cases);
        if (section.keys().size() != 1) {
            throw refuse("must have one key, %s, had %d"
                    .formatted(alternatives(cases.known()), section.keys().size()));
        }
        return section;
    }

    private static String alternatives(List<String> labels) {
        int last = labels.size() - 1;
        return last == 0 ? labels.get(0) : String.join(", ", labels.subList(0, last)) + " or " + labels.get(last);
    }
}

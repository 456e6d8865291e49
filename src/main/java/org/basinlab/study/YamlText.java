package org.basinlab.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * One text of YAML (or JSON, which YAML contains), read into values within limits that no honest specification meets:
 * 1 MiB, 32 levels, 100 anchors, 100,000 values with all aliases unfolded.
 */
final class YamlText {

    static final int LONGEST = 1 << 20;
    static final int MOST_LEVELS = 32;
    static final int MOST_ANCHORS = 100;
    static final int MOST_ALIASES = 1_000;
    static final int MOST_VALUES = 100_000;
    static final String TOO_DEEP = "values must be nested at most %d levels deep".formatted(MOST_LEVELS);

    private static final Pattern ESCAPE = Pattern.compile("\\\\.");

    private final String source;
    private int values;

    private YamlText(String source) {
        this.source = source;
    }

    /**
     * The mapping that the text holds.
     *
     * @throws SpecificationException if the text is not one document of YAML, holds no mapping, or passes a limit
     */
    static YamlValue.Fields read(String text, String source) {
        return read(text, source, "a study must be a mapping that begins with study: NAME");
    }

    /** @param rule what must hold, for messages on a text that is no mapping */
    static YamlValue.Fields read(String text, String source, String rule) {
        return new YamlText(source).mapping(text, rule);
    }

    private YamlValue.Fields mapping(String text, String rule) {
        Position start = new Position(source, 1, 1);
        int length = text.codePointCount(0, text.length());
        if (length > LONGEST) {
            throw start.refuse("", "a study must have at most %d characters, had %d".formatted(LONGEST, length));
        }
        Node root = compose(text);
        if (root == null || root.getTag().equals(Tag.NULL)) {
            throw start.refuse("", rule + ", was empty");
        }
        YamlValue value = value(root, 1);
        if (value instanceof YamlValue.Fields fields) {
            return fields;
        }
        throw value.at().refuse("", rule + ", was " + value.described());
    }

    private @Nullable Node compose(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(LONGEST + 1);
        options.setAllowDuplicateKeys(false);
        options.setAllowRecursiveKeys(false);
        // The guard refuses first, with a line and a column; these are the second fence.
        options.setMaxAliasesForCollections(MOST_ALIASES);
        options.setNestingDepthLimit(2 * MOST_LEVELS);
        try {
            YamlGuard guard =
                    new YamlGuard(new ParserImpl(new StreamReader(withoutJsonOddities(text)), options), source);
            return new Composer(guard, new CoreScalars(), options).getSingleNode();
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            Position at = mark == null ? new Position(source, 1, 1) : position(mark);
            throw at.refuse("", "not YAML: " + YamlValue.shown(String.valueOf(e.getProblem())));
        } catch (ReaderException e) {
            throw positionOf(text, e.getPosition())
                    .refuse("", "the character U+%04X must not stand in a specification".formatted(e.getCodePoint()));
        } catch (YAMLException e) {
            throw new Position(source, 1, 1).refuse("", "not YAML: " + YamlValue.shown(String.valueOf(e.getMessage())));
        }
    }

    /** Takes the two things out of JSON that YAML's parser does not know: tabs between values, and the escape \/. */
    private static String withoutJsonOddities(String text) {
        if (!text.stripLeading().startsWith("{")) {
            return text;
        }
        return ESCAPE.matcher(text.replace('\t', ' '))
                .replaceAll(escape -> escape.group().equals("\\/") ? "/" : Matcher.quoteReplacement(escape.group()));
    }

    private YamlValue value(Node node, int level) {
        Position at = position(node.getStartMark());
        values++;
        if (values > MOST_VALUES) {
            throw at.refuse("", "a study must have at most %d values with its aliases unfolded".formatted(MOST_VALUES));
        }
        // An alias inside its own anchor ends here too.
        if (level > MOST_LEVELS) {
            throw at.refuse("", TOO_DEEP);
        }
        if (node instanceof ScalarNode scalar) {
            return new YamlValue.Scalar(scalar.getValue(), CoreScalars.kind(scalar), !scalar.isPlain(), at);
        }
        if (node instanceof SequenceNode sequence) {
            List<YamlValue> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                items.add(value(item, level + 1));
            }
            return new YamlValue.Items(items, at);
        }
        return fields((MappingNode) node, at, level);
    }

    private YamlValue.Fields fields(MappingNode node, Position at, int level) {
        LinkedHashMap<String, YamlValue.Field> byKey = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            YamlValue key = value(tuple.getKeyNode(), level + 1);
            String name = key(key);
            YamlValue.Field field = new YamlValue.Field(key.at(), value(tuple.getValueNode(), level + 1));
            YamlValue.Field earlier = byKey.putIfAbsent(name, field);
            if (earlier != null) {
                throw key.at()
                        .refuse(
                                name,
                                "a key must stand once in its mapping, but %s stands in line %d already"
                                        .formatted(
                                                YamlValue.shown(name),
                                                earlier.keyAt().line()));
            }
        }
        return new YamlValue.Fields(byKey, at);
    }

    private static String key(YamlValue key) {
        if (!(key instanceof YamlValue.Scalar scalar) || scalar.kind() != YamlValue.Kind.TEXT) {
            throw key.at().refuse("", "a key must be a text, was " + key.described());
        }
        if (scalar.text().equals("<<")) {
            throw key.at().refuse("<<", "merge keys (<<) are not supported: write the keys out");
        }
        return scalar.text();
    }

    private Position position(Mark mark) {
        return new Position(source, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private Position positionOf(String text, int index) {
        String before = text.substring(0, Math.min(index, text.length()));
        int lineStart = before.lastIndexOf('\n') + 1;
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        return new Position(source, line, before.codePointCount(lineStart, before.length()) + 1);
    }
}

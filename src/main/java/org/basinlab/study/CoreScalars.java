package org.basinlab.study;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * What a plain scalar is: the forms of YAML 1.2's core schema that JSON shares. YAML 1.1, which the parser follows,
 * reads {@code 010} as 8, {@code 1_000} as 1000 and {@code no} as false; here these are texts, and so no number.
 */
final class CoreScalars extends Resolver {

    static final Set<Tag> TAGS = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.SEQ, Tag.MAP);

    private static final List<Map.Entry<Pattern, Tag>> FORMS = List.of(
            Map.entry(Pattern.compile("-?(0|[1-9][0-9]*)"), Tag.INT),
            Map.entry(Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?"), Tag.FLOAT),
            Map.entry(Pattern.compile("true|True|TRUE|false|False|FALSE"), Tag.BOOL),
            Map.entry(Pattern.compile("|~|null|Null|NULL"), Tag.NULL));

    @Override
    public Tag resolve(NodeId kind, String value, boolean implicit) {
        return switch (kind) {
            case scalar, anchor -> implicit ? plain(value) : Tag.STR;
            case sequence -> Tag.SEQ;
            case mapping -> Tag.MAP;
        };
    }

    private static Tag plain(String value) {
        for (Map.Entry<Pattern, Tag> form : FORMS) {
            if (form.getKey().matcher(value).matches()) {
                return form.getValue();
            }
        }
        return Tag.STR;
    }

    static YamlValue.Kind kind(ScalarNode scalar) {
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.INT)) {
            return YamlValue.Kind.WHOLE_NUMBER;
        }
        if (tag.equals(Tag.FLOAT)) {
            return YamlValue.Kind.NUMBER;
        }
        if (tag.equals(Tag.BOOL)) {
            return YamlValue.Kind.TRUTH;
        }
        return tag.equals(Tag.NULL) ? YamlValue.Kind.NOTHING : YamlValue.Kind.TEXT;
    }
}

package org.basinlab.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Texts that are no honest specification: each is refused in one line, soon, before anything large is built. */
class YamlTextTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    private static String refusal(String text) {
        String message = Assertions.assertTimeoutPreemptively(SOON, () -> {
            try {
                return "read: " + StudyFile.read(text, "bad.yaml").canonical();
            } catch (SpecificationException refused) {
                return String.valueOf(refused.getMessage());
            }
        });
        assertThat(message).startsWith("bad.yaml:").doesNotContain("\n").hasSizeLessThan(400);
        return message;
    }

    private static String lines(int count, String format) {
        return IntStream.range(0, count).mapToObj(format::formatted).collect(Collectors.joining("\n"));
    }

    @Test
    void the_billion_laughs() {
        String laughs = "l0: &l0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]\n"
                + IntStream.range(1, 10)
                        .mapToObj(i -> "l%d: &l%d [%s]".formatted(i, i, ("*l" + (i - 1) + ", ").repeat(10)))
                        .collect(Collectors.joining("\n"));

        assertThat(refusal(laughs))
                .startsWith("bad.yaml:1:")
                .endsWith(": a study must have at most 100000 values with its aliases unfolded");
    }

    @Test
    void a_value_that_holds_itself() {
        assertThat(refusal("a: &a [*a]")).isEqualTo("bad.yaml:1:4: values must be nested at most 32 levels deep");
        assertThat(refusal("a: &a {b: *a}")).isEqualTo("bad.yaml:1:8: values must be nested at most 32 levels deep");
    }

    @Test
    void too_deep_too_long_too_many() {
        assertThat(refusal("a: " + "[".repeat(500_000)))
                .isEqualTo("bad.yaml:1:35: values must be nested at most 32 levels deep");
        assertThat(refusal("{a: ".repeat(200_000)))
                .isEqualTo("bad.yaml:1:129: values must be nested at most 32 levels deep");
        assertThat(refusal("#".repeat((1 << 20) + 1)))
                .isEqualTo("bad.yaml:1:1: a study must have at most 1048576 characters, had 1048577");
        assertThat(refusal("a: [" + "1,".repeat(100_000) + "]")).endsWith(": a study must have at most 100000 values");
        assertThat(refusal(lines(101, "k%1$d: &a%1$d 1")))
                .isEqualTo("bad.yaml:101:7: a study must have at most 100 anchors");
        assertThat(refusal("a: &a 1\nb: [" + "*a,".repeat(1_001) + "]"))
                .isEqualTo("bad.yaml:2:3005: a study must have at most 1000 aliases");
    }

    @Test
    void the_longest_text_is_still_read() {
        String padded = StudyFileTest.LEAST + "#".repeat((1 << 20) - StudyFileTest.LEAST.length());

        assertThat(StudyFile.read(padded, "long.yaml").name()).isEqualTo("least");
    }

    @Test
    void tags_merge_keys_and_keys_that_are_no_text() {
        assertThat(refusal("study: !!javax.script.ScriptEngineManager [x]"))
                .isEqualTo("bad.yaml:1:8: tags other than YAML's own are not supported, was "
                        + "tag:yaml.org,2002:javax.script.ScriptEngineManager");
        assertThat(refusal("study: !mine x"))
                .isEqualTo("bad.yaml:1:8: tags other than YAML's own are not supported, was !mine");
        assertThat(refusal("study: !!timestamp 2026-01-01"))
                .isEqualTo("bad.yaml:1:8: tags other than YAML's own are not supported, was "
                        + "tag:yaml.org,2002:timestamp");
        assertThat(refusal("a: &a {x: 1}\nb: {<<: *a}"))
                .isEqualTo("bad.yaml:2:5: merge keys (<<) are not supported: write the keys out");
        assertThat(refusal("study: x\n1: y")).isEqualTo("bad.yaml:2:1: a key must be a text, was 1");
        assertThat(refusal("? [a]\n: y")).isEqualTo("bad.yaml:1:3: a key must be a text, was a list");
        assertThat(refusal("study: x\nseed: 1\nseed: 2"))
                .isEqualTo("bad.yaml:3:1: a key must stand once in its mapping, but seed stands in line 2 already");
    }

    @Test
    void not_one_document() {
        assertThat(refusal(""))
                .isEqualTo("bad.yaml:1:1: a study must be a mapping that begins with study: NAME, was empty");
        assertThat(refusal("# nothing\n---\n")).endsWith("was empty");
        assertThat(refusal("- a\n- b"))
                .isEqualTo("bad.yaml:1:1: a study must be a mapping that begins with study: NAME, was a list");
        assertThat(refusal("study: a\n---\nstudy: b"))
                .isEqualTo("bad.yaml:2:1: a study must be one document, here a second begins");
    }

    @Test
    void not_yaml() {
        assertThat(refusal("study: [1, 2\nseed: 3")).startsWith("bad.yaml:2:5: not YAML: expected ',' or ']'");
        assertThat(refusal("study: x\n\tseed: 1")).startsWith("bad.yaml:2:1: not YAML: found character '\\t(TAB)'");
        assertThat(refusal("study: *nope")).isEqualTo("bad.yaml:1:8: not YAML: found undefined alias nope");
        assertThat(refusal("study: x\npaper: é\u0001"))
                .isEqualTo("bad.yaml:2:9: the character U+0001 must not stand in a specification");
    }

    @Test
    void a_message_shows_a_users_text_in_one_short_line() {
        assertThat(refusal("study: \"a\\nb\\u202e" + "x".repeat(500) + "\"\n"))
                .contains("was the text 'a?b?xxx")
                .endsWith("...'");
    }
}

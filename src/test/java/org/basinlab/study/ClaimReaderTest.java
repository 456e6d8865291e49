package org.basinlab.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.basinlab.recipe.CanonicalJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimReaderTest {

    private static final String FILE = """
            paper: { id: "arXiv:1", version: v1, title: "A title", authors: "Somebody" }
            claims:
              A1:
                source: paper
                place: "abstract"
                wording: >
                  One is
                  larger.
                estimand: "one minus other"
                unit: "group of 4"
                reported: "not reported"
                confounds: [ "size" ]
                controls: [ "the naive tree" ]
                decision:
                  parts:
                    accuracy: { type: direction, sign: positive, margin: 0.01, scale: accuracy }
                groupSize: "{size}"
                parameters: { size: 4, point: 0.010, word: "it's" }
                needs:
                  - { scheme: hierarchical, groupSize: "{size}", metric: fgsm-accuracy, at: "{point}", split: test }
                  - { arm: other, scheme: trained, metric: accuracy, variant: "" }
                queries:
                  accuracy: |
                    SELECT '{{}}' FROM results.metrics WHERE study_id = {study} AND variant = {word} AND at = {point}
                images:
                  accuracy: "SELECT {size} FROM results.outcomes WHERE study_id = {study}"
                specifications:
                  small: { assumption: "size", value: "2", parameters: { size: 2, arm: "sgd" } }
                  other-noise:
                    assumption: noise
                    value: uniform
                    groupSize: 8
                    needs: [ { scheme: trained, metric: loss } ]
                    queries: { accuracy: "SELECT 1 WHERE {study} = {study}" }
              A2:
                source: challenge
                place: "section 2"
                wording: "It holds elsewhere."
                estimand: "none yet"
                unit: "network"
                reported: "67 %"
                minimum: 6
                pilot: true
                confounds: [ "size" ]
                controls: []
                assumptions: [ "one", "two" ]
                awaits: "another data set"
            """;

    private static List<Claim> read(String text) {
        return ClaimReader.read(text, "claims/test.yaml");
    }

    @Test
    void a_claim_is_read_with_all_that_decides_it() {
        Claim claim = read(FILE).get(0);

        assertThat(claim.id()).isEqualTo("A1");
        assertThat(claim.paper()).isEqualTo(new Claim.Publication("arXiv:1", "v1", "A title", "Somebody"));
        assertThat(claim.source()).isEqualTo(Claim.Source.PAPER);
        assertThat(claim.wording()).isEqualTo("One is larger.");
        assertThat(claim.minimum()).isEqualTo(12);
        assertThat(claim.pilot()).isFalse();
        assertThat(claim.decision())
                .contains(new Decision(
                        Decision.Together.ALL,
                        List.of(new Decision.Part(
                                "accuracy", Decision.Type.DIRECTION, Decision.Sign.POSITIVE, 0.01, "accuracy"))));
        assertThat(claim.awaits()).isEmpty();
    }

    @Test
    void parameters_stand_in_needs_as_they_are_and_in_queries_as_literals() {
        Specification primary = read(FILE).get(0).primary().orElseThrow();

        assertThat(primary)
                .isEqualTo(new Specification(
                        "primary",
                        Optional.empty(),
                        Optional.empty(),
                        4,
                        "main",
                        List.of(
                                new Specification.Need(
                                        "main",
                                        "hierarchical",
                                        4,
                                        Optional.empty(),
                                        "fgsm-accuracy",
                                        Optional.empty(),
                                        Optional.of("0.01"),
                                        Optional.of("test")),
                                new Specification.Need(
                                        "other",
                                        "trained",
                                        1,
                                        Optional.of(""),
                                        "accuracy",
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty())),
                        Map.of(
                                "accuracy",
                                "SELECT '{}' FROM results.metrics WHERE study_id = {study} AND variant = 'it''s' AND at ="
                                        + " 0.010"),
                        Map.of("accuracy", "SELECT 4 FROM results.outcomes WHERE study_id = {study}")));
    }

    @Test
    void a_specification_changes_what_it_names_and_keeps_the_rest() {
        List<Specification> all = read(FILE).get(0).specifications();

        assertThat(all).extracting(Specification::name).containsExactly("primary", "small", "other-noise");
        Specification small = all.get(1);
        assertThat(small.assumption()).contains("size");
        assertThat(small.value()).contains("2");
        assertThat(small.arm()).isEqualTo("sgd");
        assertThat(small.groupSize()).isEqualTo(2);
        assertThat(small.needs().get(0).arm()).isEqualTo("sgd");
        assertThat(small.needs().get(1).arm()).isEqualTo("other");
        assertThat(small.queries()).isEqualTo(all.get(0).queries());
        assertThat(small.images()).isEmpty();
        assertThat(all.get(2).groupSize()).isEqualTo(8);
        assertThat(all.get(2).needs()).hasSize(1);
        assertThat(all.get(2).queries()).containsOnly(Map.entry("accuracy", "SELECT 1 WHERE {study} = {study}"));
    }

    @Test
    void a_claim_that_awaits_something_has_neither_rule_nor_specification() {
        Claim claim = read(FILE).get(1);

        assertThat(claim.awaits()).contains("another data set");
        assertThat(claim.decision()).isEmpty();
        assertThat(claim.primary()).isEmpty();
        assertThat(claim.minimum()).isEqualTo(6);
        assertThat(claim.pilot()).isTrue();
        assertThat(claim.assumptions()).containsExactly("one", "two");
        assertThat(read(FILE.replace("awaits: \"another data set\"", "decision: not-testable"))
                        .get(1)
                        .decision())
                .isEmpty();
    }

    @Test
    void a_claim_survives_its_json_and_its_digest_names_its_queries() {
        Claim claim = read(FILE).get(0);

        assertThat(CanonicalJson.read(CanonicalJson.write(claim), Claim.class)).isEqualTo(claim);
        assertThat(read(FILE.replace("at = {point}", "at >= {point}")).get(0).digest())
                .isNotEqualTo(claim.digest());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            source: paper            | source: rumour           | 4:13: claims.A1.source must be paper, later-work or challenge, was 'rumour'
            reported: "not reported" | other: 1                 | 11:5: claims.A1.other is not known
            A1:                      | one:                     | 3:3: a claim must be named by a capital letter and a number, such as H1, was 'one'
            A2:                      | A1:                      | 35:3: a key must stand once in its mapping, but A1 stands in line 3 already
            place: "abstract"        | place: ""                | 5:12: claims.A1.place must have 1 to 2000 characters and no control characters, had 0
            confounds: [ "size" ]    | confounds: []            | 12:16: claims.A1.confounds must have at least 1, had 0
            type: direction          | type: size               | 16:27: claims.A1.decision.parts.accuracy.type must be direction, trend, variance, equivalence, shape or barrier, was 'size'
            sign: positive           | sign: none               | 16:44: claims.A1.decision.parts.accuracy.sign must be positive or negative, was 'none'
            sign: positive,          | #                        | 16:27: claims.A1.decision.parts.accuracy.type must have a sign beside it
            type: direction, sign: positive | type: barrier, sign: negative | 16:42: claims.A1.decision.parts.accuracy.sign must be positive, was 'negative'
            margin: 0.01             | margin: -0.01            | 16:62: claims.A1.decision.parts.accuracy.margin must lie in [0, 1000], was -0.01
            parts:                   | together: crossing, parts: | 17:9: claims.A1.decision.parts must be two directions of opposite sign for a crossing, were [direction positive]
            metric: loss             | metric: loses            | 33:45: claims.A1.specifications.other-noise.needs[0].metric must be a metric of results.metrics, was 'loses' (did you mean loss?)
            scheme: hierarchical     | scheme: tree             | 20:19: claims.A1.needs[0].scheme must be a scheme of results.metrics, was 'tree'
            at: "{point}"            | at: "{word}"             | 20:81: claims.A1.needs[0].at must be a number, was 'it's'
            at: "{point}"            | at: "{epsilon}"          | 20:81: claims.A1.needs[0].at has {epsilon}, which must be a parameter; there are size, point, word
            '{{}}'                   | '{}'                     | 23:17: claims.A1.queries.accuracy has {}, which must be a parameter
            '{{}}'                   | '}'                      | 23:17: claims.A1.queries.accuracy must have a lone brace written twice, {{ or }}, had '}'
            WHERE study_id = {study} AND | WHERE                | 23:17: claims.A1.queries.accuracy must have {study} in it
            word: "it's"             | word: "it's", most: 3    | 18:17: claims.A1.parameters must be used: no query, need or group size has {most} in it
            arm: "sgd"               | rounds: 3                | 28:60: claims.A1.specifications.small.parameters must be used: no query, need or group size has {rounds} in it
            assumption: noise        | assumption: [a, b]       | 30:21: claims.A1.specifications.other-noise.assumption must be a text, was a list
            size: 2, arm: "sgd"      | size: 4                  | 28:7: claims.A1.specifications.small must differ from primary in something
            "another data set"       | "x", groupSize: 4        | must be left out
            """)
    void what_is_wrong_in_a_file_is_said_with_its_place(String from, String to, String message) {
        String wrong = FILE;
        if (to.startsWith("together")) {
            wrong = wrong.replace("      parts:\n", "      together: crossing\n      parts:\n");
        } else if (to.contains("groupSize: 4")) {
            wrong = wrong + "    groupSize: 4\n";
        } else {
            wrong = wrong.replaceFirst(Pattern.quote(from), to.equals("#") ? "" : Matcher.quoteReplacement(to));
        }
        String text = wrong;

        assertThatExceptionOfType(SpecificationException.class)
                .isThrownBy(() -> read(text))
                .withMessageContaining(message);
    }

    @Test
    void every_part_needs_its_query_and_no_query_lacks_its_part() {
        String part = "other: { type: trend, sign: negative, margin: 0, scale: accuracy }";

        assertThatExceptionOfType(SpecificationException.class)
                .isThrownBy(
                        () -> read(FILE.replace("scale: accuracy }\n", "scale: accuracy }\n        " + part + "\n")))
                .withMessageContaining("claims.A1.queries must have a query for part other, has accuracy");
        assertThatExceptionOfType(SpecificationException.class)
                .isThrownBy(() -> read(FILE.replace("queries: { accuracy: ", "queries: { loss: ")))
                .withMessageContaining(
                        "claims.A1.specifications.other-noise.queries.loss must be for a part of the decision, which has"
                                + " accuracy");
    }

    @Test
    void a_study_lists_claims_that_can_be_decided_in_any_order_each_once() {
        ClaimRegister register = ClaimRegister.read(Map.of(
                "t.yaml",
                FILE.replace("A2:", "A3:")
                        + FILE.substring(FILE.indexOf("  A1:"), FILE.indexOf("  A2:"))
                                .replace("A1:", "A2:")));

        Study study = StudyFile.read(StudyFileTest.LEAST + "claims: [A2, A1]\n", "s.yaml", register);

        assertThat(study.claims()).containsExactly("A1", "A2");
        assertRefused(register, "[A1, A1]", "claims[1] must be a claim that is not there yet, was A1 again");
        assertRefused(register, "[a1]", "claims[0] must be a claim of the register, was 'a1' (did you mean A1?)");
        assertRefused(register, "[B77]", "claims[0] must be a claim of the register, was 'B77'; there are A1, A3, A2");
        assertRefused(register, "[A3]", "claims[0] cannot be decided by this version: A3 awaits another data set");
        assertRefused(register, "A1", "claims must be a list of claims, was 'A1'");
        assertRefused(
                ClaimRegister.read(
                        Map.of("t.yaml", FILE.replace("awaits: \"another data set\"", "decision: not-testable"))),
                "[A2]",
                "claims[0] cannot be decided: A2 is not testable as stated");
    }

    private static void assertRefused(ClaimRegister register, String claims, String message) {
        assertThatExceptionOfType(SpecificationException.class)
                .isThrownBy(() -> StudyFile.read(StudyFileTest.LEAST + "claims: " + claims + "\n", "s.yaml", register))
                .withMessageStartingWith("s.yaml:8:")
                .withMessageContaining(message);
    }

    @Test
    void a_study_without_claims_has_the_text_that_it_had() {
        ClaimRegister register = ClaimRegister.read(Map.of("t.yaml", FILE));

        String without = StudyFile.read(StudyFileTest.LEAST, "s.yaml").canonical();

        assertThat(without).doesNotContain("claims");
        assertThat(StudyFile.read(StudyFileTest.LEAST + "claims: []\n", "s.yaml", register)
                        .canonical())
                .isEqualTo(without);
        assertThat(StudyFile.read(StudyFileTest.LEAST + "claims: [A1]\n", "s.yaml", register)
                        .canonical())
                .contains("\"claims\":[\"A1\"]");
    }
}

package org.basinlab.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.ProbeBehaviour;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeReaderTest {

    private static Study read(String probe) {
        return StudyFile.read("study: probing\nprobe: " + probe + "\n", "test.yaml");
    }

    @Test
    void a_probe_that_says_no_more_than_its_tasks_is_wide_and_takes_no_time() {
        Study study = read("{ tasks: 3 }");

        assertThat(study.probe()).contains(new Probe(Probe.Shape.WIDE, 3, 0, Optional.empty(), List.of()));
        assertThat(study.arms()).isEmpty();
        assertThat(study.claims()).isEmpty();
    }

    @Test
    void every_key_is_read_and_the_order_of_shares_does_not_matter() {
        Study one =
                read("{ shape: fan-in, tasks: 9, seconds: 0.5, label: same, misbehave: { crash: 0.25, throws: 0.5 } }");
        Study other = read(
                "{ label: same, tasks: 9, misbehave: { throws: 0.5, crash: 0.25, hang: 0 }, seconds: 0.50, shape: fan-in }");

        assertThat(one.probe())
                .contains(new Probe(
                        Probe.Shape.FAN_IN,
                        9,
                        0.5,
                        Optional.of("same"),
                        List.of(
                                new Probe.Share(ProbeBehaviour.THROWS, 0.5),
                                new Probe.Share(ProbeBehaviour.CRASH, 0.25))));
        assertThat(other.canonical()).isEqualTo(one.canonical());
        assertThat(CanonicalJson.read(one.canonical(), Study.class)).isEqualTo(one);
    }

    @Test
    void a_study_without_a_probe_has_the_canonical_text_that_it_had_before_there_were_any() {
        Study study = StudyFile.read(StudyFileTest.LEAST, "test.yaml");

        assertThat(study.canonical()).doesNotContain("probe");
        assertThat(CanonicalJson.read(study.canonical(), Study.class)).isEqualTo(study);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ shape: wide }|test.yaml:2:8: probe.tasks is missing",
                "{ tasks: 0 }|test.yaml:2:17: probe.tasks must lie in [1, 250000], was 0",
                "{ tasks: 250001 }|test.yaml:2:17: probe.tasks must lie in [1, 250000], was 250001",
                "{ tasks: 2, shape: ring }|test.yaml:2:27: probe.shape must be wide, chain, fan-in or tree, was 'ring'",
                "{ tasks: 2, seconds: -1 }|test.yaml:2:29: probe.seconds must lie in [0, 86400], was -1",
                "{ tasks: 2, misbehave: { throw: 1 } }|test.yaml:2:33: probe.misbehave.throw is not known (did you mean throws?);"
                        + " misbehave has the keys throws, throws-once, rejects, out-of-memory, crash, hang, silent",
                "{ tasks: 2, misbehave: { throws: 0.6, hang: 0.5 } }|test.yaml:2:31: probe.misbehave must have shares of at most 1"
                        + " in all, had 1.1"
            })
    void what_cannot_be_taken_is_refused_where_it_stands(String probe, String message) {
        assertThatExceptionOfType(SpecificationException.class)
                .isThrownBy(() -> read(probe))
                .withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"training", "arms", "evaluate", "keep", "claims"})
    void what_says_what_is_computed_does_not_go_with_a_probe(String key) {
        assertThatExceptionOfType(SpecificationException.class)
                .isThrownBy(() -> read("{ tasks: 2 }\n%s: all".formatted(key)))
                .withMessage("test.yaml:3:1: %s does not go with probe, which computes nothing".formatted(key));
    }
}

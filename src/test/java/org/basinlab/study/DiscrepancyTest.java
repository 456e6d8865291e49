package org.basinlab.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.basinlab.recipe.Augmentation;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Permuted;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.Subset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The switches by which two implementations of one method are told apart, and the study that throws them. */
class DiscrepancyTest {

    private static final String MERGED =
            StudyFileTest.LEAST + "merge: [{ scheme: hierarchical, stages: 1%s }]\nevaluate: { accuracy: {}%s }\n";

    private static Arm arm(String merge, String evaluate) {
        return StudyFile.read(MERGED.formatted(merge, evaluate), "s.yaml")
                .arms()
                .get(0);
    }

    private static String refusal(String text) {
        return catchThrowableOfType(SpecificationException.class, () -> StudyFile.read(text, "s.yaml"))
                .getMessage();
    }

    @Test
    void an_aliased_output_bias_is_another_merge_and_its_own_the_usual_one() {
        MergeScheme.Hierarchical aliased =
                arm(", outputBias: aliased", "").tree().orElseThrow();

        assertThat(aliased.permute()).contains(Permuted.SECOND_ALIASED);
        assertThat(aliased.variant()).isEqualTo("output-bias=aliased");
        assertThat(arm(", outputBias: own", "").merge()).isEqualTo(arm("", "").merge());
        assertThat(CanonicalJson.read(CanonicalJson.write(aliased), MergeScheme.class))
                .isEqualTo(aliased);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            , outputBias: aliased, permute: first  | must be own where another than the second of a pair is permuted, was aliased
            , outputBias: aliased, matching: none  | must be left out where nothing is matched
            , outputBias: none                     | must be own or aliased, was 'none'
            , permute: second-aliased              | must be second, first or better, was 'second-aliased'
            """)
    void says_what_an_output_bias_can_be(String merge, String message) {
        assertThat(refusal(MERGED.formatted(merge, ""))).endsWith(message);
    }

    @Test
    void networks_can_be_measured_with_another_normalisation_than_they_were_trained_with() {
        Arm mismatched = arm("", ", normalise: mismatched");

        assertThat(mismatched.dataset()).isEqualTo(arm("", "").dataset());
        assertThat(mismatched.evaluate())
                .first()
                .isEqualTo(new Evaluation.OfNetworks(
                        new org.basinlab.recipe.MetricRequest.Accuracy(),
                        Optional.of(new Evaluation.Images(
                                Split.TEST,
                                Optional.empty(),
                                Optional.of(new Normalisation.Named(Normalisation.Choice.HALF)))),
                        Evaluation.Population.ALL));
        assertThat(arm("", ", normalise: half").evaluate()).isEqualTo(mismatched.evaluate());
        assertThat(arm("", ", normalise: as-trained").evaluate())
                .isEqualTo(arm("", "").evaluate());
        assertThat(arm("", ", normalise: false").evaluate())
                .isEqualTo(arm("", "").evaluate());
    }

    @Test
    void an_arm_can_have_the_shuffle_of_another() {
        String text = StudyFileTest.LEAST + """
                arms:
                  longer: { order: main, training: { epochs: 2 } }
                  other: {}
                  longest: { order: other, training: { epochs: 3 } }
                """;

        assertThat(StudyFile.read(text, "s.yaml").arms())
                .extracting(Arm::order)
                .containsExactly("main", "main", "other", "other");
        assertThat(refusal(text.replace("order: other", "order: nobody")))
                .endsWith("arms.longest.order must be main, longer, other or longest, was 'nobody'");
        assertThat(refusal(StudyFileTest.LEAST + "order: main\n")).contains("order must be a whole number");
    }

    @Test
    void halves_of_one_draw_take_turns() {
        String halves = StudyFileTest.LEAST
                + "arms: { half: { training: { subset: { fraction: 0.5, seed: 7, part: alternating } } } }\n";
        Subset subset = StudyFile.read(halves, "s.yaml")
                .arms()
                .get(1)
                .training()
                .subset()
                .orElseThrow();

        assertThat(subset.at(0).part()).isEqualTo(Subset.Part.DRAWN);
        assertThat(subset.at(3)).isEqualTo(new Subset(0.5, Optional.empty(), Optional.of(7L), Subset.Part.REST));
        assertThat(refusal(halves.replace("seed: 7, ", "")))
                .endsWith("must have a seed beside it, one draw for all networks, to be alternating");
    }

    @Test
    void the_study_changes_one_setting_at_a_time_and_either_fault() {
        Study study =
                StudyFile.read(ShippedStudies.find("rebasin-discrepancy-small").orElseThrow(), "small.yaml");
        Map<String, Arm> arms = study.arms().stream().collect(Collectors.toMap(Arm::name, Function.identity()));

        assertThat(arms.keySet())
                .containsExactlyInAnyOrder(
                        "main",
                        "optimiser=adam-learning-rate-0.0003",
                        "optimiser=sgd-learning-rate-0.05-momentum-0.9",
                        "l2=0.0005",
                        "hidden=512-512-512",
                        "hidden=256-256-256-128",
                        "augmentation=git-rebasin",
                        "evaluation-normalise=mismatched",
                        "output-bias=aliased",
                        "rounds=1",
                        "rounds=2",
                        "rounds=5",
                        "stop=identity",
                        "rounds=1,stop=identity",
                        "rounds=2,stop=identity",
                        "rounds=5,stop=identity",
                        "original-sgd",
                        "original-adam");
        Arm main = arms.get("main");
        Arm original = arms.get("original-sgd");
        assertThat(main).isNotNull();
        assertThat(original).isNotNull();
        assertThat(original.network().label()).isEqualTo("3072-512-512-512-10");
        assertThat(original.training().augmentation()).isEqualTo(Augmentation.GIT_REBASIN);
        assertThat(original.training().warmUp()).isPresent();
        assertThat(original.seeds().from()).isNotEqualTo(main.seeds().from());
        assertThat(study.exploratory()).isTrue();
        assertThat(study.claims()).isEmpty();
    }
}

package org.basinlab.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeScheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlReaderTest {

    private static final String TREE = "merge: [ { scheme: hierarchical, stages: 3 } ]\n";

    private static List<Arm> arms(String rest) {
        return StudyFile.read(StudyFileTest.LEAST + rest, "s.yaml").arms();
    }

    @Test
    void controls_stand_in_one_order_with_their_documented_settings() {
        List<Control> controls = arms(TREE + """
                controls: [logit-ensemble, noise-matched, norm-rescaled, equal-accuracy-weight-noise, equal-accuracy-l2,
                           equal-accuracy-early-stop]
                """).get(0).controls();

        assertThat(controls)
                .containsExactly(
                        new Control.EarlyStop(),
                        new Control.L2Path(List.of(0.001, 0.003, 0.01, 0.03), 3),
                        new Control.WeightNoise(),
                        new Control.NormRescaled(),
                        new Control.NoiseMatched(),
                        new Control.LogitEnsemble());
    }

    @Test
    void an_l2_path_may_have_settings_of_its_own() {
        String path = "controls: [ { equal-accuracy-l2: { coefficients: [0.1, 1], refinements: 0 } } ]\n";

        assertThat(arms(TREE + path).get(0).controls()).containsExactly(new Control.L2Path(List.of(0.1, 1.0), 0));
    }

    @Test
    void the_naive_tree_is_a_merge_of_the_groups_of_all_stages() {
        String naive = "controls: [naive-tree]\n";

        assertThat(arms(TREE + naive).get(0).merge())
                .containsExactly(
                        new MergeScheme.Hierarchical(new Matching.Weight(), 0.5, 3),
                        new MergeScheme.Naive(List.of(2, 4, 8)));
        assertThat(arms(naive + """
                        merge:
                          - { scheme: naive, groups: [4, 3] }
                          - { scheme: hierarchical, stages: 2 }
                        """).get(0).merge())
                .containsExactly(
                        new MergeScheme.Naive(List.of(4, 3, 2)),
                        new MergeScheme.Hierarchical(new Matching.Weight(), 0.5, 2));
    }

    @Test
    void at_another_share_the_naive_tree_merges_in_pairs_by_that_share() {
        MergeScheme naive = arms("""
                controls: [naive-tree]
                merge: [ { scheme: hierarchical, share: 0.3, stages: 2 } ]
                """).get(0).merge().get(1);

        assertThat(naive).isEqualTo(new MergeScheme.Hierarchical(new Matching.None(), 0.3, 2));
        assertThat(naive.label()).isEqualTo("naive");
        assertThat(naive.variant()).isEqualTo("share=0.3");
    }

    @Test
    void an_arm_has_no_controls_but_its_own() {
        List<Arm> arms = arms(TREE + """
                controls: [norm-rescaled]
                arms: { without: {}, own: { controls: [noise-matched] } }
                """);

        assertThat(arms)
                .extracting(Arm::controls)
                .containsExactly(List.of(new Control.NormRescaled()), List.of(), List.of(new Control.NoiseMatched()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            controls: [norm-scaled]             | s.yaml:9:12: controls[0] must be naive-tree, equal-accuracy-early-stop, equal-accuracy-l2, equal-accuracy-weight-noise, norm-rescaled, noise-matched, logit-ensemble, probability-ensemble, feature-ensemble or feature-ensemble-mean-head, was 'norm-scaled'
            controls: norm-rescaled             | s.yaml:9:11: controls must be a list of controls, or false for none, was 'norm-rescaled'
            controls: [naive-tree, naive-tree]  | s.yaml:9:24: controls[1] must be a control that is not there yet, was naive-tree again
            controls: [{ noise-matched: {} }]   | s.yaml:9:14: controls[0].noise-matched is not known; a control with settings has the keys equal-accuracy-l2, logit-ensemble, probability-ensemble, feature-ensemble, feature-ensemble-mean-head
            controls: [{ equal-accuracy-l2: { coefficients: [] } }] | s.yaml:9:49: controls[0].equal-accuracy-l2.coefficients must have 1 to 100 penalties, had 0
            controls: [{ equal-accuracy-l2: { coefficients: [1, 0.5] } }] | s.yaml:9:53: controls[0].equal-accuracy-l2.coefficients[1] must be above the one before it, 1.0, was 0.5
            controls: [{ equal-accuracy-l2: { coefficients: [0] } }] | s.yaml:9:50: controls[0].equal-accuracy-l2.coefficients[0] must lie in (0, 10], was 0
            controls: [{ equal-accuracy-l2: { refinements: 21 } }] | s.yaml:9:48: controls[0].equal-accuracy-l2.refinements must lie in [0, 20], was 21
            """)
    void says_where_what_must_hold_and_what_was_found(String controls, String message) {
        SpecificationException refused =
                catchThrowableOfType(SpecificationException.class, () -> arms(TREE + controls + "\n"));

        assertThat(refused.getMessage()).isEqualTo(message);
    }

    @Test
    void the_naive_tree_is_primary_beside_another_naive_merge_and_a_reference_never_is() {
        Arm arm = arms("""
                controls: [naive-tree]
                merge:
                  - { scheme: naive, groups: [4] }
                  - { scheme: hierarchical, share: 0.3, stages: 2 }
                  - { scheme: reference, groups: [4] }
                  - { scheme: merge-many, groups: [4], rounds: [converged, 1] }
                """).get(0);

        assertThat(arm.merge())
                .filteredOn(arm::isPrimary)
                .extracting(scheme ->
                        "%s %s".formatted(scheme.label(), scheme.variant()).strip())
                .containsExactly(
                        "naive", "hierarchical share=0.3", "merge-many rounds=converged,stop=l2", "naive share=0.3");
    }

    @Test
    void noise_is_matched_to_a_leaf_that_its_tree_never_moves() {
        String moved = "merge: [ { scheme: hierarchical, stages: 2, permute: [first, second] } ]\n";

        assertThat(refusal(moved + "controls: [noise-matched]\n"))
                .isEqualTo("s.yaml:9:12: controls[0] must be set against a tree whose first network is never moved: the"
                        + " arm's first hierarchical merge must permute second, permutes first");
        assertThat(refusal(TREE + """
                        controls: [norm-rescaled, noise-matched]
                        factors: { merge.0.permute: [second, better] }
                        """))
                .startsWith("s.yaml:9:27: controls[1] must be set against")
                .endsWith("permutes better");
        assertThat(arms(moved + "controls: [norm-rescaled, equal-accuracy-weight-noise]\n")
                        .get(0)
                        .controls())
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"equal-accuracy-early-stop", "equal-accuracy-l2"})
    void what_is_trained_again_starts_from_drawn_weights(String control) {
        String start = StudyFileTest.LEAST.replace("training:\n", "training:\n  start: " + "ab".repeat(32) + "\n");

        SpecificationException refused = catchThrowableOfType(
                SpecificationException.class,
                () -> StudyFile.read(start + TREE + "controls: [" + control + "]\n", "s.yaml"));

        assertThat(refused.getMessage())
                .isEqualTo("s.yaml:10:12: controls[0] must have networks that start from drawn weights, to be trained"
                        + " again: " + control + " and training.start exclude each other");
    }

    private static String refusal(String rest) {
        return catchThrowableOfType(SpecificationException.class, () -> arms(rest))
                .getMessage();
    }

    @Test
    void controls_need_a_tree_that_matches() {
        SpecificationException refused = catchThrowableOfType(SpecificationException.class, () -> arms("""
                        merge: [ { scheme: hierarchical, stages: 2, matching: none }, { scheme: merge-many, groups: [4] } ]
                        controls: [noise-matched]
                        """));

        assertThat(refused.getMessage())
                .isEqualTo("s.yaml:9:11: controls must have a hierarchical merge with a matching to be set against, the"
                        + " arm has none");
    }
}

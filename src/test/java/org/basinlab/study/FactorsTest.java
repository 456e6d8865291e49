package org.basinlab.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Penalty;
import org.basinlab.recipe.WarmUp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FactorsTest {

    private static final String MERGED = StudyFileTest.LEAST + """
            merge:
              - { scheme: hierarchical, stages: 2 }
              - { scheme: naive, groups: [2] }
            """;

    private static List<Arm> arms(String rest) {
        return StudyFile.read(MERGED + rest, "s.yaml").arms();
    }

    @Test
    void every_combination_is_an_arm_named_by_what_differs_and_the_first_is_the_study_s_own() {
        List<Arm> arms = arms("""
                controls: [noise-matched]
                factors:
                  training.optimiser.adam.learningRate: [0.01, 0.1]
                  merge.hierarchical.share: [0.4, 0.3]
                  order: [0, 1]
                """);

        assertThat(arms)
                .extracting(Arm::name)
                .containsExactly(
                        "main",
                        "order=1",
                        "share=0.3",
                        "share=0.3,order=1",
                        "learning-rate=0.1",
                        "learning-rate=0.1,order=1",
                        "learning-rate=0.1,share=0.3",
                        "learning-rate=0.1,share=0.3,order=1");
        assertThat(arms).extracting(Arm::order).contains("main", "main/1").doesNotContain("order=1");
        assertThat(arms).allSatisfy(arm -> {
            assertThat(arm.seeds()).isEqualTo(arms.get(0).seeds());
            assertThat(arm.controls()).containsExactly(new Control.NoiseMatched());
            assertThat(arm.order()).isEqualTo(arm.name().contains("order=1") ? "main/1" : "main");
            assertThat(((MergeScheme.Hierarchical) arm.merge().get(0)).share())
                    .isEqualTo(arm.name().contains("share=0.3") ? 0.3 : 0.4);
            assertThat(arm.training().optimiser())
                    .isEqualTo(Optimiser.Adam.withDefaults(arm.name().contains("rate=0.1") ? 0.1 : 0.01));
        });
    }

    @Test
    void a_setting_that_the_study_does_not_write_can_be_a_factor() {
        List<Arm> arms = arms("""
                factors: { training.l2: [0, 0.001], training.warmUp.epochs: [1], evaluate.fgsm.epsilons: [[0.1]] }
                """);

        assertThat(arms).hasSize(2);
        assertThat(arms.get(1).name()).isEqualTo("l2=0.001");
        assertThat(arms.get(1).training().penalty()).contains(new Penalty(0, 0.001));
        assertThat(arms).allSatisfy(arm -> {
            assertThat(arm.training().warmUp()).contains(new WarmUp(1, 0));
            assertThat(arm.evaluate()).hasSize(4);
        });
    }

    @Test
    void values_of_any_kind_have_a_name() {
        assertThat(names("network.mlp.hidden: [[32, 16], [8, 4]]")).containsExactly("main", "hidden=8-4");
        assertThat(names("training.optimiser: [{ adam: { learningRate: 1 } }, { sgd: { learningRate: 1 } }]"))
                .containsExactly("main", "optimiser=sgd");
        assertThat(names("training.optimiser: [{ sgd: { learningRate: 1 } }, { sgd: { learningRate: 2 } }]"))
                .containsExactly("main", "optimiser=sgd-learning-rate-2");
        assertThat(names("dataset: [{ name: cifar10 }, { name: synthetic-shapes }]"))
                .containsExactly("main", "dataset=name-synthetic-shapes");
        assertThat(names("merge.1.groups: [[2], [4]]")).containsExactly("main", "groups=4");
        assertThat(names("'merge[0].stages': [1, 2]")).containsExactly("main", "stages=2");
        assertThat(names("merge: [false, [{ scheme: naive, groups: [2] }]]")).containsExactly("main", "merge=2");
        assertThat(names("training.seeds.from: [0, 100]")).containsExactly("main", "from=100");
    }

    private static List<String> names(String factors) {
        return arms("factors: { " + factors + " }\n").stream().map(Arm::name).toList();
    }

    @Test
    void factors_that_are_not_crossed_are_varied_one_at_a_time() {
        String three = """
                factors:
                  training.epochs: [1, 2, 3]
                  training.l2: [0, 0.1]
                  order: [0, 1]
                """;

        assertThat(arms(three + "crossed: false\n"))
                .extracting(Arm::name)
                .containsExactly("main", "epochs=2", "epochs=3", "l2=0.1", "order=1");
        assertThat(arms(three + "crossed: [[order, training.l2]]\n"))
                .extracting(Arm::name)
                .containsExactly("main", "order=1", "l2=0.1", "l2=0.1,order=1", "epochs=2", "epochs=3");
        assertThat(arms(three + "crossed: [[training.epochs, training.l2, order]]\n"))
                .isEqualTo(arms(three))
                .hasSize(12);
    }

    @Test
    void what_is_varied_alone_adds_to_the_combinations_and_does_not_multiply_them() {
        String values = IntStream.rangeClosed(1, 50).boxed().toList().toString();
        String factors = "factors: { training.epochs: %s, training.batch: %s, order: %s }\ncrossed: false\n";

        assertThat(arms(factors.formatted(values, values, "[0]"))).hasSize(99);
        assertThat(refusal(factors.formatted(values, values, "[0, 1, 2]")))
                .isEqualTo("s.yaml:11:10: factors must have at most 100 combinations of values, had more");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [[training.epoch]]                  | s.yaml:12:12: crossed[0][0] must be training.epochs, was 'training.epoch'
            [training.epochs]                   | s.yaml:12:11: crossed[0] must be a list of factors, was 'training.epochs'
            [[training.epochs, training.epochs]] | s.yaml:12:29: crossed[0][1] must be a factor that is not there yet
            """)
    void what_is_crossed_must_be_factors(String crossed, String message) {
        assertThat(refusal("factors: { training.epochs: [1, 2] }\ncrossed: " + crossed + "\n"))
                .isEqualTo(message);
    }

    @Test
    void factors_of_one_name_are_told_apart_by_what_stands_before() {
        assertThat(names("training.epochs: [3, 4], training.warmUp.epochs: [1, 2]"))
                .containsExactly("main", "warm-up.epochs=2", "training.epochs=4", "training.epochs=4,warm-up.epochs=2");
    }

    @Test
    void other_arms_take_over_the_first_values() {
        List<Arm> arms = arms("""
                factors: { training.epochs: [7, 8] }
                arms: { wide: { network: { mlp: { hidden: [64] } } } }
                """);

        assertThat(arms).extracting(Arm::name).containsExactly("main", "epochs=8", "wide");
        assertThat(arms.get(2).training().epochs()).isEqualTo(7);
        assertThat(arms.get(2).order()).isEqualTo("wide");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            trainng.epochs: [1]         | s.yaml:11:12: factors.trainng.epochs is not known (did you mean training?); an arm has the keys network, dataset, training, order, controls, merge, evaluate
            training.epoch: [1]         | s.yaml:11:12: training.epoch is not known (did you mean epochs?); training has the keys seeds, epochs, batch, optimiser, schedule, warmUp, augmentation, l1, l2, subset, start, checkpoints
            training.epochs: [1, 0]     | s.yaml:11:33: training.epochs must lie in [1, 10000], was 0
            training.epochs: 1          | s.yaml:11:29: factors.training.epochs must be a list of values, was 1
            training.epochs: []         | s.yaml:11:12: factors.training.epochs must have at least one value, was empty
            training.epochs: [1, 1]     | s.yaml:11:33: factors.training.epochs[1] must be a value that is not there yet
            merge.hierarchic.share: [1] | s.yaml:11:12: factors.merge.hierarchic.share is not known (did you mean hierarchical?); merge has the keys hierarchical, naive
            merge.2.share: [1]          | s.yaml:11:12: factors.merge.2.share is not known; merge has the keys hierarchical, naive
            merge.naive: [1]            | s.yaml:11:12: factors.merge.naive must name a key of that merge
            merge.naive.groups: [[9]]   | s.yaml:11:34: merge[1].groups[0] must be at most the seeds.count of 8, was 9
            merge.0.shar: [1]           | s.yaml:11:12: merge[0].shar is not known (did you mean share?); a merge has the keys scheme, matching, share, stages, permute, sweepOrders, outputBias, groups, rounds, stop, iterations, repair, images
            seed: [1, 2]                | s.yaml:11:12: factors.seed is not known; an arm has the keys network, dataset, training, order, controls, merge, evaluate
            training..epochs: [1]       | s.yaml:11:12: training. is not known; training has the keys seeds, epochs, batch, optimiser, schedule, warmUp, augmentation, l1, l2, subset, start, checkpoints
            """)
    void an_error_points_to_the_factor_or_its_value(String factor, String message) {
        assertThat(refusal("factors: { " + factor + " }\n")).isEqualTo(message);
    }

    @Test
    void a_merge_that_is_not_the_only_one_of_its_scheme_is_named_by_its_number() {
        String twice = MERGED.replace("  - { scheme: naive, groups: [2] }\n", """
                  - { scheme: merge-many, groups: [2] }
                  - { scheme: merge-many, groups: [4], rounds: 1 }
                """);
        SpecificationException refused = catchThrowableOfType(
                SpecificationException.class,
                () -> StudyFile.read(twice + "factors: { merge.merge-many.stop: [l2, identity] }\n", "s.yaml"));

        assertThat(refused.getMessage())
                .isEqualTo("s.yaml:12:12: factors.merge.merge-many.stop must name one merge, but merge[1] and merge[2]"
                        + " are both merge-many: say merge.1 or merge.2");
        assertThat(StudyFile.read(twice + "factors: { merge.2.stop: [l2, identity] }\n", "s.yaml")
                        .arms())
                .extracting(Arm::name)
                .containsExactly("main", "stop=identity");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            merge.0.share: [0.1, 0.2], merge.hierarchical.share: [0.3, 0.4] | s.yaml:11:39: factors.merge.hierarchical.share must be about another setting than factors.merge.0.share
            "merge[0].share": [0.1, 0.2], merge.0.share: [0.3, 0.4]         | s.yaml:11:42: factors.merge.0.share must be about another setting than factors.merge[0].share
            merge.0.share: [0.1, 0.2], merge: [false]                       | s.yaml:11:39: factors.merge must be about another setting than factors.merge.0.share
            training.warmUp: [{ epochs: 1 }], training.warmUp.epochs: [2]   | s.yaml:11:46: factors.training.warmUp.epochs must be about another setting than factors.training.warmUp
            """)
    void two_factors_about_one_setting_are_refused(String factors, String message) {
        assertThat(refusal("factors: { " + factors + " }\n")).isEqualTo(message);
    }

    @Test
    void a_merge_keeps_its_name_while_factors_change_its_scheme() {
        assertThat(names("merge.naive.scheme: [reference, naive], merge.naive.groups: [[2], [4]]"))
                .containsExactly("main", "groups=4", "scheme=naive", "scheme=naive,groups=4");
    }

    @Test
    void factors_are_counted_before_they_are_compared() {
        String factors = IntStream.rangeClosed(1, 21)
                .mapToObj("training.key%d: [1]"::formatted)
                .collect(Collectors.joining(", "));

        assertThat(refusal("factors: { " + factors + " }\n"))
                .isEqualTo("s.yaml:11:10: factors must name at most 20 settings, had 21");
    }

    @Test
    void combinations_are_counted_before_any_is_made() {
        String numbers = IntStream.rangeClosed(1, 101).boxed().toList().toString();

        assertThat(refusal("factors: { training.epochs: %s }\n".formatted(numbers)))
                .isEqualTo("s.yaml:11:10: factors must have at most 100 combinations of values, had more");
        assertThat(refusal("factors: { training.epochs: %s, order: %s, training.batch: %s, training.seeds.from: %s }\n"
                        .formatted(numbers, numbers, numbers, numbers)))
                .isEqualTo("s.yaml:11:10: factors must have at most 100 combinations of values, had more");
    }

    private static String refusal(String rest) {
        SpecificationException refused = catchThrowableOfType(SpecificationException.class, () -> arms(rest));
        assertThat(refused).as(rest).isNotNull();
        return refused.getMessage();
    }
}

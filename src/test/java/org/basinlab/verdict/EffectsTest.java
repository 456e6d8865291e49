package org.basinlab.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.basinlab.ledger.Contrasts;
import org.basinlab.study.Arm;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.junit.jupiter.api.Test;

class EffectsTest {

    private static final String DROP = "merge-minus-leaves";
    private static final String GAP = "hierarchical-minus-merge-many";

    private static Study study(String factors) {
        return StudyFile.read("""
                study: s
                dataset: { name: synthetic-shapes }
                network: { mlp: { hidden: [8] } }
                training: { seeds: { from: 0, count: 16 }, epochs: 1, optimiser: { adam: { learningRate: 0.001 } } }
                merge:
                  - { scheme: hierarchical, stages: 2, permute: [second, first] }
                  - { scheme: merge-many, groups: [4], rounds: [5, 1] }
                %s
                """.formatted(factors), "s.yaml");
    }

    private static Contrasts.Row drop(String arm, int group, double value) {
        return new Contrasts.Row(arm, DROP, "hierarchical", "", Optional.empty(), 2, group, Optional.of(value), "ok");
    }

    private static Map<String, List<Long>> leaves(Study study) {
        Map<String, List<Long>> leaves = new HashMap<>();
        for (Arm arm : study.arms()) {
            long from = arm.order().equals("main") ? 0 : 100;
            leaves.put(
                    arm.name(),
                    LongStream.range(from, from + arm.leaves()).boxed().toList());
        }
        return leaves;
    }

    @Test
    void an_effect_is_the_mean_difference_of_the_same_groups_with_an_interval_around_it() {
        Study study = study("factors: { training.l2: [0, 0.1] }");
        List<Contrasts.Row> rows = new ArrayList<>();
        double[] own = {-0.1, -0.3, -0.2, -0.4, -0.25, -0.15, -0.35, -0.05};
        for (int group = 0; group < own.length; group++) {
            rows.add(drop("main", group, own[group]));
            rows.add(drop("l2=0.1", group, own[group] + 0.05 + (group % 2 == 0 ? 0.001 : -0.001)));
        }

        EffectTable table = Effects.of(study, rows, leaves(study));

        assertThat(table.outcomes()).singleElement().satisfies(outcome -> {
            assertThat(outcome.contrast()).isEqualTo(DROP);
            assertThat(outcome.groupSize()).isEqualTo(2);
            assertThat(outcome.own().mean().orElseThrow()).isCloseTo(-0.225, within(1e-12));
            assertThat(outcome.effects()).singleElement().satisfies(effect -> {
                assertThat(effect.factor()).isEqualTo("l2");
                assertThat(effect.value()).isEqualTo("0.1");
                assertThat(effect.pairing()).isEqualTo(EffectTable.LEAVES);
                assertThat(effect.arms()).isEqualTo(1);
                assertThat(effect.excluded()).isZero();
                assertThat(effect.level().orElseThrow()).isCloseTo(-0.175, within(1e-12));
                assertThat(effect.reference().orElseThrow()).isCloseTo(-0.225, within(1e-12));
                assertThat(effect.difference().n()).isEqualTo(8);
                assertThat(effect.difference().mean().orElseThrow()).isCloseTo(0.05, within(1e-12));
                // Groups differ by tenths, the difference within a group by thousandths: pairing takes the groups out.
                assertThat(effect.difference().low().orElseThrow()).isBetween(0.048, 0.05);
                assertThat(effect.difference().high().orElseThrow()).isBetween(0.05, 0.052);
            });
        });
        assertThat(Effects.of(study, rows, leaves(study))).isEqualTo(table);
    }

    @Test
    void the_effect_of_crossed_factors_is_averaged_over_the_other() {
        Study study = study("factors: { training.l2: [0, 0.1], training.epochs: [1, 2] }");
        List<Contrasts.Row> rows = new ArrayList<>();
        for (int group = 0; group < 8; group++) {
            rows.add(drop("main", group, 0));
            rows.add(drop("epochs=2", group, 0.1));
            rows.add(drop("l2=0.1", group, 0.01));
            rows.add(drop("l2=0.1,epochs=2", group, 0.13));
        }

        List<EffectTable.Effect> effects =
                Effects.of(study, rows, leaves(study)).outcomes().get(0).effects();

        assertThat(effects)
                .extracting(effect -> effect.factor() + "=" + effect.value())
                .containsExactly("epochs=2", "l2=0.1");
        assertThat(effects).allSatisfy(effect -> assertThat(effect.arms()).isEqualTo(2));
        assertThat(effects.get(0).difference().mean().orElseThrow()).isCloseTo((0.1 + 0.12) / 2, within(1e-12));
        assertThat(effects.get(1).difference().mean().orElseThrow()).isCloseTo((0.01 + 0.03) / 2, within(1e-12));
    }

    @Test
    void an_arm_of_its_own_is_paired_by_index_over_the_groups_that_both_have() {
        Study study = study("""
                arms: { other: { training: { seeds: { from: 100, count: 12 }, l2: 0.1, epochs: 2 } } }
                """);
        List<Contrasts.Row> rows = new ArrayList<>();
        IntStream.range(0, 8).forEach(group -> rows.add(drop("main", group, -0.2)));
        IntStream.range(0, 6).forEach(group -> rows.add(drop("other", group, -0.1)));

        EffectTable.Effect effect = Effects.of(study, rows, leaves(study))
                .outcomes()
                .get(0)
                .effects()
                .get(0);

        assertThat(effect.factor()).isEqualTo("arm");
        assertThat(effect.value()).isEqualTo("other");
        assertThat(effect.pairing()).isEqualTo(EffectTable.INDEX);
        assertThat(effect.difference().n()).isEqualTo(6);
        assertThat(effect.excluded()).isZero();
    }

    @Test
    void groups_without_a_number_are_counted_and_left_out() {
        Study study = study("factors: { training.l2: [0, 0.1] }");
        List<Contrasts.Row> rows = new ArrayList<>();
        for (int group = 0; group < 8; group++) {
            rows.add(drop("main", group, 0));
            if (group != 3) {
                rows.add(drop("l2=0.1", group, 0.1));
            }
        }
        rows.set(
                0,
                new Contrasts.Row("main", DROP, "hierarchical", "", Optional.empty(), 2, 0, Optional.empty(), "nan"));

        EffectTable.Effect effect = Effects.of(study, rows, leaves(study))
                .outcomes()
                .get(0)
                .effects()
                .get(0);

        assertThat(effect.difference().n()).isEqualTo(6);
        assertThat(effect.excluded()).isEqualTo(2);
    }

    @Test
    void one_group_has_a_difference_and_no_interval() {
        Study study = study("factors: { training.l2: [0, 0.1] }");
        List<Contrasts.Row> rows = List.of(drop("main", 0, 0), drop("l2=0.1", 0, 0.1));

        EffectTable.Effect effect = Effects.of(study, rows, leaves(study))
                .outcomes()
                .get(0)
                .effects()
                .get(0);

        assertThat(effect.difference())
                .isEqualTo(new EffectTable.Estimate(1, Optional.of(0.1), Optional.empty(), Optional.empty()));
        assertThat(effect.excluded()).isEqualTo(7);
    }

    @Test
    void of_each_arm_its_tree_and_its_first_merge_many_count() {
        Study study = study("factors: { merge.merge-many.rounds: [5, 1, 2] }");
        List<Contrasts.Row> rows = new ArrayList<>();
        for (int group = 0; group < 4; group++) {
            rows.add(gap("main", "", "rounds=5,stop=l2", group, 0.3));
            rows.add(gap("main", "permute=first", "rounds=5,stop=l2", group, 9));
            rows.add(gap("main", "", "rounds=1,stop=l2", group, 9));
            rows.add(gap("rounds=1", "", "rounds=1,stop=l2", group, 0.1));
        }

        EffectTable table = Effects.of(study, rows, leaves(study));

        assertThat(table.outcomes()).singleElement().satisfies(outcome -> {
            assertThat(outcome.contrast()).isEqualTo(GAP);
            assertThat(outcome.own().mean()).contains(0.3);
            // Nothing was measured of the arm rounds=2.
            assertThat(outcome.effects()).singleElement().satisfies(effect -> {
                assertThat(effect.value()).isEqualTo("1");
                assertThat(effect.difference().mean().orElseThrow()).isCloseTo(-0.2, within(1e-12));
            });
        });
    }

    private static Contrasts.Row gap(String arm, String tree, String many, int group, double value) {
        return new Contrasts.Row(arm, GAP, "hierarchical", tree, Optional.of(many), 4, group, Optional.of(value), "ok");
    }

    @Test
    void a_study_without_factors_compares_nothing() {
        Study study = study("");

        assertThat(Effects.of(study, List.of(drop("main", 0, 0.1)), leaves(study))
                        .isEmpty())
                .isTrue();
    }
}

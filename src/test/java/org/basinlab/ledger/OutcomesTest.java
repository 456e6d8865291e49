package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.StoreForTests;
import org.basinlab.recipe.ControlStep;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Points;
import org.basinlab.recipe.Split;
import org.basinlab.workflow.ImageOutcome;
import org.basinlab.workflow.Measurement;
import org.basinlab.workflow.NewNetwork;
import org.basinlab.workflow.SanityCheck;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;
import org.junit.jupiter.api.Test;

/** What stands behind the numbers, and the networks that merges are set against, in a real PostgreSQL. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class OutcomesTest {

    private static final int IMAGES = 12;
    private static final MergeStep.Pair PAIR = new MergeStep.Pair(new Matching.Weight(), 0.5);

    @Inject
    LedgerFixture ledger;

    @Inject
    Completions completions;

    @Inject
    Lineage lineage;

    @Inject
    DataSource database;

    /** Two leaves, their merge, a control of it, an attack on the merge, and both leaves as one classifier. */
    private static SmallPlan plan(long seed) {
        SmallPlan plan = new SmallPlan(seed);
        int first = plan.train(0);
        int second = plan.train(1);
        int merged = plan.merge(PAIR, first, second);
        plan.control(new ControlStep.NoiseMatched(), images(plan), merged, first);
        plan.evaluate(
                new TaskSpec.Evaluate(
                        new MetricRequest.Fgsm(Points.of("0", "0.1"), InputSpace.PIXEL), Optional.of(images(plan))),
                merged);
        plan.evaluate(
                new TaskSpec.Evaluate(
                        new MetricRequest.Accuracy(),
                        Optional.of(images(plan)),
                        Optional.empty(),
                        Optional.of(TaskSpec.Combination.LOGIT_MEAN)),
                first,
                second);
        return plan;
    }

    private static TaskSpec.Images images(SmallPlan plan) {
        return new TaskSpec.Images(plan.arm().dataset(), Split.TEST, Optional.of(IMAGES));
    }

    private static TaskOutcome outcome(Lease lease) {
        if (lease.spec() instanceof TaskSpec.Evaluate evaluate) {
            return evaluate.combination().isPresent() ? together() : attacked();
        }
        if (lease.spec() instanceof TaskSpec.Control) {
            return control(lease);
        }
        return LedgerFixture.success(lease);
    }

    private static TaskOutcome together() {
        Measurement accuracy = Measurement.onImages("accuracy", Split.TEST, IMAGES, 0.25);
        return new TaskOutcome.Succeeded(
                Optional.empty(), List.of(accuracy), List.of(ImageOutcome.correct(accuracy, bits(3, 4, 11))), List.of());
    }

    private static TaskOutcome attacked() {
        Measurement clean = Measurement.onImages("fgsm-accuracy", Split.TEST, IMAGES, 0.5)
                .in(InputSpace.PIXEL)
                .at(0)
                .soundIf(false);
        Measurement attacked = clean.at(new BigDecimal("0.1"));
        Measurement mean = Measurement.onImages("deepfool-l2-mean", Split.TEST, IMAGES, 0.2)
                .in(InputSpace.PIXEL);
        float[] distances = new float[IMAGES];
        distances[0] = Float.NaN;
        distances[1] = 0.1f;
        return new TaskOutcome.Succeeded(
                Optional.empty(),
                List.of(clean, attacked, mean),
                List.of(
                        ImageOutcome.correct(clean, bits(0, 1, 2, 3, 4, 5)),
                        ImageOutcome.correct(attacked, new BitSet()),
                        ImageOutcome.distances(mean, distances)),
                List.of(
                        new SanityCheck("fgsm-accuracy", Optional.of("pixel"), "clean-at-zero", 0.1, 0, false),
                        new SanityCheck("fgsm-accuracy", Optional.of("pixel"), "monotone", 0, 0.02, true)));
    }

    private static TaskOutcome control(Lease lease) {
        TaskOutcome.Succeeded like = (TaskOutcome.Succeeded) LedgerFixture.success(lease);
        NewNetwork network = like.network().orElseThrow();
        List<NewNetwork.Parent> parents = List.of(
                new NewNetwork.Parent(0, Optional.empty()), new NewNetwork.Parent(1, Optional.empty()));
        return new TaskOutcome.Succeeded(
                Optional.of(new NewNetwork(network.architecture(), network.checkpoint(), parents)),
                List.of(Measurement.scalar("control-noise", 0.01)));
    }

    private static BitSet bits(int... set) {
        BitSet bits = new BitSet();
        for (int bit : set) {
            bits.set(bit);
        }
        return bits;
    }

    private UUID run(SmallPlan plan) {
        UUID study = ledger.submit(plan);
        UUID worker = ledger.worker();
        for (List<Lease> some = ledger.claim(worker, study, 9);
                !some.isEmpty();
                some = ledger.claim(worker, study, 9)) {
            some.forEach(lease -> completions.finish(lease, outcome(lease)));
        }
        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
        return study;
    }

    @Test
    void bits_begin_with_the_first_image_and_distances_keep_every_float() {
        UUID study = run(plan(1301));

        assertThat(ledger.ask("""
                        SELECT string_agg(CAST(at AS text) || ' ' || CAST(correct AS text), ', ' ORDER BY at)
                          FROM results.outcomes
                         WHERE study_id = ?1 AND metric = 'fgsm-accuracy' AND space = 'pixel' AND scheme = 'hierarchical'
                        """, String.class, study))
                .isEqualTo("0.000000 111111000000, 0.100000 000000000000");
        assertThat(ledger.ask("""
                        SELECT distances[1] || ' ' || (distances[2] = CAST(0.1 AS real)) || ' ' || cardinality(distances)
                          FROM results.outcomes
                         WHERE study_id = ?1 AND metric = 'deepfool-l2-mean' AND correct IS NULL
                        """, String.class, study))
                .isEqualTo("NaN true 12");
    }

    @Test
    void a_failed_check_stands_beside_metrics_that_decide_nothing() {
        UUID study = run(plan(1302));

        assertThat(ledger.ask("""
                        SELECT string_agg(check_name || ' ' || measured || ' ' || bound || ' ' || passed, ', ' ORDER BY check_name)
                          FROM results.checks
                         WHERE study_id = ?1 AND metric = 'fgsm-accuracy' AND scheme = 'hierarchical' AND group_size = 2
                        """, String.class, study))
                .isEqualTo("clean-at-zero 0.1 0 false, monotone 0 0.02 true");
        assertThat(new Reports(database).table(study))
                .filteredOn(row -> row.metric().equals("fgsm-accuracy"))
                .hasSize(2)
                .allSatisfy(row -> {
                    assertThat(row.mean()).isEmpty();
                    assertThat(row.excluded()).isEqualTo(1);
                    assertThat(row.checkFailed()).isEqualTo(1);
                });
    }

    @Test
    void several_networks_measured_as_one_have_a_place_and_no_network() {
        UUID study = run(plan(1303));

        assertThat(ledger.ask("""
                        SELECT m.scheme || ' ' || m.group_size || ' ' || m.value || ' ' || (m.network_id IS NULL)
                               || ' ' || CAST(o.correct AS text) || ' ' || (o.network_id IS NULL)
                          FROM results.metrics m
                          JOIN results.outcomes o USING (study_id, scheme, group_id, metric)
                         WHERE m.study_id = ?1 AND m.metric = 'accuracy'
                        """, String.class, study))
                .isEqualTo("logit-ensemble 2 0.25 true 000110000001 true");
        assertThat(new Listings(database)
                        .metrics(study, Optional.of("accuracy"), Optional.empty(), Optional.empty(), new Slice(100, Optional.empty()))
                        .items())
                .singleElement()
                .satisfies(metric -> assertThat(metric.networkId()).isEmpty());
    }

    @Test
    void a_second_study_takes_outcomes_checks_and_ensembles_without_measuring() {
        SmallPlan plan = plan(1304);
        UUID first = run(plan);

        UUID second = ledger.submit(plan);

        assertThat(ledger.state(second)).isEqualTo("SUCCEEDED");
        assertThat(ledger.tasks(second, "SUCCEEDED")).isEqualTo(6);
        for (String view : List.of("metrics", "outcomes", "checks")) {
            String count = "SELECT count(*) FROM results.%s WHERE study_id = ?1".formatted(view);
            assertThat(ledger.ask(count, Long.class, second))
                    .as(view)
                    .isPositive()
                    .isEqualTo(ledger.ask(count, Long.class, first));
        }
        assertThat(ledger.ask(
                        "SELECT count(*) FROM results.tasks WHERE study_id = ?1 AND reused_from IS NULL",
                        Long.class,
                        second))
                .isZero();
        assertThat(ledger.ask(
                        "SELECT count(*) FROM results.outcomes WHERE study_id = ?1 AND scheme = 'logit-ensemble'"
                                + " AND network_id IS NULL",
                        Long.class,
                        second))
                .isEqualTo(1);
    }

    @Test
    void a_control_stands_among_the_networks_and_only_its_leaf_is_its_leaf() {
        UUID study = run(plan(1305));

        assertThat(ledger.ask("""
                        SELECT origin || ' ' || scheme || ' ' || group_size || ' ' || seed
                          FROM results.networks
                         WHERE study_id = ?1 AND origin = 'control'
                        """, String.class, study))
                .isEqualTo("control noise-matched 2 0");
        assertThat(ledger.ask("""
                        SELECT string_agg(a.scheme || ' ' || coalesce(CAST(a.seed AS text), '-') || ' ' || l.is_leaf || ' '
                                          || l.by_comparison, ', ' ORDER BY a.scheme, a.seed)
                          FROM results.lineage l
                          JOIN results.networks c ON c.id = l.network_id AND c.origin = 'control'
                          JOIN results.networks a ON a.id = l.ancestor_id
                         WHERE c.study_id = ?1 AND a.study_id = ?1
                        """, String.class, study))
                .isEqualTo("hierarchical - false true, trained 0 true false, trained 1 false true");
    }

    @Test
    void what_became_of_the_parents_of_a_merge_is_told_in_their_order() {
        UUID study = run(plan(1306));
        UUID merged = ledger.ask(
                "SELECT id FROM results.networks WHERE study_id = ?1 AND scheme = 'hierarchical'", UUID.class, study);

        List<Lineage.Parent> parents = lineage.parents(merged);

        assertThat(parents).extracting(Lineage.Parent::share).containsExactly(0.5, 0.5);
        assertThat(parents.get(1).permutation().map(Map::keySet)).contains(java.util.Set.of("P_0"));
        assertThat(parents.get(1).permutation().orElseThrow().get("P_0")).containsExactly(1, 0, 2, 3);
    }

    @Test
    void an_outcome_of_another_length_is_refused() {
        UUID study = run(plan(1307));

        assertThatThrownBy(() -> ledger.change(
                        "UPDATE ledger.outcome SET correct = CAST(correct AS bit varying) || B'1'"
                                + " WHERE correct IS NOT NULL AND task_id IN (SELECT id FROM ledger.task WHERE study_id = ?1)",
                        study))
                .hasStackTraceContaining("outcome_has_every_bit");
        assertThatThrownBy(() -> ledger.change(
                        "UPDATE ledger.outcome SET distances = distances[1:3]"
                                + " WHERE distances IS NOT NULL AND task_id IN (SELECT id FROM ledger.task WHERE study_id = ?1)",
                        study))
                .hasStackTraceContaining("outcome_has_every_distance");
    }
}

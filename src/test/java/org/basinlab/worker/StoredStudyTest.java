package org.basinlab.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.basinlab.StoreForTests;
import org.basinlab.ledger.Completions;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.SmallPlan;
import org.basinlab.network.Weights;
import org.basinlab.recipe.ControlStep;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Permuted;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Split;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;
import org.junit.jupiter.api.Test;

/** Merges, controls and measurements of small networks, really made, in a real store. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class StoredStudyTest {

    private static final MergeStep.Pair SECOND = pair(Optional.empty());

    @Inject
    LedgerFixture ledger;

    @Inject
    LocalRunner runner;

    @Inject
    DataShelf data;

    @Inject
    NetworkShelf networks;

    @Inject
    Completions completions;

    private static MergeStep.Pair pair(Optional<Permuted> permute) {
        return new MergeStep.Pair(new Matching.Weight(), 0.3, permute);
    }

    private static TaskSpec.Images images(SmallPlan plan, Split split) {
        return new TaskSpec.Images(plan.arm().dataset(), split, Optional.of(400));
    }

    private UUID submit(SmallPlan plan) {
        return ledger.submit(
                plan, Map.of(KnownDataset.SYNTHETIC_SHAPES, data.facts(plan.arm().dataset())));
    }

    private List<TaskOutcome.Succeeded> run(UUID study) {
        List<TaskOutcome.Succeeded> outcomes = new ArrayList<>();
        UUID worker = ledger.worker();
        for (List<Lease> one = ledger.claim(worker, study, 1);
                !one.isEmpty();
                one = ledger.claim(worker, study, 1)) {
            TaskOutcome outcome = runner.run(one.get(0), Progress.UNWATCHED);
            assertThat(outcome).isInstanceOf(TaskOutcome.Succeeded.class);
            completions.finish(one.get(0), outcome);
            outcomes.add((TaskOutcome.Succeeded) outcome);
        }
        assertThat(ledger.state(study)).isEqualTo("SUCCEEDED");
        return outcomes;
    }

    private Weights network(UUID study, String scheme) {
        return networks.get(ledger.ask(
                        "SELECT sha256 FROM results.networks WHERE study_id = ?1 AND scheme = ?2",
                        String.class,
                        study,
                        scheme))
                .weights();
    }

    /** {@code 0.7 -} for each parent: its share, and {@code moved} where it was permuted. */
    private String parents(UUID study, String scheme) {
        return ledger.ask("""
                        SELECT string_agg(p.share || ' ' || CASE WHEN p.permutation IS NULL THEN '-' ELSE 'moved' END, ', '
                                          ORDER BY p.position)
                          FROM ledger.network_parent p
                          JOIN results.networks n ON n.id = p.network_id
                         WHERE n.study_id = ?1 AND n.scheme = ?2
                        """, String.class, study, scheme);
    }

    @Test
    void the_better_of_a_pair_is_the_one_that_is_moved() {
        SmallPlan plan = new SmallPlan(1601);
        int first = plan.train(0);
        int second = plan.train(1);
        TaskSpec.Merge better = new TaskSpec.Merge(
                pair(Optional.of(Permuted.BETTER)), 5, Optional.of(images(plan, Split.TRAIN)));
        plan.merge(better, first, second);
        for (int input : List.of(first, second)) {
            plan.evaluate(
                    new TaskSpec.Evaluate(new MetricRequest.Accuracy(), Optional.of(images(plan, Split.TRAIN))), input);
        }
        UUID study = submit(plan);

        run(study);

        boolean firstIsBetter = ledger.ask("""
                        SELECT min(value) FILTER (WHERE seed = 0) < min(value) FILTER (WHERE seed = 1)
                          FROM results.metrics
                         WHERE study_id = ?1 AND metric = 'loss'
                        """, Boolean.class, study);
        assertThat(parents(study, "hierarchical")).isEqualTo(firstIsBetter ? "0.7 moved, 0.3 -" : "0.7 -, 0.3 moved");
    }

    @Test
    void controls_are_made_and_say_how_near_they_came() {
        SmallPlan plan = new SmallPlan(1602);
        int first = plan.train(0);
        int second = plan.train(1);
        int merged = plan.merge(SECOND, first, second);
        TaskSpec.Images images = images(plan, Split.TEST);
        plan.control(
                new ControlStep.EarlyStop(plan.arm().network(), plan.arm().training(), plan.seed(0)), images, merged);
        plan.control(new ControlStep.WeightNoise(), images, merged, first);
        plan.control(new ControlStep.NormRescaled(), images, merged, first);
        UUID study = submit(plan);

        run(study);

        assertThat(ledger.ask("""
                        SELECT string_agg(scheme || ' ' || metric, ', ' ORDER BY scheme, metric)
                          FROM results.metrics
                         WHERE study_id = ?1 AND metric LIKE 'control-%'
                        """, String.class, study))
                .isEqualTo("equal-accuracy-early-stop control-accuracy-difference, equal-accuracy-early-stop control-step,"
                        + " equal-accuracy-weight-noise control-accuracy-difference,"
                        + " equal-accuracy-weight-noise control-noise");
        assertThat(parents(study, "equal-accuracy-early-stop")).isEqualTo("0 -");
        assertThat(parents(study, "norm-rescaled")).isEqualTo("0 -, 1 -");
        assertThat(ledger.ask("""
                        SELECT count(*)
                          FROM results.metrics
                         WHERE study_id = ?1 AND metric = 'seconds' AND value >= 0
                        """, Long.class, study)).isEqualTo(6);
        assertThat(networks.get(ledger.ask(
                                "SELECT sha256 FROM results.networks WHERE study_id = ?1 AND scheme = 'norm-rescaled'",
                                String.class,
                                study))
                        .metadata()
                        .get("provenance"))
                .contains("\"control\":{", "norm-rescaled");
    }

    @Test
    void a_control_stops_when_it_is_asked_to() {
        SmallPlan plan = new SmallPlan(1603);
        int first = plan.train(0);
        int merged = plan.merge(SECOND, first, plan.train(1));
        plan.control(
                new ControlStep.EarlyStop(plan.arm().network(), plan.arm().training(), plan.seed(0)),
                images(plan, Split.TEST),
                merged);
        UUID study = submit(plan);
        UUID worker = ledger.worker();
        for (int task = 0; task < 3; task++) {
            Lease lease = ledger.claimOne(worker, study);
            completions.finish(lease, runner.run(lease, Progress.UNWATCHED));
        }
        Lease control = ledger.claimOne(worker, study);
        List<Double> said = new ArrayList<>();

        assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> runner.run(control, done -> {
            said.add(done);
            if (said.size() == 3) {
                throw new CancellationException("the worker stops");
            }
        }));

        assertThat(said).hasSize(3).isSorted();
    }

    @Test
    void a_barrier_stands_between_the_parents_as_the_merge_moved_them_also_when_it_is_reused() {
        SmallPlan before = new SmallPlan(1604);
        before.merge(pair(Optional.of(Permuted.FIRST)), before.train(0), before.train(1));
        UUID earlier = submit(before);
        run(earlier);
        SmallPlan plan = new SmallPlan(1604);
        int first = plan.train(0);
        int second = plan.train(1);
        int merged = plan.merge(pair(Optional.of(Permuted.FIRST)), first, second);
        TaskSpec.Images images = images(plan, Split.TEST);
        plan.evaluate(
                new TaskSpec.Evaluate(new MetricRequest.Barrier(11), Optional.of(images)), merged, first, second);
        plan.evaluate(new TaskSpec.Evaluate(new MetricRequest.Accuracy(), Optional.of(images)), merged);
        plan.evaluate(new TaskSpec.Evaluate(new MetricRequest.Accuracy(), Optional.of(images)), first);
        UUID study = submit(plan);

        List<TaskOutcome.Succeeded> measured = run(study);

        assertThat(parents(earlier, "hierarchical")).isEqualTo("0.7 moved, 0.3 -");
        assertThat(measured).hasSize(3);
        // At λ = 0.3 the line between the moved parents holds the merge; at 0 it begins with the first, moved or not.
        assertThat(path(study, "permuted", "0.3")).isCloseTo(loss(study, "hierarchical"), within(1e-4));
        assertThat(path(study, "permuted", "0")).isCloseTo(loss(study, "trained"), within(1e-4));
        assertThat(path(study, "naive", "0")).isCloseTo(loss(study, "trained"), within(1e-4));
        assertThat(network(study, "hierarchical")).isEqualTo(network(earlier, "hierarchical"));
    }

    private static org.assertj.core.data.Offset<Double> within(double offset) {
        return org.assertj.core.api.Assertions.within(offset);
    }

    private double path(UUID study, String variant, String at) {
        return ledger.ask("""
                        SELECT value
                          FROM results.metrics
                         WHERE study_id = ?1 AND metric = 'path-loss' AND variant = ?2 AND at = CAST(?3 AS numeric)
                        """, Double.class, study, variant, at);
    }

    private double loss(UUID study, String scheme) {
        return ledger.ask(
                "SELECT value FROM results.metrics WHERE study_id = ?1 AND metric = 'loss' AND scheme = ?2",
                Double.class,
                study,
                scheme);
    }

    @Test
    void several_networks_that_answer_as_one_have_outcomes_and_no_network() {
        SmallPlan plan = new SmallPlan(1605);
        plan.evaluate(
                new TaskSpec.Evaluate(
                        new MetricRequest.Accuracy(),
                        Optional.of(images(plan, Split.TEST)),
                        Optional.empty(),
                        Optional.of(TaskSpec.Combination.LOGIT_MEAN)),
                plan.train(0),
                plan.train(1));
        UUID study = submit(plan);

        run(study);

        assertThat(ledger.ask("""
                        SELECT m.value = bit_count(o.correct) / 400.0 AND m.network_id IS NULL AND m.scheme = 'logit-ensemble'
                          FROM results.metrics m
                          JOIN results.outcomes o USING (study_id, scheme, group_id, metric, split)
                         WHERE m.study_id = ?1
                        """, Boolean.class, study)).isTrue();
    }
}

package org.basinlab.bundle;

import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.dispatch.DataCatalogue;
import org.basinlab.dispatch.TaskRunner;
import org.basinlab.ledger.Completions;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.ledger.SmallPlan;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Split;
import org.basinlab.study.Claim;
import org.basinlab.study.Specification;
import org.basinlab.workflow.Conclusion;
import org.basinlab.workflow.ImageOutcome;
import org.basinlab.workflow.Measurement;
import org.basinlab.workflow.SanityCheck;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;

/** Small studies that were really run: trained, merged, measured, with something failed and something that is no number. */
@ApplicationScoped
class RealStudy {

    static final String UNITS = """
            SELECT arm || '/' || group_id AS unit, value, status
              FROM results.metrics
             WHERE study_id = '%s' AND metric = 'accuracy'
             ORDER BY scheme, group_id, seed""";

    private static final MergeStep.Pair PAIR = new MergeStep.Pair(new Matching.Weight(), 0.5, Optional.empty());

    private final LedgerFixture ledger;
    private final TaskRunner runner;
    private final Completions completions;
    private final DataCatalogue data;
    private final DataSource database;

    RealStudy(
            LedgerFixture ledger, TaskRunner runner, Completions completions, DataCatalogue data, DataSource database) {
        this.ledger = ledger;
        this.runner = runner;
        this.completions = completions;
        this.data = data;
        this.database = database;
    }

    private static TaskSpec.Images images(SmallPlan plan) {
        return new TaskSpec.Images(plan.arm().dataset(), Split.TEST, Optional.of(100));
    }

    /** Two leaves and their merge, with accuracy and DeepFool; a calibration of which nothing comes, a third leaf that fails. */
    UUID run(long seed) {
        SmallPlan plan = new SmallPlan(seed);
        int first = plan.train(0);
        int second = plan.train(1);
        int merged = plan.merge(PAIR, first, second);
        for (int network : List.of(first, second, merged)) {
            plan.evaluate(new TaskSpec.Evaluate(new MetricRequest.Accuracy(), Optional.of(images(plan))), network);
        }
        plan.evaluate(new TaskSpec.Evaluate(new MetricRequest.WeightNorm(), Optional.empty()), merged);
        int failing = plan.train(7);
        plan.evaluate(new TaskSpec.Evaluate(new MetricRequest.WeightNorm(), Optional.empty()), failing);
        UUID study = ledger.submit(
                plan,
                Map.of(KnownDataset.SYNTHETIC_SHAPES, data.facts(plan.arm().dataset())));
        UUID worker = ledger.worker();
        for (List<Lease> one = ledger.claim(worker, study, 1); !one.isEmpty(); one = ledger.claim(worker, study, 1)) {
            completions.finish(one.get(0), outcome(plan, one.get(0)));
        }
        return study;
    }

    private TaskOutcome outcome(SmallPlan plan, Lease lease) {
        if (lease.spec() instanceof TaskSpec.Train train && train.seed() == plan.seed(7)) {
            return new TaskOutcome.Rejected("=loss must be finite, \"was\" NaN,\nafter step 3");
        }
        if (lease.spec() instanceof TaskSpec.Evaluate evaluate
                && evaluate.metric() instanceof MetricRequest.WeightNorm) {
            return oddities();
        }
        return runner.run(lease, Progress.UNWATCHED);
    }

    /** What a column could lose on its way. */
    private static TaskOutcome oddities() {
        Measurement distances = Measurement.onImages("deepfool-l2-mean", Split.TEST, 5, Double.NaN)
                .in(org.basinlab.recipe.InputSpace.PIXEL);
        Measurement bits = Measurement.onImages("fgsm-accuracy", Split.TEST, 11, 5.0 / 11)
                .in(org.basinlab.recipe.InputSpace.PIXEL)
                .at(new BigDecimal("0.002"));
        Measurement normalised = Measurement.onImages("fgsm-accuracy", Split.TEST, 11, 5.0 / 11)
                .in(org.basinlab.recipe.InputSpace.NORMALISED)
                .at(new BigDecimal("0.002"));
        BitSet right = new BitSet();
        for (int image : new int[] {0, 2, 3, 7, 10}) {
            right.set(image);
        }
        float[] found = {0.1f, Float.NaN, 1e-30f, 3.4028235e38f, 0.33333334f};
        return new TaskOutcome.Succeeded(
                Optional.empty(),
                List.of(
                        Measurement.scalar("weight-norm", 0.1 + 0.2),
                        Measurement.scalar("lipschitz-spectral", Double.POSITIVE_INFINITY),
                        Measurement.scalar("lipschitz-local", Double.MIN_VALUE).soundIf(false),
                        Measurement.scalar("ece", -0.0),
                        distances,
                        bits,
                        normalised),
                List.of(
                        ImageOutcome.correct(bits, right),
                        ImageOutcome.correct(normalised, right),
                        ImageOutcome.distances(distances, found)),
                List.of(new SanityCheck("fgsm-accuracy", Optional.of("pixel"), "monotone", 0.25, 0.125, false)));
    }

    /** As the judge leaves it: a claim as it was registered and its verdict, with the SQL of its units. */
    void judge(UUID study) {
        Specification.Need need = new Specification.Need(
                "main",
                "hierarchical",
                2,
                Optional.empty(),
                "fgsm-accuracy",
                Optional.of("normalised"),
                Optional.of("0.002"),
                Optional.of("test"));
        Specification primary = new Specification(
                "primary",
                Optional.empty(),
                Optional.empty(),
                2,
                "main",
                List.of(need),
                Map.of("accuracy", UNITS.formatted("{study}")),
                Map.of());
        Claim claim = new Claim(
                "H1",
                new Claim.Publication("arXiv:2510.09174", "v2", "A paper", "Somebody"),
                Claim.Source.PAPER,
                "abstract",
                "Pairs keep | their accuracy",
                "accuracy",
                "group of 2",
                "not reported",
                12,
                false,
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(primary),
                Optional.empty());
        Conclusion.Part part = new Conclusion.Part(
                "accuracy",
                Optional.of(-0.0123),
                Optional.of(-0.02),
                Optional.of(0.001),
                0.95,
                Optional.empty(),
                Optional.empty(),
                12,
                Map.of("nan", 1),
                Optional.of(0.04),
                Optional.of(0.08),
                Optional.of(0.5),
                Optional.of(1.0),
                true,
                Optional.of(0.03),
                UNITS.formatted(study),
                "ab".repeat(32));
        Conclusion conclusion = new Conclusion(
                "H1", Conclusion.Outcome.INCONCLUSIVE, Optional.empty(), "too little", List.of(part), 1, List.of());
        change("INSERT INTO ledger.claim (id, digest, definition) VALUES ('H1', '%s', '%s') ON CONFLICT DO NOTHING"
                .formatted(claim.digest(), json(claim)));
        change(
                "INSERT INTO ledger.study_claim (study_id, version, claim, digest, planned) VALUES ('%s', 1, 'H1', '%s', 12)"
                        .formatted(study, claim.digest()));
        change("""
                INSERT INTO ledger.verdict (study_id, version, claim, outcome, conclusion, task_id)
                SELECT '%1$s', 1, 'H1', 'inconclusive', '%2$s', min(CAST(id AS text))::uuid FROM ledger.task WHERE study_id = '%1$s'
                """.formatted(study, json(conclusion)));
    }

    private static String json(Object value) {
        return CanonicalJson.write(value).replace("'", "''");
    }

    private void change(String sql) {
        EmptyStore.change(database, sql);
    }
}

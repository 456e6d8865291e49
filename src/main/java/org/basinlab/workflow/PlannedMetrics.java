package org.basinlab.workflow;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.ControlStep;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Points;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.TrainingRecipe;
import org.basinlab.recipe.VectorNorm;
import org.basinlab.study.Arm;
import org.basinlab.study.Study;

/**
 * What the tasks of a plan will measure, before any of them is run: the names that the worker gives, without the numbers.
 * Of the rounds of a MergeMany that runs until it converges only the first is certain.
 */
public final class PlannedMetrics {

    private static final double NO_NUMBER = 0;

    private final Map<String, Architecture> networks = new HashMap<>();
    private final Set<PlannedMetric> found = new LinkedHashSet<>();
    private final Set<Kind> seen = new HashSet<>();

    private PlannedMetrics(Study study) {
        for (Arm arm : study.arms()) {
            networks.put(arm.name(), arm.network());
        }
    }

    /** Tasks that measure the same of networks in the same place. */
    private record Kind(String arm, String scheme, int groupSize, String variant, Object measured) {}

    /** Every number that the plan will give, each once. */
    public static Set<PlannedMetric> of(Study study, Plan plan) {
        PlannedMetrics metrics = new PlannedMetrics(study);
        plan.tasks().forEach(metrics::add);
        return metrics.found;
    }

    private void add(PlannedTask task) {
        Placement at = task.placement();
        Kind kind = new Kind(at.arm(), at.scheme(), at.groupSize(), at.variant(), measured(task.spec()));
        if (seen.add(kind)) {
            measurements(task).forEach(measurement -> found.add(PlannedMetric.of(at, measurement)));
        }
    }

    /** What tells apart tasks that measure different things: seeds do not. */
    private static Object measured(TaskSpec spec) {
        return spec.<Object>fold(
                train -> TaskSpec.Kind.TRAIN,
                merge -> TaskSpec.Kind.MERGE,
                control -> TaskSpec.Kind.CONTROL,
                evaluate -> List.of(
                        evaluate.metric() instanceof MetricRequest.RunningMean
                                ? MetricRequest.RunningMean.class
                                : evaluate.metric(),
                        evaluate.images(),
                        evaluate.combination()),
                judge -> TaskSpec.Kind.JUDGE,
                probe -> TaskSpec.Kind.PROBE);
    }

    private List<Measurement> measurements(PlannedTask task) {
        return task.spec()
                .fold(
                        PlannedMetrics::ofTraining,
                        merge -> ofMerge(merge.step()),
                        control -> ofControl(control.step()),
                        evaluate -> ofEvaluation(
                                evaluate,
                                task.placement().arm(),
                                task.placement().groupSize()),
                        judge -> List.of(),
                        probe -> List.of());
    }

    private static List<Measurement> ofTraining(TaskSpec.Train train) {
        TrainingRecipe training = train.training();
        KnownDataset data = train.dataset().name();
        int images = training.subset().map(some -> some.images(data)).orElse(data.images(Split.TRAIN));
        List<Measurement> measured = new ArrayList<>(List.of(scalar("seconds")));
        for (int epoch = 1; epoch <= training.epochs(); epoch++) {
            for (String metric : List.of("epoch-loss", "epoch-accuracy")) {
                measured.add(Measurement.onImages(metric, Split.TRAIN, images, NO_NUMBER)
                        .at(epoch));
                measured.add(Measurement.onImages(metric, Split.TEST, data.images(Split.TEST), NO_NUMBER)
                        .at(epoch));
            }
        }
        return measured;
    }

    private static List<Measurement> ofMerge(MergeStep step) {
        List<Measurement> measured = new ArrayList<>(List.of(scalar("seconds"), scalar("matchings")));
        if (!(step instanceof MergeStep.Mean)) {
            measured.addAll(List.of(scalar("sweeps"), scalar("l2-before"), scalar("l2-after")));
        }
        if (step instanceof MergeStep.Many || step instanceof MergeStep.CycleConsistent) {
            measured.addAll(List.of(scalar("rounds"), scalar("converged")));
        }
        if (step instanceof MergeStep.GreedySoup) {
            measured.add(scalar("members"));
        }
        return measured;
    }

    private static List<Measurement> ofControl(ControlStep step) {
        List<Measurement> measured = new ArrayList<>(List.of(scalar("seconds")));
        if (step.readsImages()) {
            measured.add(scalar("control-accuracy-difference"));
        }
        if (step instanceof ControlStep.EarlyStop) {
            measured.add(scalar("control-step"));
        } else if (step instanceof ControlStep.L2Path) {
            measured.add(scalar("control-coefficient"));
        } else if (step instanceof ControlStep.WeightNoise) {
            measured.add(scalar("control-noise"));
        }
        return measured;
    }

    private List<Measurement> ofEvaluation(TaskSpec.Evaluate spec, String arm, int groupSize) {
        MetricRequest metric = spec.metric();
        if (metric instanceof MetricRequest.WeightNorm) {
            return weightNorm(Optional.ofNullable(networks.get(arm)).orElseThrow());
        }
        if (metric instanceof MetricRequest.LipschitzSpectral) {
            return networks.get(arm) instanceof Architecture.Mlp
                    ? List.of(scalar("lipschitz-spectral"))
                    : List.of(scalar("lipschitz-spectral"), scalar("lipschitz-spectral-lower"));
        }
        if (metric instanceof MetricRequest.CounterExample example) {
            return counterExample(example);
        }
        if (metric instanceof MetricRequest.Scaling scaling) {
            return new OnImages(spec.images().orElseThrow()).scaling(scaling, groupSize > 1);
        }
        return new OnImages(spec.images().orElseThrow()).of(metric);
    }

    private static List<Measurement> weightNorm(Architecture network) {
        List<Measurement> measured = new ArrayList<>(List.of(scalar("weight-norm")));
        int layers = network.modules().size();
        for (int layer = 0; layer < layers; layer++) {
            measured.add(scalar("weight-norm-layer").at(layer));
        }
        return measured;
    }

    private static List<Measurement> counterExample(MetricRequest.CounterExample example) {
        List<Measurement> measured = new ArrayList<>();
        for (String swap : List.of("identity", "first", "second", "both")) {
            for (int i = 0; i < example.lambdas(); i++) {
                measured.add(scalar("path-accuracy")
                        .variant(swap)
                        .at(BigDecimal.valueOf((double) i / (example.lambdas() - 1))));
            }
            measured.add(scalar("barrier-accuracy").variant(swap));
        }
        measured.add(scalar("barrier-accuracy").variant("best"));
        return measured;
    }

    private static Measurement scalar(String metric) {
        return Measurement.scalar(metric, NO_NUMBER);
    }

    /** Numbers over the images of one task. */
    private record OnImages(TaskSpec.Images images) {

        private List<Measurement> of(MetricRequest metric) {
            if (metric instanceof MetricRequest.Accuracy) {
                return List.of(one("accuracy"), one("loss"), one("logit-margin-median"));
            }
            if (metric instanceof MetricRequest.Calibration) {
                return List.of(one("ece"));
            }
            if (metric instanceof MetricRequest.LipschitzLocal) {
                return List.of(one("lipschitz-local"));
            }
            if (metric instanceof MetricRequest.LipschitzSampled) {
                return List.of(
                        one("lipschitz-sampled"), one("lipschitz-sampled").variant("local"));
            }
            if (metric instanceof MetricRequest.Barrier barrier) {
                return barrier(barrier);
            }
            if (metric instanceof MetricRequest.RunningMean) {
                return List.of(
                        one("running-mean-loss").at(0), one("running-mean-loss").at(1));
            }
            return changed(metric);
        }

        private List<Measurement> scaling(MetricRequest.Scaling metric, boolean several) {
            List<Measurement> measured = new ArrayList<>();
            for (MetricRequest.Scaled mode : metric.modes()) {
                if (several || mode == MetricRequest.Scaled.ALL) {
                    measured.addAll(scaled(metric.factors(), mode.label()));
                    if (metric.byPowers()) {
                        measured.addAll(scaled(metric.factors(), mode.label() + "-powers"));
                    }
                }
            }
            return measured;
        }

        private List<Measurement> scaled(Points factors, String variant) {
            return points("scaled-accuracy", factors, Optional.empty()).stream()
                    .map(measurement -> measurement.variant(variant))
                    .toList();
        }

        private List<Measurement> patterns() {
            Measurement cosine = one("class-weight-cosine");
            List<Measurement> measured = new ArrayList<>(List.of(cosine));
            for (String variant : List.of("shuffled", "difference", "p")) {
                measured.add(cosine.variant(variant));
            }
            for (int c = 0; c < images.dataset().name().classes(); c++) {
                measured.add(cosine.variant("class").at(c));
            }
            Measurement mixture = one("row-mixture-cosine");
            measured.add(mixture);
            for (String variant : List.of("own", "others", "rows")) {
                measured.add(mixture.variant(variant));
            }
            return measured;
        }

        private List<Measurement> changed(MetricRequest metric) {
            if (metric instanceof MetricRequest.Patterns) {
                return patterns();
            }
            if (metric instanceof MetricRequest.Fgsm fgsm) {
                return points("fgsm-accuracy", fgsm.epsilons(), Optional.of(fgsm.space()));
            }
            if (metric instanceof MetricRequest.Pgd pgd) {
                return points(pgd.label() + "-accuracy", pgd.budgets(), Optional.of(pgd.space()));
            }
            if (metric instanceof MetricRequest.DeepFool deepFool) {
                return deepFool(deepFool);
            }
            if (metric instanceof MetricRequest.InputNoise noise) {
                return points(noise.label() + "-accuracy", noise.sizes(), Optional.of(noise.space()));
            }
            if (metric instanceof MetricRequest.WeightNoise noise) {
                return points("weight-noise-accuracy", noise.sizes(), Optional.empty());
            }
            throw new IllegalArgumentException("no metric is called " + metric.label());
        }

        private List<Measurement> deepFool(MetricRequest.DeepFool metric) {
            List<Measurement> measured = new ArrayList<>(
                    points(metric.label() + "-accuracy", metric.budgets(), Optional.of(metric.space())));
            if (metric.norm() == VectorNorm.L2) {
                measured.add(one("deepfool-rho").in(metric.space()));
            }
            measured.add(one(metric.label() + "-mean").in(metric.space()));
            measured.add(one(metric.label() + "-median").in(metric.space()));
            return measured;
        }

        private List<Measurement> barrier(MetricRequest.Barrier metric) {
            List<Measurement> measured = new ArrayList<>();
            for (String path : List.of("naive", "permuted")) {
                for (int i = 0; i < metric.lambdas(); i++) {
                    BigDecimal lambda = BigDecimal.valueOf((double) i / (metric.lambdas() - 1));
                    measured.add(one("path-loss").variant(path).at(lambda));
                    measured.add(one("path-accuracy").variant(path).at(lambda));
                }
                for (String variant : List.of(path, path + "-chord")) {
                    measured.add(one("barrier-loss").variant(variant));
                    measured.add(one("barrier-accuracy").variant(variant));
                }
            }
            return measured;
        }

        private List<Measurement> points(String metric, Points points, Optional<InputSpace> space) {
            return points.values().stream()
                    .map(point -> one(metric).at(point))
                    .map(measurement -> space.map(measurement::in).orElse(measurement))
                    .toList();
        }

        private Measurement one(String metric) {
            return Measurement.onImages(metric, images.split(), images.count(), NO_NUMBER);
        }
    }
}

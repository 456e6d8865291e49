package org.basinlab.worker;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.basinlab.attack.AttackResult;
import org.basinlab.attack.DeepFool;
import org.basinlab.attack.DeepFoolResult;
import org.basinlab.attack.Fgsm;
import org.basinlab.attack.InputNoise;
import org.basinlab.attack.NoiseResult;
import org.basinlab.attack.Pgd;
import org.basinlab.attack.WeightNoise;
import org.basinlab.evaluation.Answering;
import org.basinlab.evaluation.Answers;
import org.basinlab.evaluation.Calibration;
import org.basinlab.evaluation.ClassPatterns;
import org.basinlab.evaluation.CounterExample;
import org.basinlab.evaluation.Ensemble;
import org.basinlab.evaluation.LinearPath;
import org.basinlab.evaluation.Lipschitz;
import org.basinlab.evaluation.NormProduct;
import org.basinlab.evaluation.ParameterScaling;
import org.basinlab.evaluation.WeightNorm;
import org.basinlab.merging.Aliasing;
import org.basinlab.merging.MergeImages;
import org.basinlab.merging.RunningMean;
import org.basinlab.network.Examples;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Points;
import org.basinlab.recipe.Progress;
import org.basinlab.workflow.ImageOutcome;
import org.basinlab.workflow.Measurement;
import org.basinlab.workflow.SanityCheck;

/** Takes one family of metrics of one subject, for tasks and for the command line alike. */
public final class Measuring {

    private final Subject subject;
    private final Optional<Long> seed;
    private final Progress progress;
    private final Measured found = new Measured();

    private Measuring(Subject subject, Optional<Long> seed, Progress progress) {
        this.subject = subject;
        this.seed = seed;
        this.progress = progress;
    }

    /**
     * Takes it.
     *
     * @param seed present where the metric is random
     * @throws IllegalArgumentException if the subject is not one that the metric can be taken of
     */
    public static Measured of(MetricRequest metric, Subject subject, Optional<Long> seed, Progress progress) {
        Measuring measuring = new Measuring(subject, seed, progress);
        if (subject.together().isPresent()) {
            measuring.together(metric, Ensemble.of(subject.together().get(), subject.networks()));
        } else {
            measuring.take(metric);
        }
        return measuring.found;
    }

    private void together(MetricRequest metric, Ensemble ensemble) {
        if (metric instanceof MetricRequest.Accuracy) {
            answers(Answers.of(ensemble, subject.inputs(), progress));
        } else if (metric instanceof MetricRequest.Calibration calibration) {
            calibration(calibration, ensemble);
        } else if (metric instanceof MetricRequest.Scaling scaling) {
            scaling(scaling);
        } else {
            throw new IllegalArgumentException(
                    "several networks together have an accuracy, a calibration and a scaling, not " + metric.label());
        }
    }

    private void take(MetricRequest metric) {
        if (metric instanceof MetricRequest.Accuracy) {
            answers(Answers.of(subject.network(), subject.inputs(), progress));
        } else if (metric instanceof MetricRequest.WeightNorm) {
            weightNorm();
        } else if (metric instanceof MetricRequest.Calibration calibration) {
            calibration(calibration, Ensemble.of(Ensemble.How.LOGITS, subject.networks()));
        } else if (metric instanceof MetricRequest.LipschitzSpectral) {
            spectral();
        } else if (metric instanceof MetricRequest.LipschitzLocal local) {
            double[] bounds = Lipschitz.local(subject.network(), subject.inputs(), local.radius(), progress);
            add(onImages("lipschitz-local", Arrays.stream(bounds).average().orElseThrow()));
        } else if (metric instanceof MetricRequest.LipschitzSampled sampled) {
            sampled(sampled);
        } else if (metric instanceof MetricRequest.Barrier barrier) {
            barrier(barrier);
        } else if (metric instanceof MetricRequest.RunningMean running) {
            runningMean(running);
        } else if (metric instanceof MetricRequest.Scaling scaling) {
            scaling(scaling);
        } else if (metric instanceof MetricRequest.Patterns patterns) {
            patterns(patterns);
        } else if (metric instanceof MetricRequest.CounterExample example) {
            counterExample(example);
        } else {
            changed(metric);
        }
    }

    /** Metrics of changed inputs or weights. */
    private void changed(MetricRequest metric) {
        if (metric instanceof MetricRequest.Fgsm fgsm) {
            AttackResult result = Fgsm.of(fgsm, subject.network(), subject.inputs(), progress);
            attack("fgsm-accuracy", fgsm.space(), result, result.isSound());
        } else if (metric instanceof MetricRequest.Pgd pgd) {
            AttackResult result = Pgd.of(pgd, subject.network(), subject.inputs(), seed.orElseThrow(), progress);
            attack(pgd.label() + "-accuracy", pgd.space(), result, result.isSound());
        } else if (metric instanceof MetricRequest.DeepFool deepFool) {
            deepFool(deepFool);
        } else if (metric instanceof MetricRequest.InputNoise noise) {
            NoiseResult result =
                    InputNoise.of(noise, subject.network(), subject.inputs(), seed.orElseThrow(), progress);
            noise(noise.label() + "-accuracy", Optional.of(noise.space()), result);
        } else if (metric instanceof MetricRequest.WeightNoise noise) {
            NoiseResult result =
                    WeightNoise.of(noise, subject.network(), subject.inputs(), seed.orElseThrow(), progress);
            noise("weight-noise-accuracy", Optional.empty(), result);
        } else {
            throw new IllegalArgumentException("no metric is called " + metric.label());
        }
    }

    private void answers(Answers answers) {
        Measurement accuracy = onImages("accuracy", answers.score().accuracy());
        add(accuracy);
        add(onImages("loss", answers.score().loss()));
        add(onImages("logit-margin-median", answers.marginMedian()));
        found.images().add(ImageOutcome.correct(accuracy, answers.correct()));
    }

    private void calibration(MetricRequest.Calibration metric, Ensemble ensemble) {
        add(onImages("ece", Calibration.error(ensemble, subject.inputs(), metric.bins(), progress)));
    }

    private void weightNorm() {
        List<Double> layers = WeightNorm.byLayer(subject.network());
        add(Measurement.scalar("weight-norm", WeightNorm.of(subject.network())));
        for (int layer = 0; layer < layers.size(); layer++) {
            add(Measurement.scalar("weight-norm-layer", layers.get(layer)).at(layer));
        }
    }

    /** Of a perceptron one number, which is exact; of other networks two that enclose the product of norms. */
    private void spectral() {
        if (subject.network().architecture() instanceof Architecture.Mlp) {
            add(Measurement.scalar("lipschitz-spectral", Lipschitz.spectral(subject.network())));
            return;
        }
        NormProduct product = NormProduct.of(subject.network());
        boolean tight = product.loose() == 0;
        add(Measurement.scalar("lipschitz-spectral", product.value().upper()).soundIf(tight));
        add(Measurement.scalar("lipschitz-spectral-lower", product.value().lower())
                .soundIf(tight));
        found.checks()
                .add(new SanityCheck(
                        "lipschitz-spectral", Optional.empty(), "bounded-by-weights", product.loose(), 0, tight));
    }

    private void sampled(MetricRequest.LipschitzSampled metric) {
        double[] largest = Lipschitz.sampled(
                subject.network(), subject.inputs(), metric.radius(), metric.samples(), seed.orElseThrow(), progress);
        add(onImages("lipschitz-sampled", Arrays.stream(largest).max().orElseThrow()));
        add(onImages("lipschitz-sampled", Arrays.stream(largest).average().orElseThrow())
                .variant("local"));
    }

    private void barrier(MetricRequest.Barrier metric) {
        if (subject.networks().size() != 3) {
            throw new IllegalArgumentException("a barrier needs a merge and the two networks that it was made of");
        }
        Weights a = subject.networks().get(1);
        Weights b = subject.networks().get(2);
        path("naive", LinearPath.between(a, b, subject.inputs(), metric.lambdas(), training(), half(0)));
        Weights first = subject.moved().get(0).apply(a);
        Weights moved = subject.moved().get(1).apply(b);
        Weights second = metric.outputBias().isPresent() ? Aliasing.ofUnmoved(first, moved) : moved;
        path("permuted", LinearPath.between(first, second, subject.inputs(), metric.lambdas(), training(), half(0.5)));
    }

    private Optional<Examples> training() {
        return subject.training().map(Examples.class::cast);
    }

    private Progress half(double from) {
        return fraction -> progress.at(from + fraction / 2);
    }

    private void path(String variant, LinearPath path) {
        for (int i = 0; i < path.lambdas().size(); i++) {
            BigDecimal lambda = BigDecimal.valueOf(path.lambdas().get(i));
            add(onImages("path-loss", path.scores().get(i).loss())
                    .variant(variant)
                    .at(lambda));
            add(onImages("path-accuracy", path.scores().get(i).accuracy())
                    .variant(variant)
                    .at(lambda));
        }
        add(onImages("barrier-loss", path.lossBarrier()).variant(variant));
        add(onImages("barrier-accuracy", path.accuracyBarrier()).variant(variant));
        add(onImages("barrier-loss", path.lossBarrierAboveChord()).variant(variant + "-chord"));
        add(onImages("barrier-accuracy", path.accuracyBarrierBelowChord()).variant(variant + "-chord"));
    }

    /** Of one network, of the networks that a merge is the mean of as it moved them, or of several that answer as one. */
    private void scaling(MetricRequest.Scaling metric) {
        List<Weights> networks = subject.networks();
        if (subject.together().isEmpty() && networks.size() > 1) {
            List<Weights> moved = new ArrayList<>();
            for (int k = 1; k < networks.size(); k++) {
                moved.add(subject.moved().get(k - 1).apply(networks.get(k)));
            }
            networks = moved;
        }
        for (MetricRequest.Scaled mode : metric.modes()) {
            if (networks.size() > 1 || mode == MetricRequest.Scaled.ALL) {
                scaling(metric.factors(), mode, false, networks);
                if (metric.byPowers()) {
                    scaling(metric.factors(), mode, true, networks);
                }
            }
        }
    }

    private void scaling(Points factors, MetricRequest.Scaled mode, boolean byPowers, List<Weights> networks) {
        for (BigDecimal factor : factors.values()) {
            double[] each = new double[networks.size()];
            Arrays.fill(each, mode == MetricRequest.Scaled.ALL ? factor.doubleValue() : 1);
            each[mode == MetricRequest.Scaled.LAST ? each.length - 1 : 0] = factor.doubleValue();
            ParameterScaling scaling = new ParameterScaling(networks, each, byPowers);
            Answering scaled = subject.together()
                    .map(scaling::ensemble)
                    .orElseGet(() -> Ensemble.of(Ensemble.How.LOGITS, List.of(scaling.soup())));
            Answers answers = Answers.of(scaled, subject.inputs(), progress);
            Measurement accuracy = onImages("scaled-accuracy", answers.score().accuracy())
                    .variant(mode.label() + (byPowers ? "-powers" : ""))
                    .at(factor);
            add(accuracy);
            found.images().add(ImageOutcome.correct(accuracy, answers.correct()));
        }
    }

    private void patterns(MetricRequest.Patterns metric) {
        ClassPatterns patterns = ClassPatterns.of(subject.network(), subject.inputs());
        Measurement cosine = onImages("class-weight-cosine", patterns.ownMean());
        add(cosine);
        add(onImages("class-weight-cosine", patterns.shuffledMean()).variant("shuffled"));
        add(onImages("class-weight-cosine", patterns.ownMean() - patterns.shuffledMean())
                .variant("difference"));
        add(onImages("class-weight-cosine", patterns.p(metric.draws(), seed.orElseThrow()))
                .variant("p"));
        for (int c = 0; c < patterns.classes(); c++) {
            add(onImages("class-weight-cosine", patterns.cosine(c, c))
                    .variant("class")
                    .at(c));
        }
        ClassPatterns.Mixtures mixtures = patterns.mixtures();
        add(onImages("row-mixture-cosine", mixtures.own() - mixtures.others()));
        add(onImages("row-mixture-cosine", mixtures.own()).variant("own"));
        add(onImages("row-mixture-cosine", mixtures.others()).variant("others"));
        add(onImages("row-mixture-cosine", mixtures.rows()).variant("rows"));
    }

    private void counterExample(MetricRequest.CounterExample metric) {
        double best = Double.POSITIVE_INFINITY;
        for (CounterExample.Swap swap : CounterExample.Swap.values()) {
            String variant = swap.name().toLowerCase(Locale.ROOT);
            List<Double> accuracies = CounterExample.accuracies(swap, metric.lambdas());
            for (int i = 0; i < accuracies.size(); i++) {
                add(Measurement.scalar("path-accuracy", accuracies.get(i))
                        .variant(variant)
                        .at(BigDecimal.valueOf((double) i / (metric.lambdas() - 1))));
            }
            double barrier = CounterExample.barrier(accuracies);
            add(Measurement.scalar("barrier-accuracy", barrier).variant(variant));
            best = Math.min(best, barrier);
        }
        add(Measurement.scalar("barrier-accuracy", best).variant("best"));
    }

    private void runningMean(MetricRequest.RunningMean metric) {
        List<Weights> leaves = subject.networks().subList(1, subject.networks().size());
        List<Double> losses = RunningMean.losses(
                metric.step(),
                leaves,
                metric.mergeSeed(),
                subject.inputs(),
                training().map(MergeImages::new),
                progress);
        for (int round = 0; round < losses.size(); round++) {
            add(onImages("running-mean-loss", losses.get(round)).at(round));
        }
    }

    private void deepFool(MetricRequest.DeepFool metric) {
        DeepFoolResult result = DeepFool.of(metric, subject.network(), subject.inputs(), progress);
        boolean sound = result.atBudgets().isSound();
        attack(metric.label() + "-accuracy", metric.space(), result.atBudgets(), sound);
        if (metric.norm() == org.basinlab.recipe.VectorNorm.L2) {
            add(onImages("deepfool-rho", result.rho()).in(metric.space()).soundIf(sound));
        }
        Measurement mean = onImages(metric.label() + "-mean", result.mean())
                .in(metric.space())
                .soundIf(sound);
        add(mean);
        add(onImages(metric.label() + "-median", result.median())
                .in(metric.space())
                .soundIf(sound));
        found.images().add(ImageOutcome.distances(mean, result.distances()));
    }

    private void attack(String metric, InputSpace space, AttackResult result, boolean sound) {
        for (int i = 0; i < result.points().size(); i++) {
            Measurement accuracy = onImages(metric, result.accuracy(i))
                    .in(space)
                    .at(result.points().get(i))
                    .soundIf(sound);
            add(accuracy);
            found.images().add(ImageOutcome.correct(accuracy, result.correct().get(i)));
        }
        result.checks()
                .forEach(check -> found.checks()
                        .add(new SanityCheck(
                                metric,
                                Optional.of(space.label()),
                                check.check(),
                                check.measured(),
                                check.limit(),
                                check.passed())));
    }

    private void noise(String metric, Optional<InputSpace> space, NoiseResult result) {
        for (int i = 0; i < result.points().size(); i++) {
            Measurement plain =
                    onImages(metric, result.accuracy(i)).at(result.points().get(i));
            Measurement accuracy = space.map(plain::in).orElse(plain);
            add(accuracy);
            List<BitSet> draws = result.correct().get(i);
            for (int draw = 0; draw < draws.size(); draw++) {
                found.images().add(ImageOutcome.correct(accuracy.variant("draw-" + (draw + 1)), draws.get(draw)));
            }
        }
    }

    private Measurement onImages(String metric, double value) {
        return Measurement.onImages(metric, subject.split(), subject.inputs().count(), value);
    }

    private void add(Measurement measurement) {
        found.measurements().add(measurement);
    }
}

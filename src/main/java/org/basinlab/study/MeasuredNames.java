package org.basinlab.study;

import java.util.Set;

/** The names under which a study's numbers stand in {@code results.metrics}, which the needs of claims refer to. */
public final class MeasuredNames {

    /** Metrics; {@code results.md} of the documentation says what each is. */
    public static final Set<String> METRICS = Set.of(
            "accuracy",
            "loss",
            "logit-margin-median",
            "ece",
            "weight-norm",
            "weight-norm-layer",
            "lipschitz-spectral",
            "lipschitz-spectral-lower",
            "scaled-accuracy",
            "class-weight-cosine",
            "row-mixture-cosine",
            "lipschitz-local",
            "lipschitz-sampled",
            "fgsm-accuracy",
            "pgd-linf-accuracy",
            "pgd-l2-accuracy",
            "deepfool-l2-accuracy",
            "deepfool-linf-accuracy",
            "deepfool-l2-mean",
            "deepfool-l2-median",
            "deepfool-linf-mean",
            "deepfool-linf-median",
            "deepfool-rho",
            "gaussian-accuracy",
            "uniform-accuracy",
            "weight-noise-accuracy",
            "path-loss",
            "path-accuracy",
            "barrier-loss",
            "barrier-accuracy",
            "running-mean-loss",
            "epoch-accuracy",
            "epoch-loss",
            "control-accuracy-difference",
            "control-step",
            "control-coefficient",
            "control-noise",
            "seconds",
            "matchings",
            "sweeps",
            "l2-before",
            "l2-after",
            "members",
            "rounds",
            "converged");

    /** What networks are: how they were made. */
    public static final Set<String> SCHEMES = Set.of(
            "trained",
            "hierarchical",
            "merge-many",
            "reference",
            "sequential",
            "c2m3",
            "greedy-soup",
            "naive",
            "equal-accuracy-early-stop",
            "equal-accuracy-l2",
            "equal-accuracy-weight-noise",
            "norm-rescaled",
            "noise-matched",
            "l2-path",
            "logit-ensemble",
            "probability-ensemble",
            "feature-ensemble",
            "feature-ensemble-mean-head",
            "counter-example");

    private MeasuredNames() {}
}

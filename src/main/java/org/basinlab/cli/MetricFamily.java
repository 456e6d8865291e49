package org.basinlab.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.NoiseShape;
import org.basinlab.recipe.Points;
import org.basinlab.recipe.VectorNorm;

/** Metrics that are taken together: asking for one of them costs as much as asking for all. */
@SuppressWarnings("ImmutableEnumChecker") // its lists are copies that cannot be changed
enum MetricFamily {
    ACCURACY("accuracy", "loss"),
    CALIBRATION("ece"),
    WEIGHT_NORM("weight-norm", "weight-norm-layer"),
    LIPSCHITZ_SPECTRAL("lipschitz-spectral", "lipschitz-spectral-lower"),
    LIPSCHITZ_LOCAL("lipschitz-local"),
    LIPSCHITZ_SAMPLED("lipschitz-sampled"),
    FGSM(grid(), "fgsm-accuracy"),
    PGD_LINF(Points.of("0.004", "0.01"), "pgd-linf-accuracy"),
    PGD_L2(Points.of("0.25", "0.5"), "pgd-l2-accuracy"),
    DEEPFOOL_L2(
            Points.of("0.1", "0.2", "0.3", "0.5"),
            "deepfool-l2-accuracy",
            "deepfool-l2-mean",
            "deepfool-l2-median",
            "deepfool-rho"),
    DEEPFOOL_LINF(grid(), "deepfool-linf-accuracy", "deepfool-linf-mean", "deepfool-linf-median"),
    GAUSSIAN(Points.of("0.05"), "gaussian-accuracy"),
    UNIFORM(Points.of("0.05"), "uniform-accuracy"),
    WEIGHT_NOISE(Points.of("0.05"), "weight-noise-accuracy"),
    SCALING(Points.of("0.1", "0.5", "0.9", "1.1", "2", "10", "100"), "scaled-accuracy"),
    PATTERNS("class-weight-cosine", "row-mixture-cosine");

    /** Images of a bound that is computed image by image, unless the user says how many. */
    private static final int FEW = 32;

    private static final int BINS = 10;

    /** Draws of a permutation test. */
    private static final int PERMUTATIONS = 999;

    private final Optional<Points> points;
    private final List<String> metrics;

    MetricFamily(String... metrics) {
        this.points = Optional.empty();
        this.metrics = List.of(metrics);
    }

    /** @param points where the first of the metrics is taken unless the user says where */
    MetricFamily(Points points, String... metrics) {
        this.points = Optional.of(points);
        this.metrics = List.of(metrics);
    }

    /** The ε of arXiv 2510.09174. */
    private static Points grid() {
        return Points.of("0", "0.002", "0.004", "0.006", "0.008", "0.01", "0.012", "0.014", "0.016", "0.018", "0.02");
    }

    static Optional<MetricFamily> of(String metric) {
        return Arrays.stream(values())
                .filter(family -> family.metrics.contains(metric))
                .findFirst();
    }

    static List<String> allMetrics() {
        return Arrays.stream(values())
                .flatMap(family -> family.metrics.stream())
                .toList();
    }

    /** Whether this one of its metrics is a curve. */
    boolean hasPoints(String metric) {
        return points.isPresent() && metrics.get(0).equals(metric);
    }

    /** Where its curve is taken unless the user says where. */
    Optional<Points> usualPoints() {
        return points;
    }

    /** How many images it looks at unless the user says how many; all where empty. */
    Optional<Integer> usualImages() {
        return this == LIPSCHITZ_LOCAL || this == LIPSCHITZ_SAMPLED ? Optional.of(FEW) : Optional.empty();
    }

    /** @param curve looked at only where the family has a curve */
    MetricRequest request(Points curve, Settings settings) {
        InputSpace space = settings.space();
        return switch (this) {
            case ACCURACY -> new MetricRequest.Accuracy();
            case CALIBRATION -> new MetricRequest.Calibration(BINS);
            case WEIGHT_NORM -> new MetricRequest.WeightNorm();
            case LIPSCHITZ_SPECTRAL -> new MetricRequest.LipschitzSpectral();
            case LIPSCHITZ_LOCAL -> new MetricRequest.LipschitzLocal(settings.radius());
            case LIPSCHITZ_SAMPLED -> new MetricRequest.LipschitzSampled(settings.radius(), settings.samples());
            case FGSM -> new MetricRequest.Fgsm(curve, space);
            case PGD_LINF -> pgd(VectorNorm.LINF, curve, settings);
            case PGD_L2 -> pgd(VectorNorm.L2, curve, settings);
            case DEEPFOOL_L2 -> deepFool(VectorNorm.L2, curve, settings);
            case DEEPFOOL_LINF -> deepFool(VectorNorm.LINF, curve, settings);
            case GAUSSIAN -> new MetricRequest.InputNoise(NoiseShape.GAUSSIAN, curve, settings.draws(), space);
            case UNIFORM -> new MetricRequest.InputNoise(NoiseShape.UNIFORM, curve, settings.draws(), space);
            case WEIGHT_NOISE -> new MetricRequest.WeightNoise(curve, settings.draws());
            case SCALING -> new MetricRequest.Scaling(curve, List.of(MetricRequest.Scaled.ALL), false);
            case PATTERNS -> new MetricRequest.Patterns(PERMUTATIONS);
        };
    }

    private static MetricRequest pgd(VectorNorm norm, Points curve, Settings settings) {
        return new MetricRequest.Pgd(norm, curve, settings.steps(), settings.restarts(), settings.space());
    }

    private static MetricRequest deepFool(VectorNorm norm, Points curve, Settings settings) {
        return new MetricRequest.DeepFool(norm, curve, settings.iterations(), settings.overshoot(), settings.space());
    }

    /**
     * How metrics are taken.
     *
     * @param space of attacks and of noise on inputs
     * @param steps of PGD
     * @param restarts of PGD
     * @param draws of every noise
     * @param radius of the ball around an image, in normalised inputs
     * @param samples points of that ball
     * @param iterations of DeepFool at most
     * @param overshoot of DeepFool
     */
    record Settings(
            InputSpace space,
            int steps,
            int restarts,
            int draws,
            double radius,
            int samples,
            int iterations,
            double overshoot) {}
}

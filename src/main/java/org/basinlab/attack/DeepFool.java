package org.basinlab.attack;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.VectorNorm;

/**
 * DeepFool for many classes, untargeted, by logits, without clipping: from the class that the network names, whether it is
 * the label or not, along rᵢ = |f′ₗ|/‖wₗ‖₂² · wₗ in L2 and |f′ₗ|/‖wₗ‖₁ · sign wₗ in L∞, where l is the class whose
 * boundary is nearest, until the network names another class at x + (1 + overshoot)·Σrᵢ. The distance is that of
 * this point, ‖(1 + overshoot)·Σrᵢ‖: the change that was seen to work.
 *
 * @see <a href="https://arxiv.org/abs/1511.04599">Moosavi-Dezfooli et al. (2016)</a>, algorithm 2 and equation 12
 */
public final class DeepFool {

    /** Images whose answers are computed once more, as an accuracy is. */
    private static final int CHECKED = 100;
    /** Images whose lengths are computed at once. */
    private static final int LENGTHS = 100;

    private DeepFool() {}

    /**
     * Distances, and accuracy at budgets: an image is correct at a budget that the network classifies as its label and whose
     * distance is greater, or for which no other class was found. An image from which no class's gradient differs from its
     * own class's has distance NaN, as has one that keeps its class through all iterations; mean, median and {@code rho} are
     * of the others, {@code rho} without images of length 0. Of an even number of distances the median is the lower of
     * the two in the middle, as in PyTorch. Equal arguments give equal bits on one BLAS kernel.
     *
     * <p>Checks: {@code clean-at-zero} (of the first hundred images those are correct at budget 0 that the network classifies as
     * their label), {@code boundary-found} (images with a distance) and {@code gradients-not-masked}. A curve of distances
     * cannot rise, so that {@code monotone} would say nothing.
     *
     * @throws IllegalArgumentException if the images have another number of pixels than the network has inputs, or too high
     *     a label
     */
    public static DeepFoolResult of(
            MetricRequest.DeepFool request, Weights weights, NormalisedImages images, Progress progress) {
        boolean byFirstLayer = request.norm() == VectorNorm.L2
                && weights.architecture() instanceof Architecture.Mlp mlp
                && !mlp.hidden().isEmpty();
        try (BoundaryWalk walk = byFirstLayer
                ? new RowSpaceWalk(request.space(), weights, images)
                : new InputWalk(request.norm(), request.space(), weights, images)) {
            return along(walk, request, weights, images, progress);
        }
    }

    static DeepFoolResult along(
            BoundaryWalk walk,
            MetricRequest.DeepFool request,
            Weights weights,
            NormalisedImages images,
            Progress progress) {
        BoundarySearch search =
                new BoundarySearch(request, images, walk, weights.architecture().classes());
        search.run(progress);
        float[] distances = search.distances();
        List<BitSet> curve = new ArrayList<>();
        for (double budget : Checks.sizes(request.budgets().values())) {
            curve.add(farther(search.correct(), distances, budget));
        }
        int checked = Math.min(CHECKED, images.count());
        BitSet clean = Answering.clean(weights, new NormalisedImages(images.images(), images.constants(), checked));
        BitSet atZero = farther(search.correct(), distances, 0).get(0, checked);
        List<SanityFinding> checks = List.of(
                Checks.cleanAtZero(clean, atZero, checked),
                Checks.boundaryFound(distances),
                Checks.notMasked(search.withoutGradient(), images.count()));
        List<BigDecimal> budgets = request.budgets().values();
        double[] found = found(distances);
        return new DeepFoolResult(
                distances,
                rho(distances, images, request),
                Arrays.stream(found).average().orElse(Double.NaN),
                median(found),
                new AttackResult(budgets, curve, images.count(), checks));
    }

    private static BitSet farther(BitSet correct, float[] distances, double budget) {
        BitSet far = (BitSet) correct.clone();
        for (int i = 0; i < distances.length; i++) {
            if (distances[i] <= budget) {
                far.clear(i);
            }
        }
        return far;
    }

    private static double[] found(float[] distances) {
        double[] found = new double[distances.length];
        int count = 0;
        for (float distance : distances) {
            if (!Float.isNaN(distance)) {
                found[count++] = distance;
            }
        }
        return Arrays.copyOf(found, count);
    }

    private static double median(double[] values) {
        if (values.length == 0) {
            return Double.NaN;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(sorted.length - 1) / 2];
    }

    private static double rho(float[] distances, NormalisedImages images, MetricRequest.DeepFool request) {
        int batch = Math.min(LENGTHS, distances.length);
        Originals originals = new Originals(images, request.space(), batch);
        int[] order = Answering.inOrder(distances.length);
        double sum = 0;
        int count = 0;
        for (int i = 0; i < distances.length; i++) {
            if (i % batch == 0) {
                originals.take(order, i, Math.min(batch, distances.length - i));
            }
            double length = originals.length(i % batch, request.norm() == VectorNorm.LINF);
            if (length > 0 && !Float.isNaN(distances[i])) {
                sum += distances[i] / length;
                count++;
            }
        }
        return sum / count;
    }
}

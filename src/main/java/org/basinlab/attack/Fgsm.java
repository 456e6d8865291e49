package org.basinlab.attack;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.Weights;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Progress;

/**
 * The fast gradient sign method: x′ = clip(x + ε·sign ∇ₓ CE(f(x), label)), to [0, 1] in pixel space, not at all in
 * normalised space. The gradient is taken once, at the image as it is.
 *
 * @see <a href="https://arxiv.org/abs/1412.6572">Goodfellow et al. (2015)</a>
 */
public final class Fgsm {

    /** Half of the range of a pixel: hardly anything of an image is left then. */
    static final double HALF = 0.5;
    /** Above what guessing among ten classes gives. */
    static final double BROKEN = 0.15;
    /** With fewer images than these, chance is allowed for: two standard deviations of the share of hits. */
    private static final int MANY = 1_000;

    private Fgsm() {}

    /**
     * Accuracy at every ε, by the labels, images in batches of a thousand. At ε = 0 it is the accuracy itself. Equal
     * arguments give equal bits on one BLAS kernel.
     *
     * <p>Checks: {@code clean-at-zero}, {@code broken-at-half} and, where more images than that are right to begin with,
     * {@code halved-at-half} (ε of half of the range of a pixel, in normalised space of the channel with the smallest
     * deviation) on the first thousand images, {@code monotone} and {@code gradients-not-masked} on all.
     *
     * @throws IllegalArgumentException if the images have another number of pixels than the network has inputs, or too high
     *     a label
     */
    public static AttackResult of(
            MetricRequest.Fgsm request, Weights weights, NormalisedImages images, Progress progress) {
        double[] sizes = Checks.sizes(request.epsilons().values());
        double half = request.space() == InputSpace.PIXEL
                ? HALF
                : HALF / Collections.min(images.constants().std());
        SignSteps steps = SignSteps.of(weights, images, request.space(), sizes, new double[] {0, half}, progress);
        List<SanityFinding> checks = new ArrayList<>();
        int checked = steps.checked();
        BitSet cleanOfChecked = steps.clean().get(0, checked);
        checks.add(Checks.exactlyCleanAtZero(cleanOfChecked, steps.extra().get(0), checked));
        checks.add(Checks.monotone(steps.clean(), steps.correct(), images.count()));
        checks.addAll(atHalf(
                cleanOfChecked.cardinality(),
                steps.extra().get(1).cardinality(),
                commonestLabel(images, checked),
                checked));
        checks.add(Checks.notMasked(steps.withoutGradient(), images.count()));
        return new AttackResult(request.epsilons().values(), steps.correct(), images.count(), checks);
    }

    /**
     * What must hold at ε of half of the range.
     *
     * @param clean images that are right as they are
     * @param left those that still are
     * @param commonest images of the label that most of them have: so many are right of a network that names this class
     *     whatever it is shown, which no attack can take from it
     */
    static List<SanityFinding> atHalf(int clean, int left, int commonest, int images) {
        double share = (double) left / images;
        double chance = images < MANY ? 2 * Math.sqrt(BROKEN * (1 - BROKEN) / images) : 0;
        SanityFinding broken = Checks.atMost("broken-at-half", share, BROKEN + chance);
        if (clean <= BROKEN * images) {
            return List.of(broken); // it was broken before
        }
        double limit = Math.max(clean / 2.0, commonest) / images;
        return List.of(broken, Checks.atMost("halved-at-half", share, limit));
    }

    private static int commonestLabel(NormalisedImages images, int count) {
        Map<Integer, Integer> found = new HashMap<>();
        int most = 0;
        for (int i = 0; i < count; i++) {
            most = Math.max(most, found.merge(images.label(i), 1, Integer::sum));
        }
        return most;
    }
}

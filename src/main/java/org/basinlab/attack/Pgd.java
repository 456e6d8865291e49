package org.basinlab.attack;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.Weights;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.VectorNorm;

/**
 * Projected gradient descent: steps of 2.5·budget/steps along the sign of the loss's gradient, or along the gradient
 * divided by its L2 norm, each followed by projection onto the ball around the image and, in pixel space, clipping to
 * [0, 1].
 *
 * @see <a href="https://arxiv.org/abs/1706.06083">Madry et al. (2018)</a>
 */
public final class Pgd {

    /** Images that go to the attack's own path at budget 0. */
    private static final int CHECKED = 100;

    private Pgd() {}

    /**
     * Accuracy within every budget. An image counts as correct that is classified as its label as it is, at every random
     * start and after every step of every restart: all of these points lie in the ball. Starts are uniform in the ball and
     * come from the seed, the restart and the image, scaled by the budget. At budget 0 it is the accuracy itself.
     *
     * <p>Checks: {@code clean-at-zero} on the first hundred images, {@code monotone}, {@code gradients-not-masked} (at the
     * images as they are), and in the largest norm {@code not-above-fgsm}: at no budget is the accuracy above that of FGSM
     * at the same ε by more than 0.01, or two images.
     *
     * @throws IllegalArgumentException if the images have another number of pixels than the network has inputs, or too high
     *     a label
     */
    public static AttackResult of(
            MetricRequest.Pgd request, Weights weights, NormalisedImages images, long seed, Progress progress) {
        double[] budgets = Checks.sizes(request.budgets().values());
        boolean compared = request.norm() == VectorNorm.LINF;
        SignSteps signs = SignSteps.of(
                weights,
                images,
                request.space(),
                compared ? budgets : new double[0],
                new double[0],
                Progress.UNWATCHED);
        List<SanityFinding> checks = new ArrayList<>();
        List<BitSet> correct = new ArrayList<>();
        try (GradientSteps steps = new GradientSteps(request, weights, images, seed)) {
            int checked = Math.min(CHECKED, images.count());
            BitSet clean = signs.clean().get(0, checked);
            checks.add(Checks.cleanAtZero(clean, steps.withstood(0, clean, Progress.UNWATCHED), checked));
            for (int i = 0; i < budgets.length; i++) {
                int done = i;
                correct.add(
                        budgets[i] == 0
                                ? signs.clean()
                                : steps.withstood(
                                        budgets[i],
                                        signs.clean(),
                                        fraction -> progress.at((done + fraction) / budgets.length)));
            }
        }
        checks.add(Checks.monotone(signs.clean(), correct, images.count()));
        if (compared) {
            checks.add(notAbove(signs.correct(), correct, images.count()));
        }
        checks.add(Checks.notMasked(signs.withoutGradient(), images.count()));
        return new AttackResult(request.budgets().values(), correct, images.count(), checks);
    }

    private static SanityFinding notAbove(List<BitSet> fgsm, List<BitSet> pgd, int images) {
        int most = 0;
        for (int i = 0; i < pgd.size(); i++) {
            most = Math.max(most, pgd.get(i).cardinality() - fgsm.get(i).cardinality());
        }
        return Checks.fewOf("not-above-fgsm", most, images);
    }
}

package org.basinlab.matching;

import java.util.List;
import org.basinlab.network.Examples;
import org.basinlab.network.Permutations;
import org.basinlab.network.WeightGradients;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;

/**
 * The straight-through estimator: looks for the permutation of B whose midpoint with A has the least loss. Shadow weights
 * start at A. Every step aligns B with them by weight matching from the last permutation on, takes the loss of a mini-batch
 * at the midpoint of A and πB, and changes the shadow weights by its gradient as if they stood in πB's place: half of the
 * gradient by the midpoint's weights, by SGD with momentum.
 *
 * <p>The answer is the permutation of the least held-out loss at the midpoint among that of the initial weight matching and
 * those after each epoch; Git Re-Basin's code chooses by the loss of single mini-batches, which is noise. So it is never
 * worse on these images than weight matching with the same seed. Equal inputs and seed give equal answers on one engine.
 *
 * @see <a href="https://arxiv.org/abs/2209.04836">Ainsworth et al. 2022, Git Re-Basin, section 3.3</a>
 */
public final class StraightThrough {

    private final Weights a;
    private final Weights b;
    private final Matching.StraightThrough how;
    private final long seed;
    private final Progress progress;
    private final float[] shadow;
    private final float[] velocity;
    private int steps;

    private StraightThrough(Weights a, Weights b, Matching.StraightThrough how, long seed, Progress progress) {
        this.a = a;
        this.b = b;
        this.how = how;
        this.seed = seed;
        this.progress = progress;
        shadow = a.copy();
        velocity = new float[shadow.length];
    }

    /**
     * Aligns {@code b} with {@code a}.
     *
     * @param train what the mini-batches are drawn from, in a fresh random order every epoch
     * @param heldOut what decides between the permutations
     * @param seed of these orders and of the order in which matchings visit the layers
     * @param progress told of every step
     * @return with the sweeps of all matchings
     * @throws IllegalArgumentException if the architectures differ or a weight is not finite
     * @throws org.basinlab.network.LossNotFinite if a loss is not finite
     * @throws java.util.concurrent.CancellationException if {@code progress} says so
     */
    public static Alignment align(
            Weights a,
            Weights b,
            Examples train,
            Examples heldOut,
            Matching.StraightThrough how,
            long seed,
            Progress progress) {
        long started = System.nanoTime();
        return new StraightThrough(a, b, how, seed, progress).run(train, heldOut, started);
    }

    private Alignment run(Examples train, Examples heldOut, long started) {
        int batch = Math.min(how.batch(), train.count());
        int batches = (train.count() + batch - 1) / batch;
        try (MutualMatching matching = new MutualMatching(List.of(a, b));
                MidpointLoss loss = new MidpointLoss(a.architecture(), heldOut);
                WeightGradients gradients = new WeightGradients(a.architecture(), batch)) {
            int sweeps = matching.align(1, seed, Progress.UNWATCHED).sweeps();
            Permutations best = matching.permutations(1);
            double least = loss.of(midpoint(best));
            for (int epoch = 0; epoch < how.epochs(); epoch++) {
                int[] order =
                        Seeds.shuffled(train.count(), Seeds.generator(Seeds.derive(seed, "straight-through", epoch)));
                for (int k = 0; k < batches; k++) {
                    progress.at((epoch + (double) k / batches) / how.epochs());
                    int from = k * batch;
                    int images = Math.min(batch, train.count() - from);
                    Weights midpoint = midpoint(matching.permutations(1));
                    follow(gradients.at(midpoint, train, order, from, images));
                    sweeps += project(matching);
                }
                Permutations found = matching.permutations(1);
                double now = loss.of(midpoint(found));
                if (now < least) {
                    least = now;
                    best = found;
                }
                progress.says("straight-through epoch %d of %d: held-out loss %.4f, least %.4f"
                        .formatted(epoch + 1, how.epochs(), now, least));
            }
            return Alignments.of(a, b, best, sweeps, started);
        }
    }

    /** Aligns b with the shadow weights, from where it stands; answers in how many sweeps. */
    private int project(MutualMatching matching) {
        matching.replace(0, Weights.owning(a.architecture(), shadow.clone()));
        return matching.align(1, Seeds.derive(seed, "projection", steps++), Progress.UNWATCHED)
                .sweeps();
    }

    /** One step of SGD on the shadow weights, by the gradient at the midpoint. */
    private void follow(float[] gradient) {
        float keep = (float) how.momentum();
        float rate = (float) how.learningRate();
        for (int i = 0; i < shadow.length; i++) {
            velocity[i] = keep * velocity[i] + 0.5f * gradient[i];
            shadow[i] -= rate * velocity[i];
        }
    }

    /** Of a and b in the order of {@code permutations}; where the two are equal, exactly them. */
    private Weights midpoint(Permutations permutations) {
        float[] values = permutations.apply(b).copy();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.5 * ((double) a.at(i) + values[i]));
        }
        return Weights.owning(a.architecture(), values);
    }
}

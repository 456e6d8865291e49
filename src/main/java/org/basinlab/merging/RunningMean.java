package org.basinlab.merging;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.basinlab.evaluation.Score;
import org.basinlab.network.Examples;
import org.basinlab.network.Weights;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Progress;

/**
 * The loss of the mean of MergeMany's networks as its rounds go by. The merge is made once more, with the permutations that
 * it had.
 */
public final class RunningMean {

    private RunningMean() {}

    /** Of networks whose mean needs no images to be finished. */
    public static List<Double> losses(
            MergeStep.Many step, List<Weights> inputs, long seed, Examples examples, Progress progress) {
        return losses(step, inputs, seed, examples, Optional.empty(), progress);
    }

    /**
     * Mean cross-entropy, in nats, before the first round, which is that of the plain mean, then after each. The last one is
     * that of what {@link Merging#merge} gives for the same step, inputs and seed.
     *
     * @param images by which every mean is finished, as the merge's
     * @throws IllegalArgumentException as {@link Merging#merge}, or if the examples do not fit the networks
     */
    public static List<Double> losses(
            MergeStep.Many step,
            List<Weights> inputs,
            long seed,
            Examples examples,
            Optional<MergeImages> images,
            Progress progress) {
        Finish finish = Finish.of(step, inputs.get(0), images.map(MergeImages::all));
        List<Double> shares = Collections.nCopies(inputs.size(), 1.0 / inputs.size());
        List<Double> losses = new ArrayList<>();
        Latest latest = new Latest(progress);
        Merging.watched(step, inputs, seed, latest, (rounds, networks) -> {
            List<Weights> moved = networks.get();
            Weights mean = finish.of(Averages.mean(moved), moved, shares, finished -> latest.again());
            losses.add(Score.of(mean, examples, scored -> latest.again()).loss());
        });
        progress.at(1);
        return losses;
    }

    /** Tells how far the merge is, and while a mean is scored says the same again. */
    private static final class Latest implements Progress {

        private final Progress progress;
        private double fraction;

        private Latest(Progress progress) {
            this.progress = progress;
        }

        @Override
        public void at(double now) {
            fraction = now;
            again();
        }

        private void again() {
            progress.at(fraction);
        }
    }
}

package org.basinlab.evaluation;

import org.basinlab.network.Examples;
import org.basinlab.network.ForwardPass;
import org.basinlab.network.Tally;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Progress;

/**
 * How well a network tells examples apart.
 *
 * @param accuracy share of examples whose label has the largest logit, 0–1; of equal logits the lowest class counts, and
 *     none of an example with a NaN
 * @param loss mean cross-entropy in nats; NaN or infinite if the network's logits are
 * @param images how many examples
 */
public record Score(double accuracy, double loss, int images) {

    /**
     * Scores a network on all examples in their order, 1,000 at a time. Equal arguments give equal bits on one BLAS
     * kernel.
     *
     * @throws IllegalArgumentException if the examples have another number of inputs than the network, or too high a
     *     label
     */
    public static Score of(Weights weights, Examples examples, Progress progress) {
        try (ForwardPass network = ForwardPass.of(weights, Math.min(Tally.BATCH, examples.count()))) {
            Tally tally = Tally.over(network, examples, progress);
            return new Score(tally.accuracy(), tally.loss(), tally.images());
        }
    }
}

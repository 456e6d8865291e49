package org.basinlab.network;

import org.basinlab.recipe.Progress;

/**
 * Loss and hits summed over images.
 *
 * @param lossSum cross-entropy in nats, summed in float64 in the order of the images
 * @param correct images whose label has the largest logit, the lowest class of equal ones
 * @param images how many were counted
 */
public record Tally(double lossSum, int correct, int images) {

    public static final Tally NONE = new Tally(0, 0, 0);

    /** Images that are computed at once when nothing else is asked for. */
    public static final int BATCH = 1_000;

    /**
     * Runs a network over all examples in their order, {@link #BATCH} at a time, whatever the network has room for: the
     * bits of a product depend on its width.
     *
     * @param network with room for {@code min(BATCH, examples.count())} images
     */
    public static Tally over(ForwardPass network, Examples examples, Progress progress) {
        int[] order = new int[examples.count()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        Tally total = NONE;
        for (int from = 0; from < order.length; from += BATCH) {
            int images = Math.min(BATCH, order.length - from);
            network.take(examples, order, from, images);
            network.run(images);
            total = total.plus(network.tally(images));
            progress.at((double) (from + images) / order.length);
        }
        return total;
    }

    public Tally plus(Tally other) {
        return new Tally(lossSum + other.lossSum, correct + other.correct, images + other.images);
    }

    /** Mean loss in nats. */
    public double loss() {
        return lossSum / images;
    }

    /** Share of hits, 0–1. */
    public double accuracy() {
        return (double) correct / images;
    }
}

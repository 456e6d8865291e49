package org.basinlab.merging;

import java.util.List;
import java.util.Optional;
import org.basinlab.network.BatchNormStatistics;
import org.basinlab.network.Examples;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Repair;

/**
 * What is done to every mean of networks before it counts as merged: REPAIR or RESCALE where that is asked for, then the
 * statistics of BatchNorms, where there are any.
 */
final class Finish {

    private final Graph graph;
    private final Optional<Repair> repair;
    private final Optional<Examples> images;

    private Finish(Graph graph, Optional<Repair> repair, Optional<Examples> images) {
        this.graph = graph;
        this.repair = repair;
        this.images = images;
    }

    /**
     * For means of networks like {@code network}.
     *
     * @throws IllegalArgumentException if it takes images and there are none
     */
    static Finish of(MergeStep step, Weights network, Optional<Examples> images) {
        Graph graph = network.architecture().graph();
        Finish finish = new Finish(graph, step.repair(), images);
        if (!finish.isNothing() && images.isEmpty()) {
            throw new IllegalArgumentException(
                    step.repair().isPresent()
                            ? "%s needs training images, there are none"
                                    .formatted(step.repair().get())
                            : ("a merge of networks with BatchNorm (%s) needs training images, by which their statistics are"
                                            + " estimated anew; there are none")
                                    .formatted(network.architecture().label()));
        }
        return finish;
    }

    /** Whether means stay as they are. */
    boolean isNothing() {
        return repair.isEmpty() && !graph.hasBatchNorm();
    }

    /**
     * The finished mean.
     *
     * @param networks as they were averaged
     * @param shares of each in the mean
     */
    Weights of(Weights mean, List<Weights> networks, List<Double> shares, Progress progress) {
        if (isNothing()) {
            return mean;
        }
        Examples seen = images.orElseThrow();
        Weights finished = mean;
        double repaired = 0;
        if (repair.isPresent()) {
            repaired = graph.hasBatchNorm() ? 0.8 : 1;
            double share = repaired;
            float[] values = new Repairing(graph, repair.get(), seen)
                    .of(mean.copy(), networks, shares, fraction -> progress.at(share * fraction));
            finished = requireFinite(Weights.owning(mean.architecture(), values), repair.get());
        }
        double from = repaired;
        return BatchNormStatistics.estimated(
                finished, seen, fraction -> progress.at(Math.min(1, from + (1 - from) * fraction)));
    }

    private static Weights requireFinite(Weights weights, Repair repair) {
        if (!weights.isFinite()) {
            throw new IllegalArgumentException(
                    "%s must lead to finite weights: a hidden unit of the mean varies too little to be scaled up"
                            .formatted(repair));
        }
        return weights;
    }
}

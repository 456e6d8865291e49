package org.basinlab.workflow;

import java.util.List;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.TensorShape;
import org.basinlab.recipe.TrainingRecipe;

/**
 * Rough numbers of floating-point operations, for estimates of time: right within a small factor, which is as much as the
 * number of sweeps and rounds of a matching is known beforehand.
 */
final class Costs {

    /** Sweeps over the layers until weight matching stops moving; 17 to 42 were seen, it may take up to 100. */
    private static final int SWEEPS = 25;

    /** What is left of a sweep's work where it only follows what moved since the one before; measured over whole matchings. */
    private static final double FOLLOWED = 0.25;

    /** The same in MergeMany, where most of the way is gone in the first round: 4 to 6 on average. */
    private static final int SWEEPS_OF_MANY = 6;

    /** Rounds of MergeMany until it converges; 17 to 60 were seen. */
    private static final int ROUNDS = 25;

    private final double parameters;
    private final KnownDataset dataset;
    private final double matching;

    Costs(Architecture network, KnownDataset dataset) {
        this.parameters = network.parameterCount();
        this.dataset = dataset;
        this.matching = FOLLOWED * SWEEPS * sweep(network);
    }

    /** Forward 2 operations a weight and image, backward twice that: once for the weights, once for the activations. */
    double train(TrainingRecipe training) {
        int images = training.subset().map(subset -> subset.images(dataset)).orElse(dataset.images(Split.TRAIN));
        return 6 * parameters * images * training.epochs();
    }

    /** A multiplication and an addition for each weight, and for each image where there are any. */
    double evaluate(TaskSpec.Evaluate evaluation) {
        return 2
                * parameters
                * evaluation
                        .images()
                        .map(images -> dataset.images(images.split()))
                        .orElse(1);
    }

    /** Matchings, and the sum of the networks. */
    double merge(MergeStep step, int networks) {
        return matchings(step, networks) * matching + 2 * parameters * networks;
    }

    /** In matchings of a pair. */
    private static double matchings(MergeStep step, int networks) {
        if (step instanceof MergeStep.Pair) {
            return 1;
        }
        if (step instanceof MergeStep.Many many) {
            return (double) Math.min(many.rounds().most(), ROUNDS) * networks * SWEEPS_OF_MANY / SWEEPS;
        }
        return step instanceof MergeStep.Reference ? networks - 1 : 0;
    }

    /**
     * One visit to every hidden layer: of n units, the products of both networks' incoming (n × in) and outgoing
     * (out × n) weights, 2n²(in + out), and an assignment of n rows, about n³.
     */
    private static double sweep(Architecture network) {
        List<List<Integer>> matrices = network.tensors().stream()
                .map(TensorShape::axes)
                .filter(axes -> axes.size() == 2)
                .toList();
        double sum = 0;
        for (int layer = 0; layer + 1 < matrices.size(); layer++) {
            double units = matrices.get(layer).get(0);
            double in = matrices.get(layer).get(1);
            double out = matrices.get(layer + 1).get(0);
            sum += 2 * units * units * (in + out) + units * units * units;
        }
        return sum;
    }
}

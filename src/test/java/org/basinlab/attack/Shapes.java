package org.basinlab.attack;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.basinlab.dataset.DataSets;
import org.basinlab.dataset.Dataset;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.ForwardPass;
import org.basinlab.network.Initialisation;
import org.basinlab.network.Learner;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.TensorShape;

/** Small networks that tell the built-in images apart, to be attacked. */
final class Shapes {

    private static final Dataset DATA = new DataSets(List.of()).open(KnownDataset.SYNTHETIC_SHAPES);
    private static final Normalisation.Constants CONSTANTS =
            DATA.resolve(new Normalisation.Named(Normalisation.Choice.STANDARD));

    /** Two hidden layers, trained for ten epochs of 4,000 images. */
    static final Weights TRAINED = trained(List.of(32, 40), 1);

    private Shapes() {}

    static NormalisedImages images(int count) {
        return images(count, CONSTANTS);
    }

    static NormalisedImages images(int count, Normalisation.Constants constants) {
        return NormalisedImages.of(DATA.split(Split.TEST), constants, Optional.of(count));
    }

    static Weights trained(List<Integer> hidden, long seed) {
        return trained(new Architecture.Mlp(DATA.name().pixels(), hidden, 10), seed, 400);
    }

    /** Trained for so many steps of 100 images out of 4,000. */
    static Weights trained(Architecture architecture, long seed, int steps) {
        NormalisedImages train = NormalisedImages.of(DATA.split(Split.TRAIN), CONSTANTS, Optional.of(4_000));
        int[] order = IntStream.range(0, train.count()).toArray();
        try (ForwardPass network = new ForwardPass(architecture, 100);
                Learner learner = new Learner(network, 100, Optimiser.Adam.withDefaults(1e-3), Optional.empty())) {
            network.load(Initialisation.pytorch(architecture, seed));
            for (int step = 0; step < steps; step++) {
                learner.step(train, order, step * 100 % order.length, 100, 1e-3);
            }
            return network.snapshot();
        }
    }

    /** The weights with biases of the first layer by which no unit is ever switched on. */
    static Weights withDeadUnits(Weights weights) {
        float[] values = weights.copy();
        TensorShape bias = weights.architecture().tensors().get(1);
        Arrays.fill(values, bias.offset(), bias.offset() + bias.size(), -1e6f);
        return Weights.owning(weights.architecture(), values);
    }

    /** The weights with those of the last layer multiplied. */
    static Weights withLastLayerTimes(Weights weights, float factor) {
        float[] values = weights.copy();
        int tensors = weights.architecture().tensors().size();
        for (int i = weights.architecture().tensors().get(tensors - 2).offset(); i < values.length; i++) {
            values[i] *= factor;
        }
        return Weights.owning(weights.architecture(), values);
    }
}

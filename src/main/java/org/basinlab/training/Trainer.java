package org.basinlab.training;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.basinlab.network.Examples;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.TrainingRecipe;

/** Trains networks of one architecture by one recipe. Safe for use by several threads, each with its own network. */
public final class Trainer {

    private final Architecture.Mlp architecture;
    private final TrainingRecipe recipe;

    public Trainer(Architecture.Mlp architecture, TrainingRecipe recipe) {
        this.architecture = architecture;
        this.recipe = recipe;
    }

    /**
     * Trains one network. Its weights start from the seed's role {@code init}, the order of epoch e (from 1) comes from
     * the role {@code shuffle} and e. Equal arguments give equal bytes on one BLAS kernel, in any thread or process.
     *
     * @param train seen once an epoch each, a fresh order every epoch
     * @param test scored after every epoch
     * @param progress told after every step
     * @throws TrainingDiverged if a loss or a weight becomes NaN or infinite
     * @throws CancellationException if {@code progress} throws it; all memory is given back
     * @throws IllegalArgumentException if the examples have another number of inputs than the network, or too high a
     *     label
     */
    public TrainedNetwork train(Examples train, Examples test, long seed, Progress progress) {
        List<EpochScore> epochs = new ArrayList<>();
        try (TrainingRun run = new TrainingRun(architecture, recipe, train, test, seed)) {
            for (int epoch = 1; epoch <= recipe.epochs(); epoch++) {
                epochs.add(run.epoch(epoch, progress));
            }
            return new TrainedNetwork(run.weights(), epochs);
        }
    }
}

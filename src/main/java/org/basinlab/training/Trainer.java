package org.basinlab.training;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.IntFunction;
import org.basinlab.network.Examples;
import org.basinlab.network.ForwardPass;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.TrainingRecipe;

/** Trains networks of one architecture by one recipe. Safe for use by several threads, each with its own network. */
public final class Trainer {

    private final IntFunction<ForwardPass> networks;
    private final TrainingRecipe recipe;

    /** On the engine of this process. */
    public Trainer(Architecture architecture, TrainingRecipe recipe) {
        this(images -> new ForwardPass(architecture, images), recipe);
    }

    /** @param networks gives a network of the architecture with room for so many images */
    Trainer(IntFunction<ForwardPass> networks, TrainingRecipe recipe) {
        this.networks = networks;
        this.recipe = recipe;
    }

    /**
     * Trains one network on the same examples in every epoch, from weights drawn by the seed.
     *
     * @see #train(TrainingExamples, Examples, long, Optional, Optional, TrainingWatch)
     */
    public TrainedNetwork train(Examples train, Examples test, long seed, Progress progress) {
        return train(
                TrainingExamples.same(train),
                test,
                seed,
                Optional.empty(),
                Optional.empty(),
                TrainingWatch.of(progress));
    }

    /**
     * Trains one network. The order of epoch e (from 1) comes from the seed's role {@code shuffle} and e. Equal arguments
     * give equal bytes on one engine, BLAS kernel and number of threads, in any thread or process; so does a training that
     * was interrupted and resumed any number of times.
     *
     * @param train seen once an epoch each, a fresh order every epoch
     * @param test scored after every epoch
     * @param start the weights to start from, present where the recipe names a start; else they come from the seed's role
     *     {@code init}
     * @param resume where to go on; from the start where absent
     * @param watch told after every step
     * @throws TrainingDiverged if a loss or a weight becomes NaN or infinite
     * @throws CancellationException if {@code watch} throws it; all memory is given back
     * @throws IllegalArgumentException if the examples have another number of inputs than the network or too high a label,
     *     if the start is missing or of another architecture, or if {@code resume} is a point of another training, engine,
     *     or BLAS kernel
     */
    public TrainedNetwork train(
            TrainingExamples train,
            Examples test,
            long seed,
            Optional<Weights> start,
            Optional<ResumePoint> resume,
            TrainingWatch watch) {
        if (start.isPresent() != recipe.startNetwork().isPresent()) {
            throw new IllegalArgumentException(recipe.startNetwork()
                    .map(digest -> "the recipe starts from network " + digest + ", whose weights are missing")
                    .orElse("the recipe starts from weights drawn by its seed, but was given some"));
        }
        try (TrainingRun run = new TrainingRun(networks, recipe, train, test, seed)) {
            start.ifPresent(run::startFrom);
            resume.ifPresent(run::resumeAt);
            return run.toItsEnd(watch);
        }
    }
}

package org.basinlab.training;

import org.basinlab.network.BackwardPass;
import org.basinlab.network.Examples;
import org.basinlab.network.ForwardPass;
import org.basinlab.network.Initialisation;
import org.basinlab.network.Tally;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.TrainingRecipe;

/** One training under way: the network, its gradient, what the update rule remembers. */
final class TrainingRun implements AutoCloseable {

    /** Forward and backward take three times the work of forward alone. */
    private static final double WORK_OF_TRAINING = 3;

    private final TrainingRecipe recipe;
    private final Examples train;
    private final Examples test;
    private final long seed;
    private final ForwardPass forward;
    private final BackwardPass backward;
    private final UpdateRule rule;
    /** Of one epoch, with that of its test; in images forward. */
    private final double workOfEpoch;

    TrainingRun(Architecture.Mlp architecture, TrainingRecipe recipe, Examples train, Examples test, long seed) {
        this.recipe = recipe;
        this.train = train;
        this.test = test;
        this.seed = seed;
        workOfEpoch = WORK_OF_TRAINING * train.count() + test.count();
        rule = UpdateRule.of(recipe.optimiser(), architecture.parameterCount());
        int batch = Math.min(recipe.batch(), train.count());
        forward = new ForwardPass(architecture, Math.max(batch, Math.min(Tally.BATCH, test.count())));
        try {
            forward.load(Initialisation.pytorchLinear(architecture, Seeds.derive(seed, "init")));
            backward = new BackwardPass(forward, batch);
        } catch (RuntimeException | Error e) {
            forward.close(); // nobody else can: the run was never made
            throw e;
        }
    }

    /** Runs the epoch, counted from 1, and scores it. */
    EpochScore epoch(int epoch, Progress progress) {
        double before = (epoch - 1) / (double) recipe.epochs();
        Progress within = fraction -> progress.at(Math.min(1, before + fraction / recipe.epochs()));
        Tally seen = steps(epoch, within);
        double trained = WORK_OF_TRAINING * train.count() / workOfEpoch;
        Tally tested = Tally.over(forward, test, fraction -> within.at(trained + fraction * (1 - trained)));
        return new EpochScore(epoch, seen.loss(), seen.accuracy(), tested.loss(), tested.accuracy());
    }

    private Tally steps(int epoch, Progress progress) {
        int[] order = Seeds.shuffled(train.count(), Seeds.generator(Seeds.derive(seed, "shuffle", epoch)));
        int steps = (order.length + recipe.batch() - 1) / recipe.batch();
        Tally seen = Tally.NONE;
        int step = 0;
        for (int from = 0; from < order.length; from += recipe.batch()) {
            step++;
            int images = Math.min(recipe.batch(), order.length - from);
            forward.take(train, order, from, images);
            forward.run(images);
            Tally batch = backward.run(images);
            if (!Double.isFinite(batch.lossSum())) {
                throw new TrainingDiverged("loss", batch.lossSum(), epoch, step);
            }
            double rate = recipe.learningRate(epoch - 1, step - 1, steps);
            rule.step(forward.parameters(), backward.gradient(), rate);
            seen = seen.plus(batch);
            progress.at(WORK_OF_TRAINING * seen.images() / workOfEpoch);
        }
        requireFiniteWeights(epoch, step);
        return seen;
    }

    /** A rectifier can hide a weight of −∞ from the loss, and nothing follows the last step. */
    private void requireFiniteWeights(int epoch, int step) {
        Weights now = forward.snapshot();
        for (int i = 0; i < now.size(); i++) {
            if (!Float.isFinite(now.at(i))) {
                throw new TrainingDiverged("a weight", now.at(i), epoch, step);
            }
        }
    }

    Weights weights() {
        return forward.snapshot();
    }

    @Override
    public void close() {
        backward.close();
        forward.close();
    }
}

package org.basinlab.training;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.basinlab.network.Examples;
import org.basinlab.network.ForwardPass;
import org.basinlab.network.Initialisation;
import org.basinlab.network.Learner;
import org.basinlab.network.LossNotFinite;
import org.basinlab.network.Tally;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.TrainingRecipe;

/** One training under way: the network, its gradient, what the update rule remembers, and how far it is. */
final class TrainingRun implements AutoCloseable {

    /** Forward and backward take three times the work of forward alone. */
    private static final double WORK_OF_TRAINING = 3;

    private final TrainingRecipe recipe;
    private final TrainingExamples train;
    private final Examples test;
    private final long seed;
    private final TrainingIdentity identity;
    private final int images;
    private final int stepsOfEpoch;
    private final ForwardPass network;
    private final Learner learner;
    private final boolean canResume;
    /** Of one epoch, with that of its test; in images forward. */
    private final double workOfEpoch;

    private final List<EpochScore> epochs = new ArrayList<>();
    /** From 1. */
    private int epoch = 1;
    /** Taken in this epoch. */
    private int step;

    /** Of the steps of this epoch, those that another run took. */
    private int stepsBefore;

    /** @param networks gives a network with room for the given number of images, to be closed by this run */
    TrainingRun(
            IntFunction<ForwardPass> networks,
            TrainingRecipe recipe,
            TrainingExamples train,
            Examples test,
            long seed) {
        this.recipe = recipe;
        this.train = train;
        this.test = test;
        this.seed = seed;
        Examples first = train.ofEpoch(1);
        images = first.count();
        stepsOfEpoch = (images + recipe.batch() - 1) / recipe.batch();
        workOfEpoch = WORK_OF_TRAINING * images + test.count();
        int batch = Math.min(recipe.batch(), images);
        network = networks.apply(Math.max(batch, Math.min(Tally.BATCH, test.count())));
        Architecture architecture = network.architecture();
        identity = TrainingIdentity.of(network.engine(), architecture, recipe, seed, first, test);
        try {
            network.load(Initialisation.pytorch(
                    architecture, Seeds.derive(recipe.startSeed().orElse(seed), "init")));
            learner = new Learner(network, batch, recipe.optimiser(), recipe.penalty());
        } catch (RuntimeException | Error e) {
            network.close(); // nobody else can: the run was never made
            throw e;
        }
        canResume = !ResumePoint.isTooLarge(1 + learner.memories(), architecture.parameterCount());
    }

    /** Takes these weights instead of those drawn by seed. */
    void startFrom(Weights weights) {
        network.load(weights);
    }

    /** Goes to where another run of this training was. */
    void resumeAt(ResumePoint point) {
        Architecture architecture = network.architecture();
        List<float[]> arrays = point.arrays();
        point.requireFits(identity, 1 + learner.memories(), architecture.parameterCount());
        network.load(Weights.owning(architecture, arrays.get(0)));
        learner.resume(point.updates(), arrays.subList(1, arrays.size()));
        ResumePoint.Position position = point.position();
        epoch = position.epoch();
        step = position.stepOfEpoch();
        stepsBefore = step;
        learner.countFrom(position.seen());
        epochs.addAll(position.epochs());
    }

    /** Takes all steps that are left. */
    TrainedNetwork toItsEnd(TrainingWatch watch) {
        try {
            while (epoch <= recipe.epochs()) {
                epoch(watch);
            }
        } catch (LossNotFinite e) {
            throw new TrainingDiverged("loss", e.loss(), epoch, stepsBefore + e.step());
        }
        return new TrainedNetwork(network.snapshot(), epochs);
    }

    private void epoch(TrainingWatch watch) {
        double before = (epoch - 1) / (double) recipe.epochs();
        Progress within = fraction -> watch.at(Math.min(1, before + fraction / recipe.epochs()));
        steps(watch, within);
        Tally seen = learner.seen();
        requireFinite(network.snapshot());
        double trained = WORK_OF_TRAINING * images / workOfEpoch;
        Tally tested = Tally.over(network, test, fraction -> within.at(trained + fraction * (1 - trained)));
        epochs.add(new EpochScore(epoch, seen.loss(), seen.accuracy(), tested.loss(), tested.accuracy()));
        epoch++;
        step = 0;
        stepsBefore = 0;
        learner.countFrom(Tally.NONE);
    }

    private void steps(TrainingWatch watch, Progress within) {
        Examples examples = train.ofEpoch(epoch);
        int[] order = Seeds.shuffled(images, Seeds.generator(Seeds.derive(seed, "shuffle", epoch)));
        while (step < stepsOfEpoch) {
            int from = step * recipe.batch();
            int batch = Math.min(recipe.batch(), images - from);
            learner.step(examples, order, from, batch, recipe.learningRate(epoch - 1, step, stepsOfEpoch));
            step++;
            tell(watch);
            within.at(WORK_OF_TRAINING * (from + batch) / workOfEpoch);
        }
    }

    private void tell(TrainingWatch watch) {
        long taken = (epoch - 1L) * stepsOfEpoch + step;
        if (taken == (long) recipe.epochs() * stepsOfEpoch) {
            return;
        }
        if (recipe.snapshotEvery().isPresent() && taken % recipe.snapshotEvery().get() == 0) {
            learner.seen(); // refuses a loss that is not finite
            Weights now = network.snapshot();
            requireFinite(now);
            watch.snapshot(taken, now);
        }
        if (canResume && watch.wantsResumePoint()) {
            watch.resumePoint(point(taken));
        }
    }

    private ResumePoint point(long taken) {
        List<float[]> arrays = new ArrayList<>();
        arrays.add(network.snapshot().copy());
        arrays.addAll(learner.memory());
        ResumePoint.Position position = new ResumePoint.Position(taken, epoch, step, learner.seen(), epochs);
        return new ResumePoint(identity, position, learner.updates(), arrays);
    }

    /** A rectifier can hide a weight of −∞ from the loss, and nothing follows the last step. */
    private void requireFinite(Weights now) {
        for (int i = 0; i < now.size(); i++) {
            if (!Float.isFinite(now.at(i))) {
                throw new TrainingDiverged("a weight", now.at(i), epoch, step);
            }
        }
    }

    @Override
    public void close() {
        learner.close();
        network.close();
    }
}

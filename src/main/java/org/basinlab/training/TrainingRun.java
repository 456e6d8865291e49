package org.basinlab.training;

import java.util.ArrayList;
import java.util.List;
import org.basinlab.network.BackwardPass;
import org.basinlab.network.Examples;
import org.basinlab.network.ForwardPass;
import org.basinlab.network.Initialisation;
import org.basinlab.network.Numerics;
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
    private final ForwardPass forward;
    private final BackwardPass backward;
    private final UpdateRule rule;
    private final boolean canResume;
    /** Of one epoch, with that of its test; in images forward. */
    private final double workOfEpoch;

    private final List<EpochScore> epochs = new ArrayList<>();
    /** From 1. */
    private int epoch = 1;
    /** Taken in this epoch. */
    private int step;

    private Tally seen = Tally.NONE;

    TrainingRun(
            Architecture.Mlp architecture, TrainingRecipe recipe, TrainingExamples train, Examples test, long seed) {
        this.recipe = recipe;
        this.train = train;
        this.test = test;
        this.seed = seed;
        Examples first = train.ofEpoch(1);
        images = first.count();
        stepsOfEpoch = (images + recipe.batch() - 1) / recipe.batch();
        workOfEpoch = WORK_OF_TRAINING * images + test.count();
        identity = TrainingIdentity.of(Numerics.prepare(), architecture, recipe, seed, first, test);
        rule = UpdateRule.of(recipe.optimiser(), architecture.parameterCount());
        canResume = !ResumePoint.isTooLarge(1 + rule.memory().size(), architecture.parameterCount());
        int batch = Math.min(recipe.batch(), images);
        forward = new ForwardPass(architecture, Math.max(batch, Math.min(Tally.BATCH, test.count())));
        try {
            forward.load(Initialisation.pytorchLinear(architecture, Seeds.derive(seed, "init")));
            backward = new BackwardPass(forward, batch);
        } catch (RuntimeException | Error e) {
            forward.close(); // nobody else can: the run was never made
            throw e;
        }
    }

    /** Takes these weights instead of those drawn by seed. */
    void startFrom(Weights weights) {
        forward.load(weights);
    }

    /** Goes to where another run of this training was. */
    void resumeAt(ResumePoint point) {
        List<float[]> memory = rule.memory();
        int values = forward.architecture().parameterCount();
        point.requireFits(identity, 1 + memory.size(), values);
        forward.load(Weights.owning(forward.architecture(), point.arrays().get(0)));
        for (int i = 0; i < memory.size(); i++) {
            System.arraycopy(point.arrays().get(i + 1), 0, memory.get(i), 0, values);
        }
        rule.resumeAt(point.updates());
        ResumePoint.Position position = point.position();
        epoch = position.epoch();
        step = position.stepOfEpoch();
        seen = position.seen();
        epochs.addAll(position.epochs());
    }

    /** Takes all steps that are left. */
    TrainedNetwork toItsEnd(TrainingWatch watch) {
        while (epoch <= recipe.epochs()) {
            double before = (epoch - 1) / (double) recipe.epochs();
            Progress within = fraction -> watch.at(Math.min(1, before + fraction / recipe.epochs()));
            steps(watch, within);
            requireFiniteWeights();
            double trained = WORK_OF_TRAINING * images / workOfEpoch;
            Tally tested = Tally.over(forward, test, fraction -> within.at(trained + fraction * (1 - trained)));
            epochs.add(new EpochScore(epoch, seen.loss(), seen.accuracy(), tested.loss(), tested.accuracy()));
            epoch++;
            step = 0;
            seen = Tally.NONE;
        }
        return new TrainedNetwork(forward.snapshot(), epochs);
    }

    private void steps(TrainingWatch watch, Progress within) {
        Examples examples = train.ofEpoch(epoch);
        int[] order = Seeds.shuffled(images, Seeds.generator(Seeds.derive(seed, "shuffle", epoch)));
        while (step < stepsOfEpoch) {
            int from = step * recipe.batch();
            int batch = Math.min(recipe.batch(), images - from);
            step++;
            forward.take(examples, order, from, batch);
            forward.run(batch);
            Tally tally = backward.run(batch);
            if (!Double.isFinite(tally.lossSum())) {
                throw new TrainingDiverged("loss", tally.lossSum(), epoch, step);
            }
            rule.step(
                    forward.parameters(), backward.gradient(), recipe.learningRate(epoch - 1, step - 1, stepsOfEpoch));
            seen = seen.plus(tally);
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
            watch.snapshot(taken, forward.snapshot());
        }
        if (canResume && watch.wantsResumePoint()) {
            watch.resumePoint(point(taken));
        }
    }

    private ResumePoint point(long taken) {
        List<float[]> arrays = new ArrayList<>();
        arrays.add(forward.snapshot().copy());
        rule.memory().forEach(array -> arrays.add(array.clone()));
        return new ResumePoint(
                identity, new ResumePoint.Position(taken, epoch, step, seen, epochs), rule.steps(), arrays);
    }

    /** A rectifier can hide a weight of −∞ from the loss, and nothing follows the last step. */
    private void requireFiniteWeights() {
        Weights now = forward.snapshot();
        for (int i = 0; i < now.size(); i++) {
            if (!Float.isFinite(now.at(i))) {
                throw new TrainingDiverged("a weight", now.at(i), epoch, step);
            }
        }
    }

    @Override
    public void close() {
        backward.close();
        forward.close();
    }
}

package org.basinlab.study;

import java.util.List;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Augmentation;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Schedule;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.TrainingRecipe;

/** Reads {@code training}: how the networks of a population are trained, and from which seeds. */
final class TrainingReader {

    static final int DEFAULT_BATCH = 500;

    private static final Keys SEEDS = Keys.of("seeds", "from", "count");
    private static final Keys OPTIMISERS = Keys.of("an optimiser", "sgd", "adam");
    private static final Keys SGD = Keys.of("sgd", "learningRate", "momentum");
    private static final Keys ADAM = Keys.of("adam", "learningRate", "beta1", "beta2", "epsilon");

    private TrainingReader() {}

    static Keys keys() {
        return Keys.of("training", "seeds", "epochs", "batch", "optimiser", "schedule", "augmentation")
                .later("l1", "l2");
    }

    static SeedRange seeds(Section training) {
        Section seeds = training.get("seeds").section(SEEDS);
        return new SeedRange(
                seeds.get("from").wholeNumber(0, StudyFile.LARGEST_SEED - SeedRange.MOST),
                seeds.get("count").integer(1, SeedRange.MOST));
    }

    static TrainingRecipe recipe(Section training, KnownDataset dataset, Architecture.Mlp network) {
        return new TrainingRecipe(
                training.get("epochs").integer(1, TrainingRecipe.MOST_EPOCHS),
                training.find("batch")
                        .map(batch -> batch(batch, dataset, network))
                        .orElse(DEFAULT_BATCH),
                optimiser(training.get("optimiser").oneOf(OPTIMISERS)),
                training.find("schedule")
                        .map(value -> value.choice(
                                List.of(Schedule.CONSTANT, Schedule.COSINE),
                                schedule -> String.valueOf(schedule.json())))
                        .orElse(Schedule.CONSTANT),
                training.find("augmentation")
                        .map(value -> value.choice(List.of(Augmentation.values()), Augmentation::label))
                        .orElse(Augmentation.NONE));
    }

    private static int batch(Value value, KnownDataset dataset, Architecture.Mlp network) {
        int batch = value.integer(1, TrainingRecipe.LARGEST_BATCH);
        int images = dataset.images(Split.TRAIN);
        if (batch > images) {
            throw value.refuse(
                    "must be at most the %d training images of %s, was %d".formatted(images, dataset.label(), batch));
        }
        int most = TrainingRecipe.MOST_VALUES_OF_BATCH / network.valuesOfImage();
        if (batch > most) {
            throw value.refuse(
                    "must be at most %d, or %s needs more than 2 GiB, was %d".formatted(most, network.label(), batch));
        }
        return batch;
    }

    private static Optimiser optimiser(Section optimiser) {
        return optimiser
                .find("sgd")
                .map(value -> sgd(value.section(SGD)))
                .orElseGet(() -> adam(optimiser.get("adam").section(ADAM)));
    }

    private static Optimiser sgd(Section sgd) {
        return new Optimiser.Sgd(
                learningRate(sgd),
                sgd.find("momentum").map(TrainingReader::share).orElse(0.0));
    }

    private static Optimiser adam(Section adam) {
        Optimiser.Adam usual = Optimiser.Adam.withDefaults(learningRate(adam));
        return new Optimiser.Adam(
                usual.learningRate(),
                adam.find("beta1").map(TrainingReader::share).orElse(usual.beta1()),
                adam.find("beta2").map(TrainingReader::share).orElse(usual.beta2()),
                adam.find("epsilon")
                        .map(value -> value.number("(0, 1]", epsilon -> epsilon > 0 && epsilon <= 1))
                        .orElse(usual.epsilon()));
    }

    private static double learningRate(Section optimiser) {
        return optimiser.get("learningRate").number("(0, 100]", rate -> rate > 0 && rate <= 100);
    }

    /** What is kept of a running mean at each step. */
    private static double share(Value value) {
        return value.number("[0, 1)", share -> share >= 0 && share < 1);
    }
}

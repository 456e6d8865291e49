package org.basinlab.study;

import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Augmentation;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Penalty;
import org.basinlab.recipe.Schedule;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.Subset;
import org.basinlab.recipe.TrainingRecipe;

/** Reads {@code training}: how the networks of a population are trained, and from which seeds. */
final class TrainingReader {

    static final int DEFAULT_BATCH = 500;

    private static final Keys SEEDS = Keys.of("seeds", "from", "count");
    private static final Keys START = Keys.of("start", "seed");
    private static final Keys CHECKPOINTS = Keys.of("checkpoints", "every");

    private TrainingReader() {}

    static Keys keys() {
        return Keys.of(
                "training",
                "seeds",
                "epochs",
                "batch",
                "optimiser",
                "schedule",
                "warmUp",
                "augmentation",
                "l1",
                "l2",
                "subset",
                "start",
                "checkpoints");
    }

    static SeedRange seeds(Section training) {
        Section seeds = training.get("seeds").section(SEEDS);
        return new SeedRange(
                seeds.get("from").wholeNumber(0, StudyFile.LARGEST_SEED - SeedRange.MOST),
                seeds.get("count").integer(1, SeedRange.MOST));
    }

    static TrainingRecipe recipe(Section training, KnownDataset dataset, Architecture network) {
        int epochs = training.get("epochs").integer(1, TrainingRecipe.MOST_EPOCHS);
        Optional<Subset> subset = training.findUnlessFalse("subset").map(value -> SubsetReader.read(value, dataset));
        TrainingRecipe recipe = new TrainingRecipe(
                epochs,
                batch(training, subset, dataset, network),
                OptimiserReader.read(training.get("optimiser")),
                training.find("schedule")
                        .map(value -> ScheduleReader.schedule(value, epochs))
                        .orElse(Schedule.CONSTANT),
                training.find("augmentation")
                        .map(value -> value.choice(List.of(Augmentation.values()), Augmentation::label))
                        .orElse(Augmentation.NONE),
                ScheduleReader.warmUp(training, epochs),
                penalty(training),
                subset,
                training.findUnlessFalse("start").map(TrainingReader::start),
                training.findUnlessFalse("checkpoints")
                        .map(value -> value.section(CHECKPOINTS)
                                .get("every")
                                .integer(1, TrainingRecipe.LARGEST_SNAPSHOT_EVERY)));
        long snapshots =
                recipe.snapshots(subset.map(some -> some.images(dataset)).orElse(dataset.images(Split.TRAIN)));
        if (snapshots > TrainingRecipe.MOST_SNAPSHOTS) {
            throw training.get("checkpoints")
                    .refuse("must store at most %d networks along a training, would store %d"
                            .formatted(TrainingRecipe.MOST_SNAPSHOTS, snapshots));
        }
        return recipe;
    }

    /** A stored network, or weights that are drawn by one seed for all networks. */
    private static String start(Value value) {
        return value.isMapping()
                ? TrainingRecipe.DRAWN + value.section(START).get("seed").wholeNumber(0, StudyFile.LARGEST_SEED)
                : value.sha256();
    }

    private static int batch(Section training, Optional<Subset> subset, KnownDataset dataset, Architecture network) {
        int images = subset.map(some -> some.images(dataset)).orElse(dataset.images(Split.TRAIN));
        Optional<Value> given = training.find("batch");
        if (given.isPresent()) {
            String source = subset.isPresent() ? "the subset" : dataset.label();
            return batch(given.get(), images, source, network);
        }
        if (DEFAULT_BATCH > images) { // only a subset is so small
            throw training.get("subset")
                    .refuse("must have at least the %d images of a batch where batch is not given, had %d"
                            .formatted(DEFAULT_BATCH, images));
        }
        if (DEFAULT_BATCH > mostImages(network)) { // never a perceptron
            throw training.refuse("must give a batch of at most %d, or %s needs more than 2 GiB: the default is %d"
                    .formatted(mostImages(network), network.label(), DEFAULT_BATCH));
        }
        return DEFAULT_BATCH;
    }

    private static int batch(Value value, int images, String source, Architecture network) {
        int batch = value.integer(1, TrainingRecipe.LARGEST_BATCH);
        if (batch > images) {
            throw value.refuse("must be at most the %d training images of %s, was %d".formatted(images, source, batch));
        }
        long most = mostImages(network);
        if (batch > most) {
            throw value.refuse(
                    "must be at most %d, or %s needs more than 2 GiB, was %d".formatted(most, network.label(), batch));
        }
        return batch;
    }

    private static long mostImages(Architecture network) {
        return TrainingRecipe.MOST_VALUES_OF_BATCH / network.valuesOfImage();
    }

    private static Optional<Penalty> penalty(Section training) {
        double l1 = strength(training, "l1");
        double l2 = strength(training, "l2");
        return l1 == 0 && l2 == 0 ? Optional.empty() : Optional.of(new Penalty(l1, l2));
    }

    private static double strength(Section training, String penalty) {
        return training.find(penalty)
                .map(value -> value.number("[0, 10]", strength -> strength >= 0 && strength <= Penalty.MOST))
                .orElse(0.0);
    }
}

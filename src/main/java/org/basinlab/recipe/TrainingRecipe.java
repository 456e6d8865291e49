package org.basinlab.recipe;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_ABSENT;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * How a network is trained, without its seed. What is absent is not written as JSON either, so that a recipe of an earlier
 * version keeps its text and the work that was done by it.
 *
 * @param epochs passes over the training images, 1 to 10,000
 * @param batch images a step, 1 to 100,000; the last batch of an epoch may be smaller
 * @param warmUp before the schedule begins; shorter than the training
 * @param subset the images that are seen; all where absent
 * @param start SHA-256 of the stored network whose weights it starts from, in lower-case hexadecimal, or {@code seed-N} for
 *     weights that are drawn by seed N whatever the network's own; where absent they are drawn by the network's own
 * @param snapshotEvery steps after each of which the network is stored, 1 to 1,000,000; where absent only the last one is
 */
public record TrainingRecipe(
        int epochs,
        int batch,
        Optimiser optimiser,
        Schedule schedule,
        Augmentation augmentation,
        @JsonInclude(NON_ABSENT) Optional<WarmUp> warmUp,
        @JsonInclude(NON_ABSENT) Optional<Penalty> penalty,
        @JsonInclude(NON_ABSENT) Optional<Subset> subset,
        @JsonInclude(NON_ABSENT) Optional<String> start,
        @JsonInclude(NON_ABSENT) Optional<Integer> snapshotEvery) {

    /** What a start begins with that is drawn by a seed of its own. */
    public static final String DRAWN = "seed-";

    public static final int MOST_EPOCHS = 10_000;
    public static final int LARGEST_BATCH = 100_000;
    public static final int LARGEST_SNAPSHOT_EVERY = 1_000_000;

    /** Networks that one training may leave along its way. */
    public static final int MOST_SNAPSHOTS = 10_000;

    /** The most values, inputs with them, that a network may compute of a batch: 2 GiB, a block of the engine's memory. */
    public static final int MOST_VALUES_OF_BATCH = Integer.MAX_VALUE / Float.BYTES;

    public TrainingRecipe {
        Ranges.requireBetween("epochs", epochs, 1, MOST_EPOCHS);
        Ranges.requireBetween("batch", batch, 1, LARGEST_BATCH);
        if (schedule instanceof Schedule.MultiStep steps) {
            int last = steps.epochs().get(steps.epochs().size() - 1);
            Ranges.requireBetween("the last epoch of a multi-step schedule", last, 1, epochs - 1);
        }
        warmUp.ifPresent(warm -> Ranges.requireBetween("epochs of the warm-up", warm.epochs(), 1, epochs - 1));
        start.filter(text -> !text.matches(DRAWN + "(0|[1-9][0-9]{0,17})")).ifPresent(Digests::requireSha256);
        snapshotEvery.ifPresent(
                steps -> Ranges.requireBetween("steps between checkpoints", steps, 1, LARGEST_SNAPSHOT_EVERY));
    }

    /** Without any of what may be absent. */
    public TrainingRecipe(int epochs, int batch, Optimiser optimiser, Schedule schedule, Augmentation augmentation) {
        this(
                epochs,
                batch,
                optimiser,
                schedule,
                augmentation,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** That of the network at a place of its population, from 0. */
    public TrainingRecipe at(int place) {
        return new TrainingRecipe(
                epochs,
                batch,
                optimiser,
                schedule,
                augmentation,
                warmUp,
                penalty,
                subset.map(part -> part.at(place)),
                start,
                snapshotEvery);
    }

    /** The stored network that it starts from. */
    @JsonIgnore
    public Optional<String> startNetwork() {
        return start.filter(text -> !text.startsWith(DRAWN));
    }

    /** By which the weights are drawn that all networks of this training start from. */
    @JsonIgnore
    public Optional<Long> startSeed() {
        return start.filter(text -> text.startsWith(DRAWN)).map(text -> Long.parseLong(text.substring(DRAWN.length())));
    }

    public TrainingRecipe withWarmUp(WarmUp value) {
        return new TrainingRecipe(
                epochs,
                batch,
                optimiser,
                schedule,
                augmentation,
                Optional.of(value),
                penalty,
                subset,
                start,
                snapshotEvery);
    }

    public TrainingRecipe withPenalty(Penalty value) {
        return new TrainingRecipe(
                epochs,
                batch,
                optimiser,
                schedule,
                augmentation,
                warmUp,
                Optional.of(value),
                subset,
                start,
                snapshotEvery);
    }

    public TrainingRecipe withSubset(Subset value) {
        return new TrainingRecipe(
                epochs,
                batch,
                optimiser,
                schedule,
                augmentation,
                warmUp,
                penalty,
                Optional.of(value),
                start,
                snapshotEvery);
    }

    public TrainingRecipe startingFrom(String sha256) {
        return new TrainingRecipe(
                epochs,
                batch,
                optimiser,
                schedule,
                augmentation,
                warmUp,
                penalty,
                subset,
                Optional.of(sha256),
                snapshotEvery);
    }

    public TrainingRecipe withSnapshotEvery(int steps) {
        return new TrainingRecipe(
                epochs, batch, optimiser, schedule, augmentation, warmUp, penalty, subset, start, Optional.of(steps));
    }

    /** The same training, of which only the last network is stored. */
    public TrainingRecipe withoutSnapshots() {
        return new TrainingRecipe(
                epochs, batch, optimiser, schedule, augmentation, warmUp, penalty, subset, start, Optional.empty());
    }

    /** How many networks are stored along a training on so many images; that after the last step is none of them. */
    public long snapshots(long images) {
        long steps = (images + batch - 1) / batch * epochs;
        return snapshotEvery.map(every -> (steps - 1) / every).orElse(0L);
    }

    /**
     * The learning rate of a step.
     *
     * @param epoch from 0
     * @param step of that epoch, from 0
     * @param stepsOfEpoch at least 1
     */
    public double learningRate(int epoch, int step, int stepsOfEpoch) {
        int warm = warmUp.map(WarmUp::epochs).orElse(0);
        double within = (double) step / stepsOfEpoch;
        double factor = epoch < warm
                ? warmUp.orElseThrow().factor((epoch + within) / warm)
                : schedule.factor(epoch, within, epochs, warm);
        return optimiser.learningRate() * factor;
    }
}
